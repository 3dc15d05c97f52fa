import type { Selectable } from "kysely";
import { may, ROLES } from "../base/permission.ts";
import type { Dispute, NotificationRule, Posting, Refund } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";

export type NoticeEvent = NotificationRule["event"];
export type Hearer = { memberId: string; email: string };

export function findRule(
  tx: Tx,
  firmId: string,
  event: NoticeEvent,
): Promise<Selectable<NotificationRule> | undefined> {
  return tx
    .selectFrom("notification_rule")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("event", "=", event)
    .executeTakeFirst();
}

export async function listRuleMembers(tx: Tx, firmId: string, event: NoticeEvent): Promise<string[]> {
  const rows = await tx
    .selectFrom("notification_member")
    .select("member_id")
    .where("firm_id", "=", firmId)
    .where("event", "=", event)
    .execute();
  return rows.map((row) => row.member_id);
}

/** Those of the members who were not removed, each with the address of now. */
export async function listHearers(tx: Tx, firmId: string, memberIds: readonly string[]): Promise<Hearer[]> {
  if (memberIds.length === 0) return [];
  return await hearers(tx, firmId).where("member.id", "in", memberIds).execute();
}

/** The administrators, who hear of what nobody else is left to hear. */
export function listAdministrators(tx: Tx, firmId: string): Promise<Hearer[]> {
  return hearers(tx, firmId).where("member.role", "=", "admin").execute();
}

/** Those who keep the firm's books, who hear of what has no sender. */
export function listBookkeepers(tx: Tx, firmId: string): Promise<Hearer[]> {
  const roles = ROLES.filter((role) => may(role, "deposits.manage"));
  return hearers(tx, firmId).where("member.role", "in", roles).execute();
}

/** How many differences are open, and how many of them are alarms about client money. */
export async function countOpenDifferences(tx: Tx, firmId: string): Promise<{ all: number; alarms: number }> {
  const rows = await tx
    .selectFrom("discrepancy")
    .select((eb) => ["kind", eb.fn.countAll<bigint>().as("count")])
    .where("firm_id", "=", firmId)
    .where("closed_at", "is", null)
    .groupBy("kind")
    .execute();
  const sum = (list: typeof rows) => list.reduce((total, row) => total + Number(row.count), 0);
  const isAlarm = (row: (typeof rows)[number]) => row.kind === "trust_fee" || row.kind === "trust_dispute";
  return { all: sum(rows), alarms: sum(rows.filter(isAlarm)) };
}

/** A posting's payment; undefined when there is no such posting. */
export function findPosting(
  tx: Tx,
  firmId: string,
  id: string,
): Promise<Pick<Selectable<Posting>, "payment_id"> | undefined> {
  return tx
    .selectFrom("posting")
    .select("payment_id")
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .executeTakeFirst();
}

/** The last dispute of a payment, or its return by the payer's bank. */
export function findLastDispute(
  tx: Tx,
  firmId: string,
  paymentId: string,
): Promise<Pick<Selectable<Dispute>, "kind" | "amount_minor" | "evidence_due_at"> | undefined> {
  return tx
    .selectFrom("dispute")
    .select(["kind", "amount_minor", "evidence_due_at"])
    .where("firm_id", "=", firmId)
    .where("payment_id", "=", paymentId)
    .orderBy("opened_at", "desc")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
}

/** The refund of a payment that was the last not to arrive; undefined when each did, or is on its way. */
export function findFailedRefund(
  tx: Tx,
  firmId: string,
  paymentId: string,
): Promise<Pick<Selectable<Refund>, "amount_minor" | "failure_reason" | "turn"> | undefined> {
  return tx
    .selectFrom("refund")
    .select(["amount_minor", "failure_reason", "turn"])
    .where("firm_id", "=", firmId)
    .where("payment_id", "=", paymentId)
    .where("state", "in", ["failed", "cancelled", "refused"])
    .orderBy("updated_at", "desc")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
}

/** What a bookkeeper must look at of a payment, in the words kept with its postings. */
export async function listPostingTroubles(tx: Tx, firmId: string, paymentId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom("posting")
    .select("problem_text")
    .where("firm_id", "=", firmId)
    .where("payment_id", "=", paymentId)
    .where("state", "=", "needs_attention")
    .orderBy("created_at")
    .execute();
  return rows.flatMap((row) => (row.problem_text === null ? [] : [row.problem_text]));
}

function hearers(tx: Tx, firmId: string) {
  return tx
    .selectFrom("member")
    .innerJoin("person", "person.id", "member.person_id")
    .select(["member.id as memberId", "person.email"])
    .where("member.firm_id", "=", firmId)
    .where("member.state", "!=", "removed")
    .orderBy("member.id");
}
