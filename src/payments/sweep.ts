import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { transact } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { listFirmIds } from "../settings/queries.ts";
import { ProcessorError } from "../stripe/port.ts";
import { askRefund } from "./ask-refund.ts";
import { readCheckout } from "./read-checkout.ts";
import { keepForFirm } from "./receive.ts";
import { settlePayment } from "./settle.ts";
import {
  type EventSource,
  keepCursor,
  listDueCheckouts,
  listDuePayments,
  listEventSources,
} from "./sweep-queries.ts";
import { type DueRefund, listDueRefunds, updateRefund } from "./undone-queries.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Of one firm in one sweep; the next, a minute later, takes the rest. */
const OBJECTS_PER_SWEEP = 100;
const EVENTS_PER_SWEEP = 500;
/** The list of events is for what no webhook told: refunds and disputes as well. That much later is early enough. */
const EVENTS_INTERVAL_MS = 10 * MINUTE_MS;
/** An event may be listed a little after its own time. */
const EVENTS_OVERLAP_MS = 5 * MINUTE_MS;
/** The processor keeps events for 30 days. https://docs.stripe.com/api/events/list */
const EVENTS_KEPT_MS = 30 * DAY_MS;
/** Bank debits come back up to 60 days after they were taken, sometimes later still. */
const IN_USE_MS = 180 * DAY_MS;

/** Starts a sweep for each firm. One that waits already is enough. */
export async function sweepAll(cx: Context): Promise<void> {
  await transact(cx.database, async (tx) => {
    for (const firmId of await listFirmIds(tx))
      await enqueue(
        tx,
        "payments.sweepFirm",
        { firmId },
        // One after the other: while the processor hangs, a firm's sweeps must not take every place of the runners.
        { key: `sweepPayments:${firmId}`, keyMode: "keep", queue: `sweepPayments:${firmId}` },
      );
  });
}

/**
 * Finds what no webhook told us: asks the processor about checkouts, bank debits and refunds that have been open for a while, and lists the
 * events of the firm's accounts since the last look. What fails is tried at the next sweep and holds up nothing else, unless the
 * processor does not answer: then the rest waits for the next sweep. The first failure is thrown at the end.
 */
export async function sweepFirm(cx: Context, firmId: string): Promise<void> {
  const now = cx.now();
  const due = await withFirm(cx.database, firmId, async (tx) => ({
    checkouts: await listDueCheckouts(tx, firmId, now, OBJECTS_PER_SWEEP),
    payments: await listDuePayments(tx, firmId, now, OBJECTS_PER_SWEEP),
    refunds: await listDueRefunds(tx, firmId, now, OBJECTS_PER_SWEEP),
    sources: await listEventSources(tx, firmId, {
      usedSince: new Date(now.getTime() - IN_USE_MS),
      readBefore: new Date(now.getTime() - EVENTS_INTERVAL_MS),
    }),
  }));
  const steps = [
    ...due.checkouts.map((checkout) => () => readCheckout(cx, { firmId, checkoutId: checkout.id })),
    ...due.payments.map(
      (payment) => () =>
        settlePayment(cx, {
          firmId,
          processorAccount: payment.processor_account,
          paymentIntentId: payment.payment_intent_id,
        }),
    ),
    ...due.refunds.map((refund) => () => followRefund(cx, firmId, refund)),
    ...due.sources.map((source) => () => catchUp(cx, firmId, source)),
  ];
  const failures: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
      // What does not answer is not asked for all the rest as well.
      if (error instanceof ProcessorError && error.kind === "outage") break;
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** One that nobody heard of is asked for; one that is under way is read again. */
async function followRefund(cx: Context, firmId: string, refund: DueRefund): Promise<void> {
  const { paymentIntentId, processorAccount } = refund;
  if (refund.state === "requested") return await askRefund(cx, { firmId, refundId: refund.id });
  await withFirm(cx.database, firmId, (tx) => updateRefund(tx, firmId, refund.id, { read_at: cx.now() }));
  await settlePayment(cx, { firmId, processorAccount, paymentIntentId });
}

async function catchUp(cx: Context, firmId: string, source: EventSource): Promise<void> {
  const now = cx.now();
  const from = source.seenUntil?.getTime() ?? 0;
  const since = new Date(Math.max(from - EVENTS_OVERLAP_MS, now.getTime() - EVENTS_KEPT_MS));
  const events = await cx.processor.listEvents(source.processorAccount, since, EVENTS_PER_SWEEP);
  for (const event of events) await keepForFirm(cx, firmId, event);
  const last = events.at(-1);
  // A full answer may have been cut: the next look goes on where this one ended, without the overlap.
  const isCut = last !== undefined && events.length === EVENTS_PER_SWEEP;
  const seenUntil = isCut ? new Date(last.createdAt.getTime() + EVENTS_OVERLAP_MS) : now;
  await withFirm(cx.database, firmId, (tx) =>
    keepCursor(tx, firmId, source.merchantAccountId, { seenUntil, readAt: now }),
  );
}
