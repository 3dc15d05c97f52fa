import { expect, test } from "vitest";
import { judge, type Known, type Moved } from "../../src/deposits/judge.ts";

const NOTHING: Known = { payment: undefined, refund: undefined, dispute: undefined, returned: undefined };
const PAYMENT = { amountMinor: 10_000n, feeMinor: 320n, hasArrived: true, isDisputed: false };

function moved(kind: Moved["kind"], grossMinor: bigint, feeMinor = 0n): Moved {
  return { kind, grossMinor, feeMinor, netMinor: grossMinor - feeMinor };
}

test.each<[string, Moved, Partial<Known>, bigint, string | null]>([
  [
    "a payment with its fee is explained",
    moved("payment", 10_000n, 320n),
    { payment: PAYMENT },
    9_680n,
    null,
  ],
  [
    "a payment of another amount is not",
    moved("payment", 9_000n, 320n),
    { payment: PAYMENT },
    9_680n,
    "amount_differs",
  ],
  [
    "a payment with another fee is not",
    moved("payment", 10_000n, 400n),
    { payment: PAYMENT },
    9_680n,
    "fee_differs",
  ],
  ["a payment that is not ours brings nothing", moved("payment", 10_000n), {}, 0n, "not_ours"],
  [
    "a payment that has not arrived with us brings nothing",
    moved("payment", 10_000n),
    { payment: { ...PAYMENT, hasArrived: false } },
    0n,
    "not_ours",
  ],
  [
    "a refund of ours is explained",
    moved("refund", -4_000n),
    { payment: PAYMENT, refund: { amountMinor: 4_000n, hasFailed: false } },
    -4_000n,
    null,
  ],
  ["a refund that we do not hold is not", moved("refund", -4_000n), { payment: PAYMENT }, 0n, "not_refunded"],
  ["a refund of another's payment is not", moved("refund", -4_000n), {}, 0n, "not_ours"],
  [
    "a refund of another amount is not",
    moved("refund", -4_000n),
    { payment: PAYMENT, refund: { amountMinor: 3_000n, hasFailed: false } },
    -3_000n,
    "amount_differs",
  ],
  [
    "a failed refund comes back",
    moved("refund_failure", 4_000n),
    { payment: PAYMENT, refund: { amountMinor: 4_000n, hasFailed: true } },
    4_000n,
    null,
  ],
  [
    "a refund that has not failed does not come back",
    moved("refund_failure", 4_000n),
    { payment: PAYMENT, refund: { amountMinor: 4_000n, hasFailed: false } },
    0n,
    "not_refunded",
  ],
  [
    "a dispute takes its amount and the processor's fee",
    moved("dispute", -10_000n, 1_500n),
    { payment: PAYMENT, dispute: { amountMinor: 10_000n } },
    -11_500n,
    null,
  ],
  [
    "a dispute that we do not hold is not explained",
    moved("dispute", -10_000n),
    { payment: PAYMENT },
    0n,
    "not_disputed",
  ],
  [
    "a bank debit that came back without a dispute of its own is explained",
    moved("dispute", -10_000n),
    { payment: { ...PAYMENT, isDisputed: true } },
    -10_000n,
    null,
  ],
  [
    "a won dispute brings its amount back",
    moved("dispute_reversal", 10_000n),
    { payment: PAYMENT, dispute: { amountMinor: 10_000n } },
    10_000n,
    null,
  ],
  ["a fee is the processor's to say", moved("fee", -200n), {}, -200n, null],
  ["an adjustment is the processor's to say", moved("adjustment", 55n), {}, 55n, null],
  [
    "an earlier deposit comes back",
    moved("returned_deposit", 9_680n),
    { returned: { amountMinor: 9_680n } },
    9_680n,
    null,
  ],
  [
    "a deposit that never failed does not come back",
    moved("returned_deposit", 9_680n),
    {},
    0n,
    "not_returned",
  ],
  [
    "a word that is not known is never explained",
    moved("other", 1n),
    { payment: PAYMENT },
    0n,
    "unknown_kind",
  ],
])("%s", (_, line, known, expectedMinor, problem) => {
  expect(judge(line, { ...NOTHING, ...known })).toEqual({ expectedMinor, problem });
});
