import { type Insertable, type Selectable, sql } from "kysely";
import { toRecordset } from "../db/recordset.ts";
import { insertRows, isAmong } from "../db/rows.ts";
import type { Reminder } from "../db/schema.ts";
import { together } from "../db/together.ts";
import type { Tx } from "../db/tx.ts";
import type { LinkRow } from "../links/queries.ts";

export type ReminderRow = Selectable<Reminder>;

/** A firm that has sent this many reminders for one link has no plan but a person at the button. */
const ROWS_PER_LINK_LIMIT = 200;

/** Whether any link of the firm is to be looked at by now. One step into an index, however many links there are. */
export async function hasDue(tx: Tx, firmId: string, now: Date): Promise<boolean> {
  const row = await tx
    .selectFrom("payment_link")
    .select("id")
    .where("firm_id", "=", firmId)
    .where("reminder_check_at", "<=", now)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** The links to be looked at, the longest due first, without locking them. */
export async function listDueIds(tx: Tx, firmId: string, now: Date, limit: number): Promise<string[]> {
  const rows = await tx
    .selectFrom("payment_link")
    .select("id")
    .where("firm_id", "=", firmId)
    .where("reminder_check_at", "<=", now)
    .orderBy("reminder_check_at")
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

/**
 * Locks those of the links, and of the other links of their requests, that are still to be looked at until the transaction ends. One
 * that somebody else holds is left out: they may be at it, and if not, the next look finds it.
 */
export function lockDue(tx: Tx, firmId: string, ids: readonly string[], now: Date): Promise<LinkRow[]> {
  return tx
    .selectFrom("payment_link")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("request_id", "in", (of) =>
      of.selectFrom("payment_link").select("request_id").where("firm_id", "=", firmId).where("id", "in", ids),
    )
    .where("reminder_check_at", "<=", now)
    .orderBy("id")
    .forUpdate()
    .skipLocked()
    .execute();
}

/** What was sent or passed over for some links, the oldest first. */
export function listReminders(tx: Tx, firmId: string, linkIds: readonly string[]): Promise<ReminderRow[]> {
  return tx
    .selectFrom("reminder")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("link_id", "in", linkIds)
    .orderBy("settled_at")
    .limit(ROWS_PER_LINK_LIMIT * linkIds.length)
    .execute();
}

/** The reminder that went out for a link on one of the firm's days. */
export function findSentOn(
  tx: Tx,
  firmId: string,
  linkId: string,
  day: string,
): Promise<ReminderRow | undefined> {
  return ofLink(tx, firmId, linkId).where("state", "=", "sent").where("day", "=", day).executeTakeFirst();
}

/** The reminder that somebody asked for by hand under this name. */
export function findByOccurrence(
  tx: Tx,
  firmId: string,
  linkId: string,
  occurrence: string,
): Promise<ReminderRow | undefined> {
  return ofLink(tx, firmId, linkId).where("occurrence", "=", occurrence).executeTakeFirst();
}

function ofLink(tx: Tx, firmId: string, linkId: string) {
  return tx.selectFrom("reminder").selectAll().where("firm_id", "=", firmId).where("link_id", "=", linkId);
}

type NewReminder = Insertable<Reminder> & { id: string };

/** Writes a reminder down. The database refuses a second one of one link and day. */
export async function insertReminder(tx: Tx, row: NewReminder): Promise<void> {
  await inserted(tx, row.firm_id, row);
}

const inserted = together((tx, _firmId, rows: readonly NewReminder[]) => insertRows(tx, "reminder", rows));

export type Appointment = {
  linkId: string;
  nextAt: Date | null;
  /** The number of the step that goes out then; null where none does, or nobody knows. */
  nextPosition: number | null;
  checkAt: Date | null;
};

/** Writes down when links are looked at again, and when their payers hear next. */
export async function keepAppointments(tx: Tx, firmId: string, list: readonly Appointment[]): Promise<void> {
  if (list.length === 0) return;
  const ids = list.map(({ linkId }) => linkId);
  const rows = toRecordset(list, (each) => ({
    id: each.linkId,
    next_at: each.nextAt?.toISOString() ?? null,
    next_position: each.nextAt === null ? null : each.nextPosition,
    check_at: each.checkAt?.toISOString() ?? null,
  }));
  await sql`
    update payment_link l set next_reminder_at = r.next_at, next_reminder_position = r.next_position,
      reminder_check_at = r.check_at
    from jsonb_to_recordset(${rows}::jsonb) as r(id uuid, next_at timestamptz, next_position smallint, check_at timestamptz)
    where l.firm_id = ${firmId} and ${isAmong("l.id", ids)} and l.id = r.id`.execute(tx);
}

/** The names of members by their ids. */
export async function findMemberNames(
  tx: Tx,
  firmId: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom("member")
    .innerJoin("person", "person.id", "member.person_id")
    .select(["member.id", "person.name"])
    .where("member.firm_id", "=", firmId)
    .where("member.id", "in", ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row.name]));
}
