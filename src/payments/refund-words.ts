/** https://docs.stripe.com/api/refunds/object#refund_object-failure_reason */
const FAILURES: Readonly<Record<string, string>> = {
  lost_or_stolen_card: "The card was reported lost or stolen.",
  expired_or_canceled_card: "The card has expired or was canceled.",
  charge_for_pending_refund_disputed: "The payer’s bank disputed the payment while the refund was under way.",
  insufficient_funds: "The account’s balance at the card processor was too low.",
  declined: "The payer’s bank declined it.",
  merchant_request: "It was canceled at the card processor.",
};

/** Why a refund did not arrive, as a sentence. `code` is the processor's. */
export function failureWords(code: string | undefined, state: "failed" | "cancelled"): string {
  const known = code === undefined ? undefined : FAILURES[code];
  if (known !== undefined) return known;
  return state === "cancelled"
    ? "It was canceled at the card processor."
    : "The payer’s bank could not take it.";
}

const REFUSALS: Readonly<Record<string, string>> = {
  charge_disputed:
    "The payer’s bank disputes this payment, and the card processor refunds nothing meanwhile.",
  charge_already_refunded: "Nothing is left to refund: the whole payment went back already.",
  balance_insufficient:
    "The account’s balance at the card processor is too low. Try again after more payments.",
  insufficient_funds:
    "The account’s balance at the card processor is too low. Try again after more payments.",
  charge_expired_for_capture: "This payment was never taken, so there is nothing to refund.",
  charge_not_refundable: "The card processor takes no refunds of this payment any more.",
  payment_intent_unexpected_state: "This payment did not arrive, so there is nothing to refund.",
};

/** Why the processor did not make a refund, as a sentence. `code` is the processor's. */
export function refusalWords(code: string | undefined): string {
  const known = code === undefined ? undefined : REFUSALS[code];
  return known ?? "The card processor refused it. Less may be left of this payment than was asked for.";
}

/** https://docs.stripe.com/api/disputes/object#dispute_object-reason */
const REASONS: Readonly<Record<string, string>> = {
  bank_cannot_process: "The bank could not process the debit",
  check_returned: "The check was returned",
  credit_not_processed: "The payer says that a refund was due and did not come",
  customer_initiated: "The payer objected at the bank",
  debit_not_authorized: "The payer says that the debit was not authorized",
  duplicate: "The payer says that the payment was taken twice",
  fraudulent: "The payer says that they did not make the payment",
  general: "The bank gave no particular reason",
  incorrect_account_details: "The account details were wrong",
  insufficient_funds: "The account held too little money",
  product_not_received: "The payer says that the service was not received",
  product_unacceptable: "The payer says that the service was not as agreed",
  subscription_canceled: "The payer says that the payments were canceled",
  unrecognized: "The payer does not recognize the payment",
};

/** Why the payer's bank took a payment back, in words. `code` is the processor's. */
export function disputeReasonWords(code: string): string {
  return REASONS[code] ?? "The bank gave no particular reason";
}
