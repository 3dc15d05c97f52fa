/** A payout of one account to its bank account. Amounts in minor units; below zero where money is taken from the bank. */
export type PayoutFacts = {
  payoutId: string;
  state: "pending" | "in_transit" | "paid" | "failed" | "cancelled";
  amountMinor: bigint;
  currency: string;
  /** Made by the processor's own timetable; only of these it tells what they are made of. */
  automatic: boolean;
  /** Whether what it is made of can be listed: not yet, from now on, or never. */
  contents: "waiting" | "listed" | "not_told";
  /** The day on which it reaches the bank, `YYYY-MM-DD`. */
  arrivesOn: string;
  madeAt: Date;
  /** The bank's own reference, once the bank has told it. */
  bankReference: string | undefined;
  failureReason: string | undefined;
};

export type MovementKind =
  | "payment"
  | "refund"
  | "refund_failure"
  | "fee"
  | "dispute"
  | "dispute_reversal"
  | "adjustment"
  | "returned_deposit"
  | "other";

/** One movement of an account's balance. What comes in is above zero; `netMinor` is `grossMinor` less `feeMinor`. */
export type Movement = {
  transactionId: string;
  kind: MovementKind;
  /** The processor's own word. */
  processorType: string;
  sourceId: string | undefined;
  /** Where its source belongs to a payment. */
  paymentIntentId: string | undefined;
  /** Whether the payment's own charge carries our metadata: then it is one of ours. */
  isOurs: boolean;
  grossMinor: bigint;
  feeMinor: bigint;
  netMinor: bigint;
  currency: string;
  description: string;
  happenedAt: Date;
  /** The day on which the money can be paid out, `YYYY-MM-DD`. */
  availableOn: string;
};

export type MovementPage = {
  movements: Movement[];
  /** Behind which the next page begins; undefined after the last. */
  next: string | undefined;
};

/** Which movements: what one automatic payout is made of, or all of an account since an instant. */
export type MovementWish = { payoutId: string } | { since: Date };
