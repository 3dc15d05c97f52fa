import { settleEach, stepOn } from "../base/settled.ts";
import type { Context } from "../context.ts";
import { eachTogether } from "../db/together.ts";
import type { Tx } from "../db/tx.ts";
import { findLink } from "../links/queries.ts";
import { type CheckoutRow, findCheckout, findCheckoutBySession } from "../pay/queries.ts";
import type { CheckoutFacts, PaymentFacts } from "../stripe/port.ts";
import type { UndoneFacts } from "../stripe/undone.ts";
import { hasUndone } from "./undone-queries.ts";

/** Calls at the processor at the same time, for one batch. */
const READS_AT_ONCE = 8;

/** Where to look at the processor. */
export type Hint = {
  /** The account at the processor on which the objects live. */
  processorAccount: string;
  sessionId?: string | undefined;
  paymentIntentId?: string | undefined;
};

/** What was read at the processor, the moment before it was asked, and whose it is here. */
export type Facts = {
  session: CheckoutFacts | undefined;
  payment: PaymentFacts | undefined;
  /** Refunds and disputes; undefined where there is no sign of any. */
  undone: UndoneFacts | undefined;
  processorAccount: string;
  readAt: Date;
  /** The link that it concerns; undefined for what is none of ours. */
  linkId: string | undefined;
  /** The checkout, where it came from one of ours. */
  checkoutId: string | undefined;
};

type Read = Pick<Facts, "session" | "payment" | "readAt"> & { hint: Hint };
/** What our own rows say of it. */
type Known = { linkId: string | undefined; checkout: CheckoutRow | undefined; isUndone: boolean };

/**
 * Reads at the processor what each hint is about, in their order. A failure concerns its own hint only: ProcessorError when the
 * processor cannot be read.
 *
 * The session is read before the payment: a session that is complete has had its last attempt, so what the payment says after that
 * is the outcome of that one and not of an earlier, declined one. Where the payment came first and has decided nothing, both are read.
 */
export async function readFacts(
  cx: Context,
  firmId: string,
  hints: readonly Hint[],
): Promise<PromiseSettledResult<Facts>[]> {
  const read = await settleEach(hints, READS_AT_ONCE, (hint) => readHint(cx, hint));
  const found = await stepOn(read, (all) =>
    eachTogether(cx.database, firmId, all, async (tx, each) => ({
      read: each,
      known: await lookUp(tx, firmId, each),
    })),
  );
  return await stepOn(found, (all) => settleEach(all, READS_AT_ONCE, (each) => readRest(cx, each)));
}

async function readHint(cx: Context, hint: Hint): Promise<Read> {
  const { processorAccount, sessionId, paymentIntentId } = hint;
  const readAt = cx.now();
  if (sessionId !== undefined) return { hint, readAt, ...(await readBoth(cx, hint, sessionId)) };
  const payment =
    paymentIntentId === undefined
      ? undefined
      : await cx.processor.findPayment(processorAccount, paymentIntentId);
  return { hint, readAt, session: undefined, payment };
}

async function readBoth(cx: Context, hint: Hint, sessionId: string) {
  const session = await cx.processor.findCheckout(hint.processorAccount, sessionId);
  const paymentIntentId = session.paymentIntentId ?? hint.paymentIntentId;
  const payment =
    paymentIntentId === undefined
      ? undefined
      : await cx.processor.findPayment(hint.processorAccount, paymentIntentId);
  return { session, payment };
}

/** Without a lock: to which link a checkout or a payment belongs never changes. */
async function lookUp(tx: Tx, firmId: string, { session, payment }: Read): Promise<Known> {
  const checkoutId = session?.checkoutId ?? payment?.checkoutId;
  const checkout =
    (session && (await findCheckoutBySession(tx, firmId, session.sessionId))) ??
    (checkoutId === undefined ? undefined : await findCheckout(tx, firmId, checkoutId));
  const linkId = checkout?.link_id ?? payment?.linkId;
  const link = linkId === undefined ? undefined : await findLink(tx, firmId, linkId);
  const isUndone = payment !== undefined && (await hasUndone(tx, firmId, payment.paymentIntentId));
  return { linkId: link?.id, checkout, isUndone };
}

async function readRest(cx: Context, { read, known }: { read: Read; known: Known }): Promise<Facts> {
  const { hint, readAt } = read;
  const { processorAccount } = hint;
  const sessionId = known.checkout?.session_id ?? undefined;
  const isOpen = read.session === undefined && read.payment !== undefined && !isDecided(read.payment);
  const { session, payment } = isOpen && sessionId !== undefined ? await readBoth(cx, hint, sessionId) : read;
  const place = { processorAccount, readAt, linkId: known.linkId, checkoutId: known.checkout?.id };
  const isUndone = known.isUndone || payment?.paymentIntentId !== read.payment?.paymentIntentId;
  return { ...place, session, payment, undone: await readUndone(cx, processorAccount, payment, isUndone) };
}

function isDecided({ state }: PaymentFacts): boolean {
  return state === "succeeded" || state === "processing";
}

/** Asks for refunds and disputes where the payment shows one, or we may know of one: what failed there shows on the payment no more. */
async function readUndone(
  cx: Context,
  processorAccount: string,
  payment: PaymentFacts | undefined,
  isKnown: boolean,
): Promise<UndoneFacts | undefined> {
  if (payment?.state !== "succeeded") return undefined;
  if (payment.refundedMinor === 0n && payment.dispute === "none" && !isKnown) return undefined;
  return await cx.processor.findUndone(processorAccount, payment.paymentIntentId);
}
