import type { Decline, Fate } from "../resources.ts";

export type TestBankAccount = {
  number: string;
  says: string;
  /** How the debit fails, or null when it succeeds. */
  decline: Decline | null;
  /** Refused when it is authorised, not days later. */
  refusedAtOnce: boolean;
  /** Never settles by itself. */
  stays: boolean;
  fate: Fate;
};

export const TEST_ROUTING_NUMBER = "110000000";

function account(number: string, says: string, rest: Partial<TestBankAccount> = {}): TestBankAccount {
  return { number, says, decline: null, refusedAtOnce: false, stays: false, fate: "none", ...rest };
}

function failing(number: string, says: string, code: string, message: string): TestBankAccount {
  return account(number, says, { decline: { code, decline_code: null, message } });
}

/** The well-known test accounts and what each of them does. */
export const TEST_BANK_ACCOUNTS: readonly TestBankAccount[] = [
  account("000123456789", "succeeds"),
  failing("000111111113", "fails: account closed", "account_closed", "The bank account has been closed."),
  failing("000111111116", "fails: no such account", "no_account", "The bank account could not be located."),
  failing(
    "000222222227",
    "fails: insufficient funds",
    "insufficient_funds",
    "The bank account has insufficient funds to complete the purchase.",
  ),
  failing(
    "000333333335",
    "fails: debit not authorised",
    "debit_not_authorized",
    "The customer has notified their bank that this payment was unauthorized.",
  ),
  failing(
    "000444444440",
    "fails: currency",
    "payment_method_currency_mismatch",
    "The bank account does not support the currency of the payment.",
  ),
  account("000555555559", "succeeds, then comes back as a dispute", { fate: "bank_return" }),
  account("000000000009", "stays processing", { stays: true }),
  failing(
    "000777777771",
    "fails: weekly limit",
    "charge_exceeds_source_limit",
    "The payment exceeds the weekly limit of the bank account.",
  ),
  {
    ...failing(
      "000000004954",
      "refused: highest risk",
      "payment_method_provider_decline",
      "The payment was blocked.",
    ),
    refusedAtOnce: true,
  },
  {
    ...failing(
      "000666666661",
      "refused: microdeposits fail",
      "payment_method_microdeposit_failed",
      "The microdeposits to the bank account failed. Check the account, routing and transit numbers.",
    ),
    refusedAtOnce: true,
  },
  failing(
    "000888888885",
    "fails: deactivated number",
    "bank_account_unusable",
    "The tokenized account number of the bank account has been deactivated.",
  ),
];

/** What an account does, or undefined when the number is no test account. */
export function bankAccountFor(number: string): TestBankAccount | undefined {
  return TEST_BANK_ACCOUNTS.find((known) => known.number === number);
}
