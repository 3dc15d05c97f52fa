import { openProcessor } from "../../src/stripe/client.ts";
import type { CheckoutRequest, Processor } from "../../src/stripe/port.ts";
import { card, OPERATING, SECRET_KEY, type Stand, WEBHOOK_SECRET } from "../sandbox/processor/stand.ts";

/** The port of the service, to a stand-in at this origin. */
export function open(origin: string, key = SECRET_KEY): Processor {
  return openProcessor({
    STRIPE_SECRET_KEY: key,
    STRIPE_API_BASE: origin,
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
  });
}

/** A card payment of $1,250.00 on the operating account, ready to be changed. */
export function requestFor(change: Partial<CheckoutRequest> = {}): CheckoutRequest {
  return {
    checkoutId: "5b2bd5e6-3a5e-4d1e-9f1c-0d3f0a3f1d11",
    linkId: "0a0de0a5-6a59-4b0f-9a53-1f6d9a1c7a22",
    firmId: "7e7b5b4c-7d5b-4c43-8a0b-2b9b5b8a3b33",
    processorAccount: OPERATING,
    amountMinor: 125_000n,
    currency: "USD",
    method: "card",
    description: "Statement 20391",
    reference: "SFP-7K2M9QX",
    receiptEmail: "a.okafor@okaforlogistics.example",
    locale: "en",
    successUrl: "https://pay.example.com/p/token/back",
    cancelUrl: "https://pay.example.com/p/token",
    expiresAt: new Date(Date.now() + 2 * 3_600_000),
    ...change,
  };
}

/** Makes a checkout and fills in its page as a payer does. Returns the session as it was made and the payment as it is now. */
export async function paid(
  stand: Stand,
  processor: Processor,
  fields = card(),
  change: Partial<CheckoutRequest> = {},
) {
  const session = await processor.createCheckout(requestFor(change));
  await stand.submit(`/c/pay/${session.sessionId}`, fields);
  const { paymentIntentId = "" } = await processor.findCheckout(OPERATING, session.sessionId);
  return { session, paymentIntentId, payment: await processor.findPayment(OPERATING, paymentIntentId) };
}
