import type { DatabaseSync } from "node:sqlite";

export type EventKind = "delivery" | "hard_bounce" | "soft_bounce" | "complaint" | "open" | "click";
export type MailEvent = {
  id: number;
  messageId: string;
  recipient: string;
  kind: EventKind;
  /** Of a click: the address that was opened. */
  link: string | undefined;
  dueAt: Date;
  happenedAt: Date | undefined;
  /** The webhook's body, from the moment it happened. */
  body: string | undefined;
  attempts: number;
  /** `unposted`: it happened, and no receiver is configured. */
  state: "pending" | "confirmed" | "stopped" | "unposted";
  /** The receiver's last answer, in words. */
  answer: string;
};
type NewEvent = { messageId: string; recipient: string; kind: EventKind; link?: string; dueAt: Date };

type EventRow = {
  id: number;
  message_id: string;
  recipient: string;
  kind: EventKind;
  link: string | null;
  due_at: number;
  happened_at: number | null;
  body: string | null;
  attempts: number;
  state: MailEvent["state"];
  answer: string;
};

/** Plans something that will happen to a recipient's copy. */
export function planEvent(db: DatabaseSync, { messageId, recipient, kind, link, dueAt }: NewEvent): void {
  db.prepare("insert into events (message_id, recipient, kind, link, due_at) values (?, ?, ?, ?, ?)").run(
    messageId,
    recipient,
    kind,
    link ?? null,
    dueAt.getTime(),
  );
}

/** The pending events that are due at `at`, the longest due first. */
export function listDue(db: DatabaseSync, at: Date, limit: number): MailEvent[] {
  const rows = db
    .prepare("select * from events where state = 'pending' and due_at <= ? order by due_at, id limit ?")
    .all(at.getTime(), limit);
  return (rows as EventRow[]).map(toEvent);
}

/** When the first pending event after `after` is due; undefined when there is none. */
export function findNextDue(db: DatabaseSync, after: Date): Date | undefined {
  const row = db
    .prepare("select min(due_at) as due_at from events where state = 'pending' and due_at > ?")
    .get(after.getTime()) as { due_at: number | null } | undefined;
  return row?.due_at == null ? undefined : new Date(row.due_at);
}

/** Everything that happened or will happen to a message, in the order it was planned. */
export function listEventsOf(db: DatabaseSync, messageId: string): MailEvent[] {
  const rows = db.prepare("select * from events where message_id = ? order by id").all(messageId);
  return (rows as EventRow[]).map(toEvent);
}

/** Whether the recipient has opened the message before. */
export function hasOpened(db: DatabaseSync, messageId: string, recipient: string): boolean {
  const row = db
    .prepare(
      `select 1 from events
       where message_id = ? and recipient = ? and kind = 'open' and happened_at is not null limit 1`,
    )
    .get(messageId, recipient);
  return row !== undefined;
}

/** Fixes the webhook's body of an event that happens now, so that every later attempt sends the same. */
export function setHappened(db: DatabaseSync, id: number, at: Date, body: string): void {
  db.prepare("update events set happened_at = ?, body = ? where id = ?").run(at.getTime(), body, id);
}

/** Ends an event's way, in one of the states that are not `pending`. */
export function endEvent(db: DatabaseSync, id: number, state: MailEvent["state"], answer: string): void {
  db.prepare("update events set state = ?, answer = ?, attempts = attempts + 1 where id = ?").run(
    state,
    answer,
    id,
  );
}

/** Puts an event off to another attempt. */
export function putOff(db: DatabaseSync, id: number, dueAt: Date, answer: string): void {
  db.prepare("update events set due_at = ?, answer = ?, attempts = attempts + 1 where id = ?").run(
    dueAt.getTime(),
    answer,
    id,
  );
}

function toEvent(row: EventRow): MailEvent {
  return {
    id: row.id,
    messageId: row.message_id,
    recipient: row.recipient,
    kind: row.kind,
    link: row.link ?? undefined,
    dueAt: new Date(row.due_at),
    happenedAt: row.happened_at === null ? undefined : new Date(row.happened_at),
    body: row.body ?? undefined,
    attempts: row.attempts,
    state: row.state,
    answer: row.answer,
  };
}
