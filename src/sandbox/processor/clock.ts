import { type Context, onAccount } from "./context.ts";
import { payPayout, reconcilePayout } from "./payouts.ts";
import { turnRefund } from "./refunds.ts";
import { expireSession } from "./sessions.ts";
import { followUpCharge, settleBankDebit } from "./settle.ts";
import { find } from "./store/objects.ts";
import { finishTask, nextDueTask, nextTaskAt, type TaskKind } from "./store/tasks.ts";
import { nextDeliveryAt } from "./webhooks/deliveries.ts";
import type { Sender } from "./webhooks/send.ts";

const LONGEST_NAP_MILLISECONDS = 1_000;

const WORK: Record<TaskKind, (cx: Context, subject: string) => void> = {
  expire_session: (cx, subject) => {
    const session = find(cx, "checkout.session", subject);
    if (session?.body.status === "open") expireSession(cx, session);
  },
  settle_bank_debit: settleBankDebit,
  follow_up_charge: followUpCharge,
  turn_refund: turnRefund,
  pay_payout: payPayout,
  reconcile_payout: reconcilePayout,
};

/** Does everything whose time has come, each in its own transaction. */
export function runDueTasks(cx: Context): void {
  for (
    let task = nextDueTask(cx.store, cx.now());
    task !== undefined;
    task = nextDueTask(cx.store, cx.now())
  ) {
    const { id, kind, account, subject } = task;
    cx.store.transaction(() => {
      finishTask(cx.store, id);
      WORK[kind](onAccount(cx, account), subject);
    });
  }
}

export type Clock = {
  /** Looks at once whether something is due, and when to look again. */
  wake: () => void;
  stop: () => Promise<void>;
};

/** Does what is due when it is due: planned work and webhook deliveries, neither waiting for the other. */
export function startClock(cx: Context, sender: Sender): Clock {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let sending = false;
  const arm = () => {
    clearTimeout(timer);
    if (stopped) return;
    // While deliveries are on their way, those that are due do not need the clock.
    const deliveryAt = sending ? undefined : nextDeliveryAt(cx.store);
    const next = Math.min(nextTaskAt(cx.store) ?? Infinity, deliveryAt ?? Infinity);
    timer = setTimeout(wake, Math.min(Math.max(next - cx.now(), 0), LONGEST_NAP_MILLISECONDS));
  };
  const wake = () => {
    if (stopped) return;
    runDueTasks(cx);
    if (!sending) void send();
    arm();
  };
  const send = async () => {
    sending = true;
    // A failure in here is a mistake in the stand-in itself; unhandled, it ends the process instead of
    // hiding.
    await sender.run();
    sending = false;
    arm();
  };
  wake();
  return {
    wake,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await sender.stop();
    },
  };
}
