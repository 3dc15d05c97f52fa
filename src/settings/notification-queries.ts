import type { Tx } from "../db/tx.ts";
import { NOTICE_EVENTS, type NoticeMember, type Notifications, rulesOf } from "./notifications.ts";
import { getSettings } from "./queries.ts";

/** Who hears of what now. An event without a rule is told to the sender of the link. */
export async function readNotifications(tx: Tx, firmId: string): Promise<Notifications> {
  const settings = await getSettings(tx, firmId);
  const rules = await tx.selectFrom("notification_rule").selectAll().where("firm_id", "=", firmId).execute();
  const chosen = await tx
    .selectFrom("notification_member")
    .select(["event", "member_id"])
    .where("firm_id", "=", firmId)
    .orderBy("member_id")
    .execute();
  return {
    rules: rulesOf((event) => ({
      toSender: rules.find((rule) => rule.event === event)?.to_sender ?? true,
      memberIds: chosen.filter((each) => each.event === event).map((each) => each.member_id),
    })),
    expiryDays: String(settings.expiry_notice_days),
    copiesToSender: settings.copies_to_sender,
  };
}

/** Those who can be told: everybody who was not removed. */
export function listNoticeMembers(tx: Tx, firmId: string): Promise<NoticeMember[]> {
  return tx
    .selectFrom("member")
    .innerJoin("person", "person.id", "member.person_id")
    .select(["member.id", "person.name"])
    .where("member.firm_id", "=", firmId)
    .where("member.state", "!=", "removed")
    .orderBy("person.name")
    .orderBy("member.id")
    .execute();
}

/** Puts rules in the place of those before. */
export async function replaceRules(tx: Tx, firmId: string, rules: Notifications["rules"]): Promise<void> {
  await tx.deleteFrom("notification_rule").where("firm_id", "=", firmId).execute();
  await tx
    .insertInto("notification_rule")
    .values(NOTICE_EVENTS.map((event) => ({ firm_id: firmId, event, to_sender: rules[event].toSender })))
    .execute();
  const chosen = NOTICE_EVENTS.flatMap((event) =>
    rules[event].memberIds.map((memberId) => ({ firm_id: firmId, event, member_id: memberId })),
  );
  if (chosen.length > 0) await tx.insertInto("notification_member").values(chosen).execute();
}
