import { API_VERSION, PLATFORM_ACCOUNT } from "../context.ts";
import type { Store } from "../store/database.ts";
import { findAnywhere } from "../store/objects.ts";
import { Problem } from "./problems.ts";

const SHOWN_KEY_LENGTH = 4;

/** The account a request acts on, from its key and its `Stripe-Account` header. Throws 401 and 403. */
export function accountOf(store: Store, headers: Headers, secretKey: string): string {
  const given = bearer(headers.get("authorization"));
  if (given === undefined) {
    const words =
      "You did not provide an API key. You need to provide your API key in the Authorization " +
      "header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').";
    throw new Problem(401, "invalid_request_error", words, {
      headers: { "www-authenticate": 'Bearer realm="Stripe"' },
    });
  }
  if (given !== secretKey) {
    throw new Problem(401, "invalid_request_error", `Invalid API Key provided: ${masked(given)}`);
  }
  const account = headers.get("stripe-account");
  if (account === null || account === PLATFORM_ACCOUNT) return PLATFORM_ACCOUNT;
  if (findAnywhere(store, "account", account) === undefined) {
    const words =
      `The provided key '${masked(given)}' does not have access to account '${account}' (or ` +
      "that account does not exist). Application access may have been revoked.";
    throw new Problem(403, "invalid_request_error", words, { code: "account_invalid" });
  }
  return account;
}

/** The API version a request speaks: what it asks for, or the present one. */
export function versionOf(headers: Headers): string {
  return headers.get("stripe-version") ?? API_VERSION;
}

function bearer(authorization: string | null): string | undefined {
  const [scheme, token] = (authorization ?? "").split(" ");
  if (token === undefined || token === "") return undefined;
  if (scheme?.toLowerCase() === "bearer") return token;
  // Basic: the key is the user's name, the password is empty.
  return scheme?.toLowerCase() === "basic"
    ? Buffer.from(token, "base64").toString().split(":")[0]
    : undefined;
}

function masked(key: string): string {
  return `${key.slice(0, "sk_test_".length)}${"*".repeat(8)}${key.slice(-SHOWN_KEY_LENGTH)}`;
}
