import { z } from "zod";
import { record } from "../audit/record.ts";
import { invalid, notFound, Problem } from "../base/error.ts";
import { newId } from "../base/id.ts";
import { ROLES, type Role } from "../base/permission.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { demand } from "../web/env.ts";
import { endSessionsOf } from "../web/session.ts";
import { addSignInLink } from "./ask-sign-in.ts";
import {
  findMember,
  findMemberOfPerson,
  insertMember,
  keepPerson,
  lockAdmins,
  type TeamRow,
  updateMember,
} from "./queries.ts";

const DAYS_MS = 86_400_000;
const INVITATION_LIFETIME_MS = 7 * DAYS_MS;
const LAST_ADMIN = "A firm needs an administrator. Make somebody else one first.";

const invitation = z.object({
  name: z.string().trim().min(1, "Enter the person's name").max(200, "Enter a shorter name"),
  email: z.email("Enter an email address, like name@firm.com").transform((email) => email.toLowerCase()),
  role: z.enum(ROLES, "Choose a role"),
});

/** Invites a person to the firm, or again when they have not come yet. Throws `invalid` for a member who is active. */
export function inviteMember(
  cx: MemberContext,
  input: { name: string; email: string; role: string },
): Promise<void> {
  demand(cx, "team.manage");
  const parsed = invitation.safeParse(input);
  if (!parsed.success)
    throw invalid(
      Object.fromEntries(parsed.error.issues.map((issue) => [issue.path.join("."), issue.message])),
    );
  const { name, email, role } = parsed.data;
  return withFirm(cx.database, cx.firmId, async (tx) => {
    const person = await keepPerson(tx, { id: newId(), email, name });
    const existing = await findMemberOfPerson(tx, cx.firmId, person.id);
    if (existing?.state === "active") throw invalid({ email: `${existing.name} is a member already` });
    const memberId = existing?.id ?? newId();
    if (existing) await updateMember(tx, cx.firmId, memberId, { role, state: "invited" });
    else
      await insertMember(tx, {
        firm_id: cx.firmId,
        id: memberId,
        person_id: person.id,
        role,
        state: "invited",
      });
    await addSignInLink(cx, tx, {
      personId: person.id,
      firmId: cx.firmId,
      nextPath: "/",
      lifetimeMs: INVITATION_LIFETIME_MS,
    });
    await record(tx, cx, {
      action: "member.invited",
      objectKind: "member",
      objectId: memberId,
      after: { role },
    });
  });
}

/** Gives a member another role; it counts from their next click. Throws `conflict` for the last administrator. */
export function changeRole(cx: MemberContext, input: { memberId: string; role: Role }): Promise<void> {
  demand(cx, "team.manage");
  return withFirm(cx.database, cx.firmId, async (tx) => {
    const member = await getChangeable(cx, tx, input.memberId, input.role !== "admin");
    await updateMember(tx, cx.firmId, member.id, { role: input.role });
    await record(tx, cx, {
      action: "member.role_changed",
      objectKind: "member",
      objectId: member.id,
      before: { role: member.role },
      after: { role: input.role },
    });
  });
}

/** Takes a member out of the firm and ends their sessions; what they did stays on record. */
export function removeMember(cx: MemberContext, input: { memberId: string }): Promise<void> {
  demand(cx, "team.manage");
  return withFirm(cx.database, cx.firmId, async (tx) => {
    const member = await getChangeable(cx, tx, input.memberId, true);
    await updateMember(tx, cx.firmId, member.id, { state: "removed" });
    await endSessionsOf(tx, cx.firmId, member.id, cx.now());
    await record(tx, cx, {
      action: "member.removed",
      objectKind: "member",
      objectId: member.id,
      before: { role: member.role },
    });
  });
}

async function getChangeable(
  cx: MemberContext,
  tx: Tx,
  memberId: string,
  losesAdmin: boolean,
): Promise<TeamRow> {
  const admins = await lockAdmins(tx, cx.firmId);
  const member = await findMember(tx, cx.firmId, memberId);
  if (!member || member.state === "removed") throw notFound("member");
  if (losesAdmin && admins.length === 1 && admins[0]?.id === member.id)
    throw new Problem("conflict", LAST_ADMIN);
  return member;
}
