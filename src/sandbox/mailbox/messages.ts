import { randomUUID } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { type Message, recipientsOf } from "./message.ts";

export type RecipientState =
  | "queued"
  | "delivered"
  | "bounced"
  | "soft_bounced"
  | "complained"
  | "suppressed";
export type Recipient = { address: string; state: RecipientState; detail: string };
export type StoredMessage = {
  /** Counts up with every message; the key to page by. */
  sequence: number;
  id: string;
  submittedAt: Date;
  message: Message;
  recipients: Recipient[];
};
type MessageFilter = {
  /** Part of a recipient's address. */
  to?: string | undefined;
  /** Part of the subject. */
  subject?: string | undefined;
  since?: Date | undefined;
  /** Only messages older than the one with this sequence. */
  before?: number | undefined;
  limit: number;
};

type MessageRow = { sequence: number; id: string; submitted_at: number; message: string };

/** Stores a message under a new id; the suppressed recipients are noted, and get nothing. */
export function saveMessage(
  db: DatabaseSync,
  message: Message,
  suppressed: ReadonlySet<string>,
  at: Date,
): string {
  const id = randomUUID();
  const addresses = recipientsOf(message);
  db.prepare(
    "insert into messages (id, submitted_at, subject, addresses, message) values (?, ?, ?, ?, ?)",
  ).run(id, at.getTime(), message.subject, addresses.join(" "), JSON.stringify(message));
  const insert = db.prepare("insert into recipients (message_id, address, state) values (?, ?, ?)");
  for (const address of addresses) insert.run(id, address, suppressed.has(address) ? "suppressed" : "queued");
  return id;
}

/** The message with this id, or undefined. */
export function findMessage(db: DatabaseSync, id: string): StoredMessage | undefined {
  const row = db.prepare("select sequence, id, submitted_at, message from messages where id = ?").get(id);
  return row === undefined ? undefined : toStored(db, row as MessageRow);
}

/**
 * The newest messages first, at most `limit`, each condition narrowing the list; letter case does not matter.
 */
export function listMessages(db: DatabaseSync, filter: MessageFilter): StoredMessage[] {
  const rows = db
    .prepare(
      `select sequence, id, submitted_at, message from messages
       where instr(addresses, :to) > 0 and instr(lower(subject), :subject) > 0
         and submitted_at >= :since and sequence < :before
       order by sequence desc limit :limit`,
    )
    .all({
      to: (filter.to ?? "").toLowerCase(),
      subject: (filter.subject ?? "").toLowerCase(),
      since: filter.since?.getTime() ?? 0,
      before: filter.before ?? Number.MAX_SAFE_INTEGER,
      limit: filter.limit,
    });
  return (rows as MessageRow[]).map((row) => toStored(db, row));
}

/** Notes what became of one recipient's copy. */
export function setRecipientState(
  db: DatabaseSync,
  messageId: string,
  { address, state, detail }: Recipient,
): void {
  db.prepare("update recipients set state = ?, detail = ? where message_id = ? and address = ?").run(
    state,
    detail,
    messageId,
    address,
  );
}

/** Which of these addresses are inactive, after a hard bounce or a complaint. */
export function findSuppressed(db: DatabaseSync, addresses: string[]): Set<string> {
  const find = db.prepare("select address from suppressions where address = ?");
  return new Set(addresses.filter((address) => find.get(address) !== undefined));
}

/** From now on nothing is sent to this address. */
export function suppress(db: DatabaseSync, address: string, reason: string): void {
  db.prepare("insert or replace into suppressions (address, reason) values (?, ?)").run(address, reason);
}

/** Makes an inactive address one that can be written to again. */
export function reactivate(db: DatabaseSync, address: string): void {
  db.prepare("delete from suppressions where address = ?").run(address);
}

function toStored(db: DatabaseSync, row: MessageRow): StoredMessage {
  const recipients = db
    .prepare("select address, state, detail from recipients where message_id = ? order by address")
    .all(row.id) as Recipient[];
  return {
    sequence: row.sequence,
    id: row.id,
    submittedAt: new Date(row.submitted_at),
    message: JSON.parse(row.message) as Message,
    recipients,
  };
}
