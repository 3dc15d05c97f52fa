import Provider, { type Configuration, type KoaContextWithOIDC } from "oidc-provider";
import { createAdapter } from "./adapter.ts";
import type { Keys } from "./keys.ts";
import { ACCOUNT, type DocketOptions } from "./options.ts";
import type { Store } from "./store.ts";
import { adminScopes, findUser } from "./users.ts";

const DAY_SECONDS = 86_400;
const LIFETIMES = {
  AccessToken: 300,
  AuthorizationCode: 60,
  Grant: 365 * DAY_SECONDS,
  IdToken: 3600,
  Interaction: 3600,
  RefreshToken: 90 * DAY_SECONDS,
  Session: 14 * DAY_SECONDS,
};

export const SESSION_COOKIE = "docket_oidc_session";
const SIGN_IN_SCOPES = new Set(["openid", "email", "profile"]);

export const AUTHORIZATION_PATH = "/oauth/authorize";

const ROUTES = {
  authorization: AUTHORIZATION_PATH,
  token: "/oauth/token",
  revocation: "/oauth/revoke",
  userinfo: "/oauth/userinfo",
  jwks: "/oauth/jwks",
};

/** Docket's authorization server: code with PKCE, rotating refresh tokens, everything stored in the data file. */
export function createProvider(origin: string, store: Store, keys: Keys, options: DocketOptions): Provider {
  const provider = new Provider(origin, {
    ...fixedConfiguration(),
    adapter: (model) => createAdapter(store, model),
    jwks: { keys: keys.signing },
    cookies: {
      keys: keys.cookies,
      names: {
        session: SESSION_COOKIE,
        interaction: "docket_interaction",
        resume: "docket_interaction_resume",
      },
    },
    clients: [
      {
        client_id: options.client.id,
        client_secret: options.client.secret,
        client_name: options.client.name,
        redirect_uris: options.client.redirectUris,
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        token_endpoint_auth_method: "client_secret_basic",
      },
    ],
    findAccount: (_context, id) => {
      const user = findUser(store, id);
      if (user === undefined) return undefined;
      const { email, name } = user;
      return {
        accountId: id,
        claims: async () => ({ sub: id, email, name, account_id: ACCOUNT.id, account_name: ACCOUNT.name }),
      };
    },
  });
  provider.use(askForOfflineConsent);
  return provider;
}

function fixedConfiguration(): Configuration {
  return {
    routes: ROUTES,
    responseTypes: ["code"],
    clientAuthMethods: ["client_secret_basic"],
    scopes: [
      "openid",
      "email",
      "profile",
      "offline_access",
      "matters.read",
      "payments.write",
      "webhooks.manage",
    ],
    claims: { openid: ["sub", "account_id", "account_name"], email: ["email"], profile: ["name"] },
    // The ID token itself says who signed in, also when there is a userinfo endpoint.
    conformIdTokenClaims: false,
    clockTolerance: 0,
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: async (_context, client, token) => token.clientId === client.clientId,
      },
    },
    clientBasedCORS: () => false,
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: async (_context, _client, source) => source.scopes.has("offline_access"),
    expiresWithSession: async (_context, source) => !source.scopes.has("offline_access"),
    loadExistingGrant,
    ttl: LIFETIMES,
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    renderError: (context, out) => {
      context.type = "text";
      context.body = `Docket could not go on: ${out.error_description ?? out.error}\n`;
    },
  };
}

/**
 * A sign-in is not asked again by the same browser, but gets a grant of its own, so that what ends the sign-in never ends
 * a connection that the same person made. Everything else is asked each time.
 */
async function loadExistingGrant(context: KoaContextWithOIDC) {
  const { provider, result, session, client, account, requestParamScopes } = context.oidc;
  const consented = result?.consent?.grantId;
  if (consented !== undefined) return provider.Grant.find(consented);
  if (client === undefined || account === undefined || session === undefined) return undefined;
  const previousId = session.grantIdFor(client.clientId);
  const previous = previousId === undefined ? undefined : await provider.Grant.find(previousId);
  const requested = [...requestParamScopes];
  if (previous === undefined || !requested.every((scope) => SIGN_IN_SCOPES.has(scope))) return undefined;
  const grant = new provider.Grant({ accountId: account.accountId, clientId: client.clientId });
  grant.addOIDCScope(previous.getOIDCScopeFiltered(new Set(requested)));
  await grant.save();
  return grant;
}

/** OpenID Connect drops offline_access where consent is not asked for; Docket asks for it instead. */
async function askForOfflineConsent(context: { path: string; query: unknown }, next: () => Promise<void>) {
  const query = context.query as Record<string, string | string[] | undefined>;
  if (context.path === AUTHORIZATION_PATH && typeof query.scope === "string" && query.prompt === undefined) {
    const scopes = query.scope.split(" ");
    if (scopes.includes("offline_access") || adminScopes(scopes).length > 0) {
      context.query = { ...query, prompt: "consent" };
    }
  }
  await next();
}
