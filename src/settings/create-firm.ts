import { z } from "zod";
import { record } from "../audit/record.ts";
import { conflict } from "../base/error.ts";
import { newId } from "../base/id.ts";
import type { Actor, Context } from "../context.ts";
import { enterFirm } from "../db/tenant.ts";
import { brokeConstraint, type Tx, transact } from "../db/tx.ts";
import { accountInput, asAccountConflict, writeAccount } from "./add-account.ts";
import { insertFirm } from "./queries.ts";

const firmInput = z.object({
  name: z.string().trim().min(1).max(200),
  slug: z.string().regex(/^[a-z0-9-]{1,60}$/, "small letters, digits and hyphens"),
  timeZone: z.string().refine(isTimeZone, "a time zone such as America/Chicago"),
  address: z.string().max(500).default(""),
  phone: z.string().max(50).default(""),
  contactEmail: z.union([z.email(), z.literal("")]).default(""),
  disclaimer: z.string().max(2_000).default(""),
  accounts: z.array(accountInput).max(20).default([]),
});

/**
 * Makes a firm with its settings and merchant accounts, then runs `within` in the same transaction, for the first members. Returns
 * the firm's id. Throws `conflict` when the short name or a processor account is taken, or a trust account would pay fees itself.
 */
export function createFirm(
  cx: Context,
  actor: Actor,
  input: z.input<typeof firmInput>,
  within: (tx: Tx, firmId: string) => Promise<void>,
): Promise<string> {
  const firm = firmInput.parse(input);
  const firmId = newId();
  return transact(cx.database, async (tx) => {
    await enterFirm(tx, firmId);
    await insertFirm(
      tx,
      { id: firmId, name: firm.name, slug: firm.slug, time_zone: firm.timeZone },
      {
        firm_id: firmId,
        address: firm.address,
        phone: firm.phone,
        contact_email: firm.contactEmail,
        disclaimer: firm.disclaimer,
      },
    );
    const who = { firmId, actor, requestId: newId() };
    await record(tx, who, {
      action: "firm.created",
      objectKind: "settings",
      objectId: firmId,
      after: { name: firm.name },
    });
    for (const account of firm.accounts) await writeAccount(tx, who, account);
    await within(tx, firmId);
    return firmId;
  }).catch((error: unknown) => {
    throw translate(error);
  });
}

function translate(error: unknown): unknown {
  if (brokeConstraint(error, "firm_slug_unique"))
    return conflict("Another firm has this short name. Choose another.");
  return asAccountConflict(error) ?? error;
}

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
}
