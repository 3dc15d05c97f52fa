import type { Context, MiddlewareHandler } from "hono";
import type { Docket } from "./docket.ts";
import { findUser, type User } from "./users.ts";

type Access = { user: User; grantId: string; clientId: string; scopes: Set<string> };
export type ApiEnv = { Variables: { access: Access } };

const REALM = "docket";
/** Requests without a good token share one count. */
const ANONYMOUS = "anonymous";

/** Lets through who has a living access token, and counts the request against its grant. */
export function requireToken(docket: Docket): MiddlewareHandler<ApiEnv> {
  return async (context, next) => {
    const access = await findAccess(docket, context.req.header("authorization"));
    const rate = docket.rateLimit.take(access?.grantId ?? ANONYMOUS);
    context.header("X-RateLimit-Limit", String(rate.limit));
    context.header("X-RateLimit-Remaining", String(rate.remaining));
    context.header("X-RateLimit-Reset", String(rate.resetAtSeconds));
    if (!rate.allowed) {
      const seconds = Math.max(1, rate.resetAtSeconds - Math.floor(Date.now() / 1000));
      context.header("Retry-After", String(seconds));
      return context.json(errorBody("rate_limited", `Too many requests; try again in ${seconds} s.`), 429);
    }
    if (access === undefined) {
      context.header("WWW-Authenticate", `Bearer realm="${REALM}", error="invalid_token"`);
      return context.json(
        errorBody("invalid_token", "The access token is missing, expired or revoked."),
        401,
      );
    }
    context.set("access", access);
    return next();
  };
}

/** Lets through a token that has at least one of these scopes. */
export function requireScope(...scopes: [string, ...string[]]): MiddlewareHandler<ApiEnv> {
  return async (context, next) => {
    const held = context.get("access").scopes;
    if (scopes.some((scope) => held.has(scope))) return next();
    return refuseScope(context, scopes[0]);
  };
}

function refuseScope(context: Context, scope: string): Response {
  context.header("WWW-Authenticate", `Bearer realm="${REALM}", error="insufficient_scope", scope="${scope}"`);
  return context.json(errorBody("insufficient_scope", `This needs the scope ${scope}.`), 403);
}

/** The one shape of the API's errors. */
export function errorBody(code: string, message: string) {
  return { error: { code, message } };
}

async function findAccess(docket: Docket, header: string | undefined): Promise<Access | undefined> {
  const value = /^Bearer ([\w~+/.-]+=*)$/i.exec(header ?? "")?.[1];
  if (value === undefined) return undefined;
  const token = await docket.provider.AccessToken.find(value);
  if (token === undefined || token.clientId === undefined) return undefined;
  // A token can outlive its grant when both are written at the same instant.
  if ((await docket.provider.Grant.find(token.grantId)) === undefined) return undefined;
  const user = findUser(docket.store, token.accountId);
  if (user === undefined) return undefined;
  const scopes = new Set((token.scope ?? "").split(" "));
  return { user, grantId: token.grantId, clientId: token.clientId, scopes };
}
