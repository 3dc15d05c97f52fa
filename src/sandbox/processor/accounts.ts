import { listFields, pageOf } from "./api/list.ts";
import { flag, mergeMetadata, metadata, nothing, oneOf, shape, text } from "./api/parameters.ts";
import { missing, Problem } from "./api/problems.ts";
import { type Route, route } from "./api/route.ts";
import { type Context, onAccount, PLATFORM_ACCOUNT, seconds } from "./context.ts";
import type { Account, Metadata } from "./resources.ts";
import { newId } from "./store/identifiers.ts";
import { findAnywhere, insert, save } from "./store/objects.ts";
import { emit } from "./webhooks/events.ts";

export type FeesPayer = "account" | "application";

type Wanted = {
  id: string;
  name: string | null;
  email?: string | undefined;
  country?: string | undefined;
  feesPayer: FeesPayer;
  metadata?: Metadata | undefined;
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

function newAccount(cx: Context, wanted: Wanted): Account {
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
    external_accounts: emptyList(`/v1/accounts/${wanted.id}/external_accounts`),
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

function emptyList(url: string) {
  return { object: "list", data: [], has_more: false, url };
}

/**
 * Makes the accounts that the process was started with, the platform's own first; those that exist are left alone.
 * Every account is stored as an object of the platform's.
 */
export function seedAccounts(
  cx: Context,
  accounts: readonly { id: string; name: string; fees_payer: FeesPayer }[],
): void {
  const platform = { id: PLATFORM_ACCOUNT, name: "Platform", fees_payer: "account" as const };
  for (const { id, name, fees_payer } of [platform, ...accounts]) {
    if (findAnywhere(cx.store, "account", id) !== undefined) continue;
    insert(
      onAccount(cx, PLATFORM_ACCOUNT),
      "account",
      newAccount(cx, { id, name, feesPayer: fees_payer }),
      {},
    );
  }
}

/** Who pays the processing fees of this account's charges. */
export function feesPayerOf(cx: Context): FeesPayer {
  return own(cx).controller.fees.payer;
}

/** The account that the context acts on. */
export function own(cx: Context): Account {
  const stored = findAnywhere(cx.store, "account", cx.account);
  if (stored === undefined) throw missing("account", cx.account, "account");
  return stored.body;
}

const profile = shape({
  name: text(),
  url: text(),
  support_email: text(),
  support_phone: text(),
  mcc: text(),
});

const createRule = shape({
  type: oneOf("standard", "none"),
  country: text(),
  email: text(),
  business_profile: profile,
  business_type: oneOf("company", "individual", "non_profit", "government_entity"),
  controller: shape({
    fees: shape({ payer: oneOf("account", "application") }),
    losses: shape({ payments: oneOf("application", "stripe") }),
    requirement_collection: oneOf("application", "stripe"),
    stripe_dashboard: shape({ type: oneOf("express", "full", "none") }),
  }),
  capabilities: shape({
    card_payments: shape({ requested: flag }),
    transfers: shape({ requested: flag }),
    us_bank_account_ach_payments: shape({ requested: flag }),
  }),
  metadata,
});

function create(cx: Context, input: ReturnType<typeof createRule>): Account {
  const id = newId("acct").slice(0, PLATFORM_ACCOUNT.length);
  const made = newAccount(cx, {
    id,
    name: input.business_profile?.name ?? null,
    email: input.email,
    country: input.country,
    feesPayer: input.controller?.fees?.payer ?? "account",
    metadata: input.metadata,
  });
  const body: Account = {
    ...made,
    business_type: input.business_type ?? null,
    business_profile: { ...made.business_profile, ...input.business_profile },
    controller: { ...made.controller, ...input.controller, fees: made.controller.fees },
  };
  insert({ ...cx, account: PLATFORM_ACCOUNT }, "account", body, {});
  return body;
}

const updateRule = shape({ business_profile: profile, email: text(), metadata });

function update(cx: Context, input: ReturnType<typeof updateRule>, id: string): Account {
  const stored = readable(cx, id);
  stored.body = {
    ...stored.body,
    email: input.email ?? stored.body.email,
    business_profile: { ...stored.body.business_profile, ...input.business_profile },
    metadata: mergeMetadata(stored.body.metadata, input.metadata),
  };
  save(cx, stored);
  emit({ ...cx, account: id }, "account.updated", stored.body);
  return stored.body;
}

/** The platform reads every connected account; an account reads itself. */
function readable(cx: Context, id: string) {
  const stored = findAnywhere(cx.store, "account", id);
  if (stored === undefined || (cx.account !== PLATFORM_ACCOUNT && cx.account !== id)) {
    const words = `The provided key does not have access to account '${id}' (or that account does not exist). Application access may have been revoked.`;
    throw new Problem(403, "invalid_request_error", words, { code: "account_invalid" });
  }
  return stored;
}

const listRule = shape(listFields);

function list(cx: Context, input: ReturnType<typeof listRule>) {
  const others = { sql: "id <> ?", values: [PLATFORM_ACCOUNT] };
  return pageOf(cx, "account", "/v1/accounts", input, [others]);
}

export const accountRoutes: Route[] = [
  route("get", "/v1/account", nothing, (cx) => own(cx)),
  route("post", "/v1/accounts", createRule, create),
  route("get", "/v1/accounts", listRule, list),
  route("get", "/v1/accounts/:id", nothing, (cx, _input, id) => readable(cx, id).body),
  route("post", "/v1/accounts/:id", updateRule, update),
];
