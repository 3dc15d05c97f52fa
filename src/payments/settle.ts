import { newId } from "../base/id.ts";
import type { Context, FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { findLink, type LinkRow, lockLink } from "../links/queries.ts";
import { noteTried } from "../pay/note-tried.ts";
import { type CheckoutRow, changeCheckout, findCheckout, findCheckoutBySession } from "../pay/queries.ts";
import { statesBefore } from "../pay/state.ts";
import type { CheckoutFacts, PaymentFacts } from "../stripe/port.ts";
import type { UndoneFacts } from "../stripe/undone.ts";
import { recordPayment } from "./record-payment.ts";
import { readingOf } from "./state.ts";
import { hasUndone } from "./undone-queries.ts";

export type Subject = {
  firmId: string;
  /** The account at the processor on which the objects live. */
  processorAccount: string;
  sessionId?: string | undefined;
  paymentIntentId?: string | undefined;
};

/** For the inbox and the log. `unrelated`: nothing of ours, such as a payment that the firm took at the processor by itself. */
export type Settled = "recorded" | "unchanged" | "tried" | "expired" | "unrelated";

/** What was read at the processor, and the moment before it was asked. */
type Facts = {
  session: CheckoutFacts | undefined;
  payment: PaymentFacts | undefined;
  /** Refunds and disputes; undefined where there is no sign of any. */
  undone: UndoneFacts | undefined;
  processorAccount: string;
  readAt: Date;
};

/**
 * Brings our books in line with the processor's. Whatever told us to look (a webhook, the payer's return, the sweep) is only a hint: the
 * objects are read again, then one transaction that holds the link's lock writes payment, link, checkout, record and jobs. Twice, late,
 * out of order, or before our own row knows its session: the end is the same. Throws ProcessorError when the processor cannot be read.
 */
export async function settlePayment(cx: Context, subject: Subject): Promise<Settled> {
  const facts = await withUndone(cx, subject, await readFacts(cx, subject));
  const actor = { kind: "processor", name: "Card processor" } as const;
  const who: FirmContext = { ...cx, firmId: subject.firmId, actor, requestId: newId() };
  return await withFirm(cx.database, subject.firmId, (tx) => apply(tx, who, facts));
}

/**
 * The session is read before the payment: a session that is complete has had its last attempt, so what the payment says after that
 * is the outcome of that one and not of an earlier, declined one. Where the payment came first and has decided nothing, both are read.
 */
async function readFacts(cx: Context, subject: Subject): Promise<Facts> {
  const { processorAccount, firmId } = subject;
  const readAt = cx.now();
  const nothing = { session: undefined, payment: undefined, undone: undefined, processorAccount, readAt };
  if (subject.sessionId !== undefined)
    return { ...nothing, ...(await readBoth(cx, subject, subject.sessionId)) };
  if (subject.paymentIntentId === undefined) return nothing;
  const payment = await cx.processor.findPayment(processorAccount, subject.paymentIntentId);
  if (payment.state === "succeeded" || payment.state === "processing") return { ...nothing, payment };
  const sessionId = await sessionOf(cx, firmId, payment);
  if (sessionId === undefined) return { ...nothing, payment };
  return { ...nothing, ...(await readBoth(cx, subject, sessionId)) };
}

/** Asks for refunds and disputes where the payment shows one, or we know of one: what failed there shows on the payment no more. */
async function withUndone(cx: Context, { firmId }: Subject, facts: Facts): Promise<Facts> {
  const { payment, processorAccount } = facts;
  if (payment?.state !== "succeeded") return facts;
  const { paymentIntentId } = payment;
  const isSigned = payment.refundedMinor > 0n || payment.dispute !== "none";
  if (!isSigned && !(await withFirm(cx.database, firmId, (tx) => hasUndone(tx, firmId, paymentIntentId))))
    return facts;
  return { ...facts, undone: await cx.processor.findUndone(processorAccount, paymentIntentId) };
}

async function readBoth(cx: Context, subject: Subject, sessionId: string) {
  const session = await cx.processor.findCheckout(subject.processorAccount, sessionId);
  const paymentIntentId = session.paymentIntentId ?? subject.paymentIntentId;
  const payment =
    paymentIntentId === undefined
      ? undefined
      : await cx.processor.findPayment(subject.processorAccount, paymentIntentId);
  return { session, payment };
}

async function sessionOf(cx: Context, firmId: string, payment: PaymentFacts): Promise<string | undefined> {
  const { checkoutId } = payment;
  if (checkoutId === undefined) return undefined;
  const checkout = await withFirm(cx.database, firmId, (tx) => findCheckout(tx, firmId, checkoutId));
  return checkout?.session_id ?? undefined;
}

async function apply(tx: Tx, who: FirmContext, facts: Facts): Promise<Settled> {
  const found = await lockSubject(tx, who.firmId, facts);
  if (!found) return "unrelated";
  const { link, checkout } = found;
  const reading = readingOf(facts.payment, facts.session);
  if (checkout) await keepReading(tx, who, checkout, facts);
  if (facts.payment && (reading === "processing" || reading === "succeeded" || reading === "failed")) {
    if (checkout) await moveCheckout(tx, who, checkout, "completed");
    const isNew = await recordPayment(tx, who, {
      link,
      checkout,
      facts,
      payment: facts.payment,
      state: reading,
    });
    return isNew ? "recorded" : "unchanged";
  }
  if (facts.payment && reading === "tried") return await recordTry(tx, who, link, facts.payment);
  if (checkout && facts.session?.status === "expired")
    return (await moveCheckout(tx, who, checkout, "expired")) ? "expired" : "unchanged";
  return "unchanged";
}

/** The link first, then its checkout: the order in which everybody locks them. */
async function lockSubject(
  tx: Tx,
  firmId: string,
  facts: Facts,
): Promise<{ link: LinkRow; checkout: CheckoutRow | undefined } | undefined> {
  const { session, payment } = facts;
  const checkoutId = session?.checkoutId ?? payment?.checkoutId;
  const seen =
    (session && (await findCheckoutBySession(tx, firmId, session.sessionId))) ??
    (checkoutId === undefined ? undefined : await findCheckout(tx, firmId, checkoutId));
  const linkId = seen?.link_id ?? payment?.linkId;
  if (linkId === undefined || !(await findLink(tx, firmId, linkId))) return undefined;
  const link = await lockLink(tx, firmId, linkId);
  // Read again under the lock: it may have moved while we waited.
  return { link, checkout: seen && (await findCheckout(tx, firmId, seen.id)) };
}

/** Notes that the processor was asked, and the session where the row does not know it yet. */
async function keepReading(tx: Tx, who: FirmContext, checkout: CheckoutRow, facts: Facts): Promise<void> {
  const sessionId = checkout.session_id ?? facts.session?.sessionId ?? null;
  await changeCheckout(tx, who.firmId, checkout.id, [checkout.state], {
    read_at: facts.readAt,
    session_id: sessionId,
  });
}

function moveCheckout(
  tx: Tx,
  who: FirmContext,
  checkout: CheckoutRow,
  to: "completed" | "expired",
): Promise<boolean> {
  const change = { state: to, updated_at: who.now() };
  return changeCheckout(tx, who.firmId, checkout.id, statesBefore(to), change);
}

/** A declined attempt is shown to the firm once; an older one never hides a newer. */
async function recordTry(tx: Tx, who: FirmContext, link: LinkRow, payment: PaymentFacts): Promise<Settled> {
  const triedAt = payment.triedAt ?? who.now();
  const reason = payment.failureReason ?? "The payment was declined.";
  const isKnown =
    link.tried_at !== null &&
    (link.tried_at >= triedAt || (payment.triedAt === undefined && link.tried_reason === reason));
  if (link.state !== "outstanding" || isKnown) return "unchanged";
  await noteTried(tx, who, link, reason, triedAt);
  return "tried";
}
