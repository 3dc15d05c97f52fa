import { type FeesPayer, newAccount } from "./account-body.ts";
import { listFields, pageOf } from "./api/list.ts";
import { flag, mergeMetadata, metadata, nothing, oneOf, shape, text } from "./api/parameters.ts";
import { missing, Problem } from "./api/problems.ts";
import { type Route, route } from "./api/route.ts";
import { type Context, onAccount, PLATFORM_ACCOUNT } from "./context.ts";
import type { Account } from "./resources.ts";
import { newId } from "./store/identifiers.ts";
import { findAnywhere, insert, save } from "./store/objects.ts";
import { emit } from "./webhooks/events.ts";

/**
 * Makes the accounts that the process was started with, the platform's own first; those that exist are left
 * alone.
 * Every account is stored as an object of the platform's.
 */
export function seedAccounts(
  cx: Context,
  accounts: readonly { id: string; name: string; fees_payer: FeesPayer; bank_last4?: string | undefined }[],
): void {
  const platform = { id: PLATFORM_ACCOUNT, name: "Platform", fees_payer: "account" as const };
  for (const { id, name, fees_payer, bank_last4 } of [{ ...platform, bank_last4: undefined }, ...accounts]) {
    if (findAnywhere(cx.store, "account", id) !== undefined) continue;
    insert(
      onAccount(cx, PLATFORM_ACCOUNT),
      "account",
      newAccount(cx, { id, name, feesPayer: fees_payer, bankLast4: bank_last4 }),
      {},
    );
  }
}

/** Who pays the processing fees of this account's charges. */
export function feesPayerOf(cx: Context): FeesPayer {
  return own(cx).controller.fees.payer;
}

/** From now on somebody else pays the fees of this account's charges: a mistake in its set-up, or its mending. */
export function setFeesPayer(cx: Context, id: string, payer: FeesPayer): Account {
  const stored = readable(cx, id);
  const { controller } = stored.body;
  stored.body = { ...stored.body, controller: { ...controller, fees: { ...controller.fees, payer } } };
  save(cx, stored);
  return stored.body;
}

/** The account that the context acts on. */
function own(cx: Context): Account {
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
    business_profile: mergeProfile(made.business_profile, input.business_profile),
    controller: { ...made.controller, ...input.controller, fees: made.controller.fees },
  };
  insert({ ...cx, account: PLATFORM_ACCOUNT }, "account", body, {});
  return body;
}

type Profile = Account["business_profile"];

function mergeProfile(before: Profile, change: ReturnType<typeof profile> | undefined): Profile {
  return { ...before, ...change, name: change?.name ?? before.name };
}

const updateRule = shape({ business_profile: profile, email: text(), metadata });

function update(cx: Context, input: ReturnType<typeof updateRule>, id: string): Account {
  const stored = readable(cx, id);
  stored.body = {
    ...stored.body,
    email: input.email ?? stored.body.email,
    business_profile: mergeProfile(stored.body.business_profile, input.business_profile),
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
    const words =
      `The provided key does not have access to account '${id}' (or that account does not ` +
      "exist). Application access may have been revoked.";
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
