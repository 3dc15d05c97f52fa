import { record } from "../audit/record.ts";
import { Problem } from "../base/error.ts";
import { newId } from "../base/id.ts";
import type { Role } from "../base/permission.ts";
import type { Context } from "../context.ts";
import { enterFirm, withFirm } from "../db/tenant.ts";
import { type Tx, transact } from "../db/tx.ts";
import { getFirm } from "../settings/queries.ts";
import { startSession } from "../web/session.ts";
import {
  findMember,
  findUsableSignInLink,
  getPerson,
  listMemberships,
  updateMember,
  useSignInLink,
} from "./queries.ts";

const DEAD = "This sign-in link was used already or is too old. Ask for a new one.";

type Membership = { firmId: string; memberId: string; firmName: string };
/** What the page shows before the button is pressed. */
export type SignInOffer = { email: string; name: string; memberships: Membership[] };

/** Looks at a sign-in link without using it up: mail scanners open links too. Throws `expired`. */
export async function offerSignIn(cx: Context, token: string): Promise<SignInOffer> {
  const id = readToken(cx, token);
  const found = await transact(cx.database, async (tx) => {
    const link = await findUsableSignInLink(tx, id, cx.now());
    if (!link) throw new Problem("expired", DEAD);
    return {
      person: await getPerson(tx, link.person_id),
      memberships: await membershipsOf(tx, link.person_id, link.firm_id),
    };
  });
  const memberships: Membership[] = [];
  for (const each of found.memberships) {
    const firm = await withFirm(cx.database, each.firmId, (tx) => getFirm(tx, each.firmId));
    memberships.push({ ...each, firmName: firm.name });
  }
  return { email: found.person.email, name: found.person.name, memberships };
}

/** Uses the link up and starts a session in one of the person's firms (the only one, or the one that was chosen). */
export function confirmSignIn(
  cx: Context,
  input: { token: string; firmId: string; requestId: string },
): Promise<{ secret: string; nextPath: string }> {
  const id = readToken(cx, input.token);
  return transact(cx.database, async (tx) => {
    const link = await useSignInLink(tx, id, cx.now());
    if (!link) throw new Problem("expired", DEAD);
    const memberships = await membershipsOf(tx, link.person_id, link.firm_id);
    const chosen =
      memberships.find((each) => each.firmId === input.firmId) ??
      (memberships.length === 1 ? memberships[0] : undefined);
    if (!chosen) throw new Problem("forbidden", "You are no longer a member of this firm.");
    await enterFirm(tx, chosen.firmId);
    const secret = await openSession(cx, tx, {
      ...chosen,
      kind: "direct",
      requestId: input.requestId,
      how: "email",
    });
    return { secret, nextPath: link.next_path };
  });
}

/**
 * Starts a session for a member, in a transaction that entered the firm. The first one makes an invited member active. Throws
 * `forbidden` for a member who was removed.
 */
export async function openSession(
  cx: Context,
  tx: Tx,
  request: {
    firmId: string;
    memberId: string;
    kind: "direct" | "embed";
    requestId: string;
    how: "email" | "matter system";
  },
): Promise<string> {
  const member = await findMember(tx, request.firmId, request.memberId);
  if (!member || member.state === "removed")
    throw new Problem("forbidden", "You are no longer a member of this firm.");
  if (member.state === "invited") await updateMember(tx, request.firmId, member.id, { state: "active" });
  const secret = await startSession(tx, { ...request, now: cx.now() });
  const actor = {
    kind: "member" as const,
    id: member.id,
    name: member.name,
    role: member.role satisfies Role,
    personId: member.person_id,
  };
  await record(
    tx,
    { firmId: request.firmId, actor, requestId: request.requestId || newId() },
    {
      action: "session.started",
      objectKind: "session",
      objectId: member.id,
      after: { kind: request.kind, by: request.how },
    },
  );
  return secret;
}

function readToken(cx: Context, token: string): string {
  const id = cx.vault.readTokenId(token);
  if (id === undefined || !cx.vault.isToken(token, "signIn", id, 1)) throw new Problem("expired", DEAD);
  return id;
}

/** An invitation leads to its own firm; an ordinary link to any of the person's firms. */
async function membershipsOf(
  tx: Tx,
  personId: string,
  firmId: string | null,
): Promise<{ firmId: string; memberId: string }[]> {
  const all = await listMemberships(tx, personId);
  return firmId === null ? all : all.filter((each) => each.firmId === firmId);
}
