import type { Actor } from "../context.ts";
import { together } from "../db/together.ts";
import type { Tx } from "../db/tx.ts";
import { insertAuditEvents } from "./queries.ts";

type AuditEntry = {
  /** `object.verb`, such as `link.issued`. */
  action: string;
  objectKind:
    | "link"
    | "payment"
    | "posting"
    | "connection"
    | "member"
    | "settings"
    | "checkout"
    | "batch"
    | "email"
    | "session"
    | "sync"
    | "refund"
    | "dispute"
    | "deposit"
    | "discrepancy"
    | "reminder"
    | "view"
    | "linkAction"
    | "export";
  objectId: string;
  /** The link whose time line shows it. */
  linkId?: string | undefined;
  before?: Record<string, unknown> | undefined;
  after?: Record<string, unknown> | undefined;
};

type Who = { firmId: string; actor: Actor; requestId: string };

/** Writes one line of the firm's record, in the transaction of the change itself. Amounts in `before` and `after` as text. */
export async function record(tx: Tx, who: Who, entry: AuditEntry): Promise<void> {
  await written(tx, who.firmId, toRow(who, entry));
}

const written = together(async (tx, _firmId, rows: readonly ReturnType<typeof toRow>[]) => {
  await insertAuditEvents(tx, rows);
  return rows.map(() => undefined);
});

/** Writes many lines at once, for one change of many rows. */
export async function recordAll(tx: Tx, who: Who, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length > 0)
    await insertAuditEvents(
      tx,
      entries.map((entry) => toRow(who, entry)),
    );
}

function toRow(who: Who, entry: AuditEntry) {
  return {
    firm_id: who.firmId,
    actor_kind: who.actor.kind,
    actor_id: who.actor.kind === "member" ? who.actor.id : null,
    actor_name: who.actor.name,
    action: entry.action,
    object_kind: entry.objectKind,
    object_id: entry.objectId,
    link_id: entry.linkId ?? null,
    before: entry.before === undefined ? null : toJson(entry.before),
    after: entry.after === undefined ? null : toJson(entry.after),
    request_id: who.requestId,
  };
}

/** JSON has no bigint: amounts become text. */
function toJson(facts: Record<string, unknown>): string {
  return JSON.stringify(facts, (_key, value) => (typeof value === "bigint" ? value.toString() : value));
}
