import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { errors } from "oidc-provider";
import { signedInUser, signIn, signOut } from "./browser-session.ts";
import { Consent } from "./consent.tsx";
import type { Docket } from "./docket.ts";
import { ChooseUser, Page } from "./layout.tsx";
import { AUTHORIZATION_PATH } from "./oidc.ts";
import { adminScopes, findUser, listUsers } from "./users.ts";

type Env = { Bindings: HttpBindings };

/** Sign-in and consent on the way to an authorization code: plain forms, no script. */
export function interactionRoutes(docket: Docket): Hono<Env> {
  const routes = new Hono<Env>();
  routes.get("/:uid", (context) => showPrompt(docket, context));
  routes.post("/:uid/login", (context) => logIn(docket, context));
  routes.post("/:uid/consent", (context) => decide(docket, context));
  routes.post("/:uid/switch", async (context) => {
    const { params } = await detailsOf(docket, context);
    signOut(docket.store, context);
    return context.redirect(authorizationUrl(params), 303);
  });
  routes.onError((error, context) => {
    if (!(error instanceof errors.SessionNotFound)) throw error;
    return context.html(
      <Page title="Request expired" narrow>
        <h1>This request has expired</h1>
        <p>Go back to the app and start again.</p>
      </Page>,
      400,
    );
  });
  return routes;
}

function detailsOf(docket: Docket, context: Context<Env>) {
  return docket.provider.interactionDetails(context.env.incoming, context.env.outgoing);
}

async function showPrompt(docket: Docket, context: Context<Env>): Promise<Response> {
  const { prompt, params, session, uid } = await detailsOf(docket, context);
  if (prompt.name === "login") {
    const user = signedInUser(docket.store, context);
    if (user !== undefined && !prompt.reasons.includes("login_prompt")) {
      return resume(docket, context, { login: { accountId: user.id } });
    }
    return context.html(
      <Page title="Sign in" narrow>
        <ChooseUser action={`/interaction/${uid}/login`} users={listUsers(docket.store)} />
      </Page>,
    );
  }
  const user = findUser(docket.store, session?.accountId ?? "");
  if (user === undefined) throw new errors.SessionNotFound("nobody is signed in");
  const scopes = scopesOf(params);
  return context.html(
    <Page title="Allow access" narrow>
      <Consent
        app={docket.options.client.name}
        action={`/interaction/${uid}`}
        user={user}
        scopes={scopes}
        needsAdmin={adminScopes(scopes).length > 0 && user.role !== "admin"}
      />
    </Page>,
  );
}

async function logIn(docket: Docket, context: Context<Env>): Promise<Response> {
  const { params, session } = await detailsOf(docket, context);
  const form = await context.req.parseBody();
  const user = findUser(docket.store, String(form.user_id ?? ""));
  if (user === undefined) return context.text("There is no such user.", 400);
  if (session?.accountId !== undefined && session.accountId !== user.id) {
    // The authorization server holds someone else: begin again as the new user, with nothing left of the other.
    signIn(docket.store, context, user.id);
    return context.redirect(authorizationUrl(params), 303);
  }
  const answer = await resume(docket, context, { login: { accountId: user.id } });
  signIn(docket.store, context, user.id);
  return answer;
}

async function decide(docket: Docket, context: Context<Env>): Promise<Response> {
  const { params, session, prompt } = await detailsOf(docket, context);
  const form = await context.req.parseBody();
  if (form.decision !== "allow") {
    return resume(docket, context, {
      error: "access_denied",
      error_description: "the user did not allow access",
    });
  }
  const user = findUser(docket.store, session?.accountId ?? "");
  const scopes = scopesOf(params);
  if (prompt.name !== "consent" || user === undefined) throw new errors.SessionNotFound("nothing to decide");
  if (adminScopes(scopes).length > 0 && user.role !== "admin") {
    return context.text("Only an administrator may allow this.", 403);
  }
  const grant = new docket.provider.Grant({
    accountId: user.id,
    clientId: docket.options.client.id,
  });
  grant.addOIDCScope(scopes);
  return resume(docket, context, { consent: { grantId: await grant.save() } });
}

async function resume(
  docket: Docket,
  context: Context<Env>,
  result: Parameters<typeof docket.provider.interactionResult>[2],
): Promise<Response> {
  const { incoming, outgoing } = context.env;
  const returnTo = await docket.provider.interactionResult(incoming, outgoing, result);
  return context.redirect(returnTo, 303);
}

function scopesOf(params: Record<string, unknown>): string[] {
  return typeof params.scope === "string" ? params.scope.split(" ") : [];
}

/** The request from its beginning, without the wish for another sign-in, which has just happened. */
function authorizationUrl(params: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (typeof value === "string") query.set(name, value);
  }
  const prompts = (query.get("prompt") ?? "").split(" ").filter((word) => word !== "login" && word !== "");
  if (prompts.length > 0) query.set("prompt", prompts.join(" "));
  else query.delete("prompt");
  return `${AUTHORIZATION_PATH}?${query}`;
}
