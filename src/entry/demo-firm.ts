import { newId } from "../base/id.ts";
import type { Role } from "../base/permission.ts";
import type { Actor, Context } from "../context.ts";
import { transact } from "../db/tx.ts";
import { createFirm } from "../settings/create-firm.ts";
import { findFirmIdBySlug } from "../settings/queries.ts";
import { findPersonByEmail, insertMember, insertSignInLink, keepPerson } from "../team/queries.ts";
import { signInUrl } from "../team/send-sign-in-link.ts";

const SLUG = "marlow-keane";
const HOURS_MS = 3_600_000;
const LINK_LIFETIME_MS = 12 * HOURS_MS;
const SYSTEM: Actor = { kind: "system", name: "embedded default" };

const MEMBERS: readonly { role: Role; name: string; email: string }[] = [
  { role: "admin", name: "Ana Keane", email: "ana@marlowkeane.example" },
  { role: "bookkeeper", name: "Ben Ortiz", email: "ben@marlowkeane.example" },
  { role: "staff", name: "Dana Whitfield", email: "dana@marlowkeane.example" },
];

export type DemoLink = { role: Role; name: string; url: string };

/** Makes the embedded default's firm with one member per role, once. Its accounts are the sandbox processor's. */
export async function keepDemoFirm(cx: Context): Promise<void> {
  if (await transact(cx.database, (tx) => findFirmIdBySlug(tx, SLUG))) return;
  const firm = {
    name: "Marlow Keane LLP",
    slug: SLUG,
    timeZone: "America/Chicago",
    address: "40 Harbor Court, Suite 900, Chicago, IL 60601",
    phone: "(312) 555-0142",
    contactEmail: "billing@marlowkeane.example",
    disclaimer: "This payment does not create an attorney-client relationship.",
    accounts: [
      {
        name: "Operating",
        kind: "operating",
        processorAccount: "acct_marlow_operating",
        last4: "4417",
        feesPayer: "account",
      },
      {
        name: "Client trust",
        kind: "trust",
        processorAccount: "acct_marlow_trust",
        last4: "8820",
        feesPayer: "platform",
      },
    ],
  } as const;
  await createFirm(cx, SYSTEM, { ...firm, accounts: [...firm.accounts] }, async (tx, firmId) => {
    for (const member of MEMBERS) {
      const person = await keepPerson(tx, { id: newId(), email: member.email, name: member.name });
      await insertMember(tx, {
        firm_id: firmId,
        id: newId(),
        person_id: person.id,
        role: member.role,
        state: "active",
      });
    }
  });
}

/** Fresh sign-in links for the demo firm's members, to print at the start. */
export function makeDemoLinks(cx: Context): Promise<DemoLink[]> {
  return transact(cx.database, async (tx) => {
    const links: DemoLink[] = [];
    for (const member of MEMBERS) {
      const person = await findPersonByEmail(tx, member.email);
      if (!person) continue;
      const id = newId();
      await insertSignInLink(tx, {
        id,
        person_id: person.id,
        expires_at: new Date(cx.now().getTime() + LINK_LIFETIME_MS),
      });
      links.push({ role: member.role, name: member.name, url: signInUrl(cx, id) });
    }
    return links;
  });
}
