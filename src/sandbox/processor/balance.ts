import { feesPayerOf } from "./accounts.ts";
import { listFields, pageOf } from "./api/list.ts";
import { nothing, shape, text } from "./api/parameters.ts";
import { type Route, route } from "./api/route.ts";
import { type Context, seconds } from "./context.ts";
import type { BalanceTransaction, PaymentMethodType } from "./resources.ts";
import { newId } from "./store/identifiers.ts";
import { fieldIs, get, insert } from "./store/objects.ts";

const CARD_BASIS_POINTS = 290;
const CARD_FIXED_CENTS = 30;
const BANK_DEBIT_BASIS_POINTS = 80;
const BANK_DEBIT_CAP_CENTS = 500;
const BASIS_POINTS_IN_WHOLE = 10_000;
const DAYS_UNTIL_AVAILABLE = 2;
const SECONDS_IN_DAY = 86_400;

/**
 * The processing fee in cents for an amount in cents: 2.9 % and 30 cents by card, 0.8 % up to 5 dollars by
 * bank debit.
 */
export function processingFee(type: PaymentMethodType, amount: number): number {
  const share = (basisPoints: number) => Math.round((amount * basisPoints) / BASIS_POINTS_IN_WHOLE);
  if (type === "card") return share(CARD_BASIS_POINTS) + CARD_FIXED_CENTS;
  return Math.min(share(BANK_DEBIT_BASIS_POINTS), BANK_DEBIT_CAP_CENTS);
}

type Movement = {
  type: string;
  reportingCategory: string;
  /** In cents; what leaves the balance is negative. */
  amount: number;
  currency: string;
  source: string;
  /** In cents, as the processor asks it; it is left out where the platform pays the fees. */
  fee?: { amount: number; description: string };
  description?: string | null;
  availableAtOnce?: boolean;
};

/** Writes a movement of money into the account's balance and returns the balance transaction. */
export function move(cx: Context, movement: Movement): BalanceTransaction {
  const fee = movement.fee !== undefined && feesPayerOf(cx) === "account" ? movement.fee : undefined;
  const wait = movement.availableAtOnce === true ? 0 : DAYS_UNTIL_AVAILABLE * SECONDS_IN_DAY;
  const { currency } = movement;
  const body: BalanceTransaction = {
    id: newId("txn"),
    object: "balance_transaction",
    amount: movement.amount,
    available_on: seconds(cx) + wait,
    balance_type: "payments",
    created: seconds(cx),
    currency,
    description: movement.description ?? null,
    exchange_rate: null,
    fee: fee?.amount ?? 0,
    fee_details:
      fee === undefined
        ? []
        : [
            {
              amount: fee.amount,
              application: null,
              currency,
              description: fee.description,
              type: "stripe_fee",
            },
          ],
    net: movement.amount - (fee?.amount ?? 0),
    reporting_category: movement.reportingCategory,
    source: movement.source,
    status: wait === 0 ? "available" : "pending",
    type: movement.type,
  };
  insert(cx, "balance_transaction", body, { payout: null });
  return body;
}

/** The transaction as it is now: pending until the day on which its money is available. */
function show(cx: Context, body: BalanceTransaction): BalanceTransaction {
  return { ...body, status: Number(body.available_on) <= seconds(cx) ? "available" : "pending" };
}

const listRule = shape({ ...listFields, payout: text(), source: text(), type: text(), currency: text() });

function list(cx: Context, input: ReturnType<typeof listRule>) {
  const { payout, source, type, currency } = input;
  if (payout !== undefined) get(cx, "payout", payout, "payout");
  const conditions = [
    ...(payout === undefined ? [] : [{ sql: "json_extract(hidden, '$.payout') = ?", values: [payout] }]),
    ...(source === undefined ? [] : [fieldIs("source", source)]),
    ...(type === undefined ? [] : [fieldIs("type", type)]),
    ...(currency === undefined ? [] : [fieldIs("currency", currency)]),
  ];
  return pageOf(cx, "balance_transaction", "/v1/balance_transactions", input, conditions, ({ body }) =>
    show(cx, body),
  );
}

export const balanceRoutes: Route[] = [
  route("get", "/v1/balance_transactions", listRule, list),
  route("get", "/v1/balance_transactions/:id", nothing, (cx, _input, id) =>
    show(cx, get(cx, "balance_transaction", id).body),
  ),
];
