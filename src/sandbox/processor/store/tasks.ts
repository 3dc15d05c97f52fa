import type { Context } from "../context.ts";
import type { Store } from "./database.ts";

export type TaskKind =
  | "expire_session"
  | "settle_bank_debit"
  | "follow_up_charge"
  | "turn_refund"
  | "pay_payout"
  | "reconcile_payout";

type Task = { id: number; due_at: number; kind: TaskKind; account: string; subject: string };

/**
 * Stores the intention to do something to an object at an instant (milliseconds since 1970), on the
 * context's account.
 */
export function planAt(cx: Context, kind: TaskKind, subject: string, dueAt: number): void {
  cx.store.database
    .prepare("insert into task (due_at, kind, account, subject) values (?, ?, ?, ?)")
    .run(dueAt, kind, cx.account, subject);
}

/** As `planAt`, so many milliseconds from now. */
export function planIn(cx: Context, kind: TaskKind, subject: string, milliseconds: number): void {
  planAt(cx, kind, subject, cx.now() + milliseconds);
}

/** Forgets what was planned for an object. */
export function unplan(cx: Context, kind: TaskKind, subject: string): void {
  cx.store.database.prepare("delete from task where kind = ? and subject = ?").run(kind, subject);
}

/** The earliest task that is due, or undefined. */
export function nextDueTask(store: Store, now: number): Task | undefined {
  const row = store.database
    .prepare("select * from task where due_at <= ? order by due_at, id limit 1")
    .get(now);
  return row as Task | undefined;
}

/** Takes a task off the list. */
export function finishTask(store: Store, id: number): void {
  store.database.prepare("delete from task where id = ?").run(id);
}

/** When the next task is due, in milliseconds since 1970, or undefined. */
export function nextTaskAt(store: Store): number | undefined {
  const row = store.database.prepare("select min(due_at) as due_at from task").get();
  return typeof row?.due_at === "number" ? row.due_at : undefined;
}
