import type Stripe from "stripe";
import { type AccountFacts, ProcessorError } from "./port.ts";
import { demandObject } from "./read.ts";

const CAPABILITIES = { card: "card_payments", bank_debit: "us_bank_account_ach_payments" } as const;

/**
 * An account as the product sees it. Only `application` bills the platform for direct charges; the older words
 * `application_custom` and `application_express`, and any new one, do not promise it.
 * https://docs.stripe.com/connect/direct-charges-fee-payer-behavior. Throws `unreadable`.
 */
export function readAccount(account: Stripe.Account): AccountFacts {
  demandObject(account, "account", "acct_");
  const currency = account.default_currency;
  const country = account.country;
  if (typeof currency !== "string" || !/^[a-z]{3}$/i.test(currency) || typeof country !== "string")
    throw new ProcessorError("unreadable", "an account of the processor has no currency or country");
  return {
    id: account.id,
    feesPayer: account.controller?.fees?.payer === "application" ? "platform" : "account",
    chargesEnabled: account.charges_enabled === true,
    payoutsEnabled: account.payouts_enabled === true,
    // The processor's own default where it does not say.
    debitsNegativeBalances: account.settings?.payouts?.debit_negative_balances !== false,
    currency: currency.toUpperCase(),
    country: country.toUpperCase(),
    methods: (["card", "bank_debit"] as const).filter(
      (method) => account.capabilities?.[CAPABILITIES[method]] === "active",
    ),
    last4: readLast4(account),
    displayName: account.settings?.dashboard?.display_name ?? account.business_profile?.name ?? undefined,
  };
}

/** Payouts in the account's own currency go to the bank account that is the default for it. */
function readLast4(account: Stripe.Account): string | undefined {
  const banks = (account.external_accounts?.data ?? []).filter(
    (each): each is Stripe.BankAccount => each.object === "bank_account",
  );
  const bank =
    banks.find((each) => each.currency === account.default_currency && each.default_for_currency) ?? banks[0];
  return bank && /^\d{4}$/.test(bank.last4) ? bank.last4 : undefined;
}
