import { randomUUID } from "node:crypto";
import type { Store } from "./store.ts";

export const EVENT_TYPES = ["client.changed", "matter.changed", "statement.changed"] as const;
type EventType = (typeof EVENT_TYPES)[number];

const TABLES = { client: "clients", matter: "matters", statement: "statements" } as const;

/** Marks a record as changed and queues the event for every webhook that asked for it. Inside the caller's transaction. */
export function recordChange(store: Store, kind: keyof typeof TABLES, id: string): void {
  store.run(`update ${TABLES[kind]} set updated_at = ? where id = ?`, store.nextInstant(), id);
  const type: EventType = `${kind}.changed`;
  for (const webhook of store.all<{ id: string; events: string }>("select id, events from webhooks")) {
    if (webhook.events.split(" ").includes(type)) queueEvent(store, webhook.id, type, id);
  }
}

/** An event says only that a record changed, so one that nobody has tried to deliver yet already says it. */
function queueEvent(store: Store, webhookId: string, type: EventType, recordId: string): void {
  const now = Date.now();
  store.run(
    `insert into deliveries (webhook_id, event_id, type, record_id, created_at, attempts, next_at)
     select ?, ?, ?, ?, ?, 0, ?
     where not exists (select 1 from deliveries where webhook_id = ? and type = ? and record_id = ? and attempts = 0)`,
    webhookId,
    `evt_${randomUUID()}`,
    type,
    recordId,
    now,
    now,
    webhookId,
    type,
    recordId,
  );
}
