import { ACCOUNTS, openStripe } from "../flows/doors.ts";
import type { Service } from "../support/start-service.ts";

const PAGE_SIZE = 100;
const LIMIT = 10_000;

/** How much of each payment the processor has given back or had taken away, in minor units, by the payment's id there. */
export async function readGone(service: Service): Promise<Map<string, bigint>> {
  const stripe = await openStripe(service);
  const gone = new Map<string, bigint>();
  const add = (intent: unknown, amount: number) =>
    gone.set(String(intent), (gone.get(String(intent)) ?? 0n) + BigInt(amount));
  for (const stripeAccount of ACCOUNTS) {
    const page = { limit: PAGE_SIZE };
    const refunds = await stripe.refunds.list(page, { stripeAccount }).autoPagingToArray({ limit: LIMIT });
    for (const { payment_intent, amount, status } of refunds)
      if (status !== "failed" && status !== "canceled") add(payment_intent, amount);
    const disputes = await stripe.disputes.list(page, { stripeAccount }).autoPagingToArray({ limit: LIMIT });
    for (const { payment_intent, amount, status } of disputes)
      if (status !== "won") add(payment_intent, amount);
  }
  return gone;
}
