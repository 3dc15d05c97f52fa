import type { Store } from "../store/database.ts";
import { readSwitches } from "./switches.ts";

/** `withheld`: recorded while deliveries were stopped, and never sent by itself. */
type DeliveryState = "pending" | "delivered" | "failed" | "withheld";

export type Delivery = {
  id: number;
  event: string;
  endpoint: string;
  state: DeliveryState;
  attempts: number;
  /** When the next attempt is due, in milliseconds since 1970. */
  due_at: number;
  /** The last attempt's outcome in words. */
  outcome: string | null;
};

/** Waits between attempts; after the last one a delivery has failed. */
export const RETRY_DELAYS_MILLISECONDS = [1_000, 5_000, 30_000, 120_000, 600_000, 3_600_000];

/** Puts an event into the queue of an endpoint, as the switches say. */
export function enqueueDelivery(store: Store, event: string, endpoint: string, now: number): void {
  const switches = readSwitches(store);
  const dueAt = now + switches.delay_milliseconds;
  const { disorder } = switches;
  // With disorder, all of a window become due together at its end, and the later ones rank first.
  const due = disorder > 0 ? (Math.floor(dueAt / disorder) + 1) * disorder : dueAt;
  const { lastInsertRowid } = store.database
    .prepare("insert into delivery (event, endpoint, state, due_at, rank) values (?, ?, ?, ?, 0)")
    .run(event, endpoint, switches.stopped ? "withheld" : "pending", due);
  const id = Number(lastInsertRowid);
  store.database.prepare("update delivery set rank = ? where id = ?").run(disorder > 0 ? -id : id, id);
}

/** Sends an event to an endpoint once more, at once, whatever became of it before. */
export function requeue(store: Store, id: number, now: number): void {
  store.database
    .prepare("update delivery set state = 'pending', attempts = 0, due_at = ? where id = ?")
    .run(now, id);
}

/** The deliveries that are due, in the order in which they go out. */
export function dueDeliveries(store: Store, now: number, limit: number): Delivery[] {
  const rows = store.database
    .prepare("select * from delivery where state = 'pending' and due_at <= ? order by due_at, rank limit ?")
    .all(now, limit);
  return rows as Delivery[];
}

/** When the next delivery is due, in milliseconds since 1970, or undefined. */
export function nextDeliveryAt(store: Store): number | undefined {
  const row = store.database
    .prepare("select min(due_at) as due_at from delivery where state = 'pending'")
    .get();
  return typeof row?.due_at === "number" ? row.due_at : undefined;
}

/** Writes down the outcome of an attempt, and when the next one is, if there is one. */
export function recordAttempt(
  store: Store,
  delivery: Delivery,
  result: { confirmed: boolean; outcome: string; now: number; retryDelaysMilliseconds: readonly number[] },
): void {
  const wait = result.retryDelaysMilliseconds[delivery.attempts];
  const state = result.confirmed ? "delivered" : wait === undefined ? "failed" : "pending";
  store.database
    .prepare("update delivery set state = ?, attempts = attempts + 1, due_at = ?, outcome = ? where id = ?")
    .run(state, result.now + (wait ?? 0), result.outcome, delivery.id);
}

/** How many deliveries of an event are not confirmed. */
export function unconfirmed(store: Store, event: string): number {
  const row = store.database
    .prepare("select count(*) as number from delivery where event = ? and state <> 'delivered'")
    .get(event);
  return Number(row?.number);
}

/** Every delivery of an event, in the order of the endpoints. */
export function deliveriesOf(store: Store, event: string): Delivery[] {
  return store.database
    .prepare("select * from delivery where event = ? order by id")
    .all(event) as Delivery[];
}
