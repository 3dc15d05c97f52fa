import Stripe from "stripe";
import { ProcessorError, type ProcessorEvent } from "./port.ts";
import { demandObject, idOf, instantOf } from "./read.ts";

/** How old a signed delivery may be; each attempt is signed anew. https://docs.stripe.com/webhooks/signature */
const AGE_LIMIT_SECONDS = 300;
/** The library takes any time in the future; two clocks that agree differ by less than this. */
const AHEAD_LIMIT_SECONDS = 60;
const MILLISECONDS = 1_000;

/** The events that say something about money of ours; others are answered and not kept. */
export const EVENT_TYPES = [
  "checkout.session.completed",
  "checkout.session.async_payment_succeeded",
  "checkout.session.async_payment_failed",
  "checkout.session.expired",
  "payment_intent.processing",
  "payment_intent.succeeded",
  "payment_intent.payment_failed",
  "payment_intent.canceled",
  // With asynchronous capture the fee is known only when this one comes.
  "charge.updated",
  "charge.refunded",
  "refund.created",
  "refund.updated",
  "refund.failed",
  "charge.dispute.created",
  "charge.dispute.updated",
  "charge.dispute.closed",
  "charge.dispute.funds_withdrawn",
  "charge.dispute.funds_reinstated",
  "payout.created",
  "payout.updated",
  "payout.paid",
  "payout.failed",
  "payout.canceled",
  "payout.reconciliation_completed",
] as const;

/** Whether an event says something about money of ours. */
export function isAboutMoney(type: string): boolean {
  return (EVENT_TYPES as readonly string[]).includes(type);
}

/**
 * Checks that a delivery is the processor's: signed on these very bytes with one of our secrets (two while one is being replaced), at
 * most 300 s old and 60 s ahead. Throws `rejected`.
 */
export async function verifyDelivery(
  client: Stripe,
  secrets: readonly string[],
  delivery: { rawBody: string; signature: string | undefined; now: Date },
): Promise<ProcessorEvent> {
  const { rawBody, signature, now } = delivery;
  if (signature === undefined || signature === "")
    throw new ProcessorError("rejected", "the signature is missing");
  for (const secret of secrets) {
    const event = await openWith(client, secret, { rawBody, signature, now });
    if (!event) continue;
    if (secondsAhead(signature, now) > AHEAD_LIMIT_SECONDS)
      throw new ProcessorError("rejected", "the signature is from the future");
    return readEvent(event);
  }
  throw new ProcessorError("rejected", "the signature is not the processor's, or too old");
}

/** The event when this secret signed it, else undefined. Throws `rejected` for a signed body that is no event. */
async function openWith(
  client: Stripe,
  secret: string,
  delivery: { rawBody: string; signature: string; now: Date },
): Promise<Stripe.Event | undefined> {
  const { rawBody, signature, now } = delivery;
  try {
    return await client.webhooks.constructEventAsync(
      rawBody,
      signature,
      secret,
      AGE_LIMIT_SECONDS,
      undefined,
      now.getTime(),
    );
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return undefined;
    throw new ProcessorError("rejected", "the signed body is not an event", { cause: error });
  }
}

/** The library read the same `t`, so it is there and a number. */
function secondsAhead(signature: string, now: Date): number {
  const signedAt = signature.split(",").findLast((part) => part.startsWith("t="));
  return Number.parseInt(signedAt?.slice(2) ?? "", 10) - now.getTime() / MILLISECONDS;
}

/** What is needed to find the event's object again. Throws `unreadable` for what is no event. */
export function readEvent(event: Stripe.Event): ProcessorEvent {
  demandObject(event, "event", "evt_");
  const subject = event.data?.object as
    | { id?: unknown; object?: unknown; payment_intent?: string | { id: string } | null }
    | undefined;
  const kind = typeof subject?.object === "string" ? subject.object : "";
  const id = typeof subject?.id === "string" ? subject.id : "";
  return {
    id: event.id,
    type: event.type,
    account: event.account,
    createdAt: instantOf(event.created),
    objectKind: kind,
    objectId: id,
    paymentIntentId: kind === "payment_intent" ? id : idOf(subject?.payment_intent),
    sessionId: kind === "checkout.session" ? id : undefined,
    payoutId: kind === "payout" ? id : undefined,
  };
}
