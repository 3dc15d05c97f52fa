import { type Context, seconds } from "./context.ts";
import type { Account, Metadata } from "./resources.ts";

export type FeesPayer = "account" | "application";

type WantedAccount = {
  id: string;
  name: string | null;
  email?: string | undefined;
  country?: string | undefined;
  feesPayer: FeesPayer;
  metadata?: Metadata | undefined;
  /** Of the bank account that receives the payouts; without it the account has none. */
  bankLast4?: string | undefined;
};

const NO_REQUIREMENTS = {
  alternatives: [],
  current_deadline: null,
  currently_due: [],
  disabled_reason: null,
  errors: [],
  eventually_due: [],
  past_due: [],
  pending_verification: [],
};

/** The body of an account that can take payments at once. */
export function newAccount(cx: Context, wanted: WantedAccount): Account {
  const ownsItself = wanted.feesPayer === "account";
  return {
    id: wanted.id,
    object: "account",
    business_profile: {
      mcc: null,
      minority_owned_business_designation: null,
      name: wanted.name,
      specified_commercial_transactions_act_url: null,
      support_address: null,
      support_email: null,
      support_phone: null,
      support_url: null,
      url: null,
    },
    business_type: null,
    capabilities: { card_payments: "active", us_bank_account_ach_payments: "active", transfers: "active" },
    charges_enabled: true,
    controller: {
      fees: { payer: wanted.feesPayer },
      is_controller: true,
      losses: { payments: ownsItself ? "stripe" : "application" },
      requirement_collection: "stripe",
      stripe_dashboard: { type: ownsItself ? "full" : "express" },
      type: "application",
    },
    country: wanted.country ?? "US",
    created: seconds(cx),
    default_currency: "usd",
    details_submitted: true,
    email: wanted.email ?? null,
    external_accounts: {
      ...emptyList(`/v1/accounts/${wanted.id}/external_accounts`),
      data: wanted.bankLast4 === undefined ? [] : [bankAccount(wanted.id, wanted.bankLast4)],
    },
    future_requirements: NO_REQUIREMENTS,
    metadata: wanted.metadata ?? {},
    payouts_enabled: true,
    requirements: NO_REQUIREMENTS,
    settings: settings(wanted.name, ownsItself),
    tos_acceptance: { date: null, ip: null, user_agent: null },
    type: ownsItself ? "standard" : "none",
  };
}

function settings(name: string | null, debitsNegativeBalances: boolean) {
  return {
    branding: { icon: null, logo: null, primary_color: null, secondary_color: null },
    card_payments: {
      decline_on: { avs_failure: false, cvc_failure: false },
      statement_descriptor_prefix: null,
      statement_descriptor_prefix_kana: null,
      statement_descriptor_prefix_kanji: null,
    },
    dashboard: { display_name: name, timezone: "America/New_York" },
    payments: {
      statement_descriptor: null,
      statement_descriptor_kana: null,
      statement_descriptor_kanji: null,
      statement_descriptor_prefix_kana: null,
      statement_descriptor_prefix_kanji: null,
    },
    payouts: {
      debit_negative_balances: debitsNegativeBalances,
      schedule: { delay_days: 2, interval: "daily" },
      statement_descriptor: null,
    },
  };
}

function bankAccount(accountId: string, last4: string) {
  return {
    id: `ba_${accountId.slice("acct_".length)}`,
    object: "bank_account",
    account: accountId,
    account_holder_name: null,
    account_holder_type: null,
    account_type: null,
    available_payout_methods: ["standard"],
    bank_name: "LAKESHORE NATIONAL BANK",
    country: "US",
    currency: "usd",
    default_for_currency: true,
    last4,
    routing_number: "110000000",
    status: "new",
  };
}

function emptyList(url: string) {
  return { object: "list", data: [], has_more: false, url };
}
