import type Stripe from "stripe";
import type { Movement, MovementKind, MovementPage, MovementWish, PayoutFacts } from "./movement.ts";
import { readPages } from "./pages.ts";
import { ProcessorError } from "./port.ts";
import { dayAt, demandList, demandObject, idOf, instantOf, METADATA } from "./read.ts";

const PAGE_SIZE = 100;
/** Far more payouts than one account makes in a year, one a day. */
const PAYOUT_PAGES_LIMIT = 20;
const MILLISECONDS = 1_000;
const STATES = ["pending", "in_transit", "paid", "failed"] as const;

/** One payout. Throws ProcessorError. */
export async function findPayout(
  client: Stripe,
  stripeAccount: string,
  payoutId: string,
): Promise<PayoutFacts> {
  return readPayout(await client.payouts.retrieve(payoutId, {}, { stripeAccount }));
}

/** The payouts that an account made since an instant, the newest first. */
export async function listPayouts(
  client: Stripe,
  stripeAccount: string,
  since: Date,
): Promise<PayoutFacts[]> {
  const created = { gte: Math.floor(since.getTime() / MILLISECONDS) };
  const payouts = await readPages(PAYOUT_PAGES_LIMIT, (place) =>
    client.payouts.list({ created, ...place }, { stripeAccount }),
  );
  return payouts.map(readPayout);
}

/** One page of movements, the newest first, behind the transaction `after`. A payout's own movement is left out. */
export async function listMovements(
  client: Stripe,
  stripeAccount: string,
  wish: MovementWish,
  after: string | undefined,
): Promise<MovementPage> {
  const wanted =
    "payoutId" in wish
      ? { payout: wish.payoutId }
      : { created: { gte: Math.floor(wish.since.getTime() / MILLISECONDS) } };
  const answer = await client.balanceTransactions.list(
    {
      ...wanted,
      limit: PAGE_SIZE,
      // The source says which payment a refund or a dispute belongs to.
      expand: ["data.source"],
      ...(after === undefined ? {} : { starting_after: after }),
    },
    { stripeAccount },
  );
  demandList(answer);
  const last = answer.data.at(-1);
  return {
    movements: answer.data.filter(({ type }) => type !== "payout").map(readMovement),
    next: answer.has_more ? last?.id : undefined,
  };
}

function readPayout(payout: Stripe.Payout): PayoutFacts {
  demandObject(payout, "payout", "po_");
  return {
    payoutId: payout.id,
    state: readState(payout.status),
    amountMinor: readSigned(payout.amount),
    currency: payout.currency.toUpperCase(),
    automatic: payout.automatic,
    contents: contentsOf(payout),
    arrivesOn: dayAt(payout.arrival_date),
    madeAt: instantOf(payout.created),
    bankReference: payout.trace_id?.value ?? undefined,
    failureReason: payout.failure_message ?? payout.failure_code ?? undefined,
  };
}

/** https://docs.stripe.com/api/payouts/object#payout_object-status */
function readState(status: string): PayoutFacts["state"] {
  if (status === "canceled") return "cancelled";
  const known = STATES.find((state) => state === status);
  if (!known) throw new ProcessorError("unreadable", "a payout is in a state that is not known");
  return known;
}

function contentsOf(payout: Stripe.Payout): PayoutFacts["contents"] {
  if (!payout.automatic || payout.reconciliation_status === "not_applicable") return "not_told";
  return payout.reconciliation_status === "completed" ? "listed" : "waiting";
}

function readMovement(entry: Stripe.BalanceTransaction): Movement {
  demandObject(entry, "balance_transaction", "txn_");
  const source = typeof entry.source === "object" && entry.source !== null ? entry.source : undefined;
  const [grossMinor, feeMinor, netMinor] = [entry.amount, entry.fee, entry.net].map(readSigned) as [
    bigint,
    bigint,
    bigint,
  ];
  if (netMinor !== grossMinor - feeMinor)
    throw new ProcessorError("unreadable", "a movement of the processor does not add up");
  return {
    transactionId: entry.id,
    kind: kindOf(entry),
    processorType: entry.type,
    sourceId: idOf(entry.source),
    paymentIntentId: intentOf(source),
    isOurs: metadataOf(source)?.[METADATA.link] !== undefined,
    grossMinor,
    feeMinor,
    netMinor,
    currency: entry.currency.toUpperCase(),
    description: entry.description ?? "",
    happenedAt: instantOf(entry.created),
    availableOn: dayAt(entry.available_on),
  };
}

/** https://docs.stripe.com/reports/reporting-categories */
function kindOf(entry: Stripe.BalanceTransaction): MovementKind {
  switch (entry.reporting_category) {
    case "charge":
      return "payment";
    case "refund":
    case "partial_capture_reversal":
      return "refund";
    case "refund_failure":
    case "dispute_reversal":
    case "fee":
      return entry.reporting_category;
    // A bank debit that comes back after it had succeeded.
    case "charge_failure":
    case "dispute":
      return "dispute";
    case "network_cost":
    case "tax":
      return "fee";
    case "other_adjustment":
      return "adjustment";
    case "payout_reversal":
      return "returned_deposit";
    default:
      return "other";
  }
}

function intentOf(source: object | undefined): string | undefined {
  const { payment_intent: intent } = (source ?? {}) as { payment_intent?: string | { id: string } | null };
  return idOf(intent);
}

function metadataOf(source: object | undefined): Record<string, string> | undefined {
  return ((source ?? {}) as { metadata?: Record<string, string> }).metadata;
}

function readSigned(amount: unknown): bigint {
  if (typeof amount !== "number" || !Number.isSafeInteger(amount))
    throw new ProcessorError("unreadable", "an amount of the processor is not a whole number of cents");
  return BigInt(amount);
}
