import { setTimeout as wait } from "node:timers/promises";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type Context as Call, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Context } from "../context.ts";
import { type FaultKind, takeFaults } from "../control/faults.ts";
import { newId } from "../store/identifiers.ts";
import { expand, type Includes } from "./expand.ts";
import { decodeForm } from "./form.ts";
import { type Answer, type Claim, claim, fingerprintOf, keep, release } from "./idempotency.ts";
import { accountOf, versionOf } from "./identity.ts";
import { splitExpand } from "./parameters.ts";
import { Problem, problemBody } from "./problems.ts";
import type { Route } from "./route.ts";

const MAX_EXPAND_PATHS = 20;

type ApiOptions = { base: Context; secretKey: string; routes: Route[]; includes: Includes };
type Env = { Bindings: HttpBindings };
type Asked = { route: Route; id: string; requestId: string; form: string; path: string };

/**
 * The API as a Hono app: identity, faults, idempotency, parameters, one transaction per request, Stripe's
 * error shape.
 */
export function apiApp(options: ApiOptions): Hono<Env> {
  const app = new Hono<Env>();
  for (const route of options.routes) {
    app.on(route.method.toUpperCase(), route.path, async (c) => {
      const url = new URL(c.req.url);
      const form = route.method === "post" ? await c.req.text() : url.search.slice(1);
      const id = c.req.param("id") ?? "";
      return answer(options, c, { route, id, requestId: newId("req"), form, path: url.pathname });
    });
  }
  app.all("/v1/*", (c) => {
    const words =
      `Unrecognized request URL (${c.req.method}: ${c.req.path}). If you are trying to list ` +
      "objects, remove the trailing slash. If you are trying to retrieve an object, make sure " +
      "you passed a valid (non-empty) identifier in your code.";
    const problem = new Problem(404, "invalid_request_error", words);
    return c.json(problemBody(problem, options.base.origin), 404);
  });
  return app;
}

async function answer(options: ApiOptions, c: Call<Env>, asked: Asked): Promise<Response> {
  const { base, secretKey } = options;
  const faults = takeFaults(base.store, asked.path);
  c.header("request-id", asked.requestId);
  c.header("stripe-version", versionOf(c.req.raw.headers));
  if (faults.has("no_error_body")) return c.json({ message: "no route matched with those values" }, 404);
  let claimed: Claim | undefined;
  try {
    if (faults.has("rate_limit")) throw rateLimited();
    const account = accountOf(base.store, c.req.raw.headers, secretKey);
    const key = asked.route.method === "post" ? c.req.header("idempotency-key") : undefined;
    const cx = { ...base, account, cause: { id: asked.requestId, idempotency_key: key ?? null } };
    if (account !== base.account) c.header("stripe-account", account);
    if (key !== undefined) {
      c.header("idempotency-key", key);
      const wish = { scope: account, key, fingerprint: fingerprintOf(asked.path, asked.form) };
      const earlier = claim(base.store, wish, base.now());
      if (earlier !== "claimed") {
        c.header("idempotent-replayed", "true");
        return send(c, earlier, faults);
      }
      claimed = wish;
    }
    await wait(faults.get("latency") ?? 0);
    return send(c, execute(options, cx, asked, claimed, faults), faults);
  } catch (error) {
    if (claimed !== undefined) release(base.store, claimed);
    if (!(error instanceof Problem)) throw error;
    for (const [name, value] of Object.entries(error.details.headers ?? {})) c.header(name, value);
    return c.json(problemBody(error, base.origin), error.status);
  }
}

/**
 * Runs the operation and stores its answer under the key, both in one transaction; throws only what never
 * began.
 */
function execute(
  options: ApiOptions,
  cx: Context,
  asked: Asked,
  claimed: Claim | undefined,
  faults: Map<FaultKind, number>,
): Answer {
  const { paths, rest } = splitExpand(decodeForm(asked.form), MAX_EXPAND_PATHS);
  const run = asked.route.prepare(cx, rest, asked.id);
  try {
    return cx.store.transaction(() => {
      if (faults.has("error")) throw new Problem(500, "api_error", "An unknown error occurred");
      const body = JSON.stringify(expand(cx, run(), paths, options.includes));
      if (claimed !== undefined) keep(cx.store, claimed, { status: 200, body });
      return { status: 200, body };
    });
  } catch (error) {
    if (!(error instanceof Problem) || error.details.refused === true) throw error;
    const failed = {
      status: error.status,
      body: JSON.stringify(problemBody(error, cx.origin)),
    };
    if (claimed !== undefined) keep(cx.store, claimed, failed);
    return failed;
  }
}

function send(c: Call<Env>, { status, body }: Answer, faults: Map<FaultKind, number>): Response {
  if (faults.has("drop_answer")) {
    // The work is done and stored; only the answer is lost, as when a connection breaks.
    c.env.incoming.socket.destroy();
    return RESPONSE_ALREADY_SENT;
  }
  return c.body(body, status as ContentfulStatusCode, { "content-type": "application/json" });
}

function rateLimited(): Problem {
  const words =
    "Request rate limit exceeded. You can learn more about rate limits here " +
    "https://stripe.com/docs/rate-limits.";
  return new Problem(429, "invalid_request_error", words, {
    code: "rate_limit",
    headers: { "stripe-rate-limited-reason": "endpoint-rate" },
  });
}
