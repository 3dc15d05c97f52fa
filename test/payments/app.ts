import { Hono } from "hono";
import { Problem, statusOf } from "../../src/base/error.ts";
import type { Context } from "../../src/context.ts";
import { inboxJobs } from "../../src/inbox/jobs.ts";
import { payJobs } from "../../src/pay/jobs.ts";
import { payRoutes } from "../../src/pay/routes.tsx";
import { paymentJobs } from "../../src/payments/jobs.ts";
import { paymentRoutes } from "../../src/payments/routes.tsx";
import { type JobName, jobNames } from "../../src/queue/catalog.ts";
import type { Handlers, SomeHandlers } from "../../src/queue/handler.ts";
import type { WebEnv } from "../../src/web/env.ts";
import { identify, refuseForeignForms, secureHeaders } from "../../src/web/guard.ts";

/** Hands a body to our webhook as it is. */
export async function deliverRaw(
  app: Hono<WebEnv>,
  body: string,
  header: string | undefined,
): Promise<Response> {
  return await app.request("/hooks/stripe", {
    method: "POST",
    body,
    headers: {
      "Content-Type": "application/json",
      ...(header === undefined ? {} : { "Stripe-Signature": header }),
    },
  });
}

/** Our routes behind the product's own middleware. */
export function appOf(cx: Context): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  app.use(async (c, next) => {
    c.set("cx", cx);
    await next();
  });
  app.use(identify, secureHeaders);
  app.use(async (c, next) => {
    if (c.req.path.startsWith("/hooks/")) await next();
    else return await refuseForeignForms(c, next);
  });
  app.route("/", payRoutes);
  app.route("/", paymentRoutes);
  app.onError((error, c) => {
    if (error instanceof Problem) return c.text(error.message, statusOf(error.code));
    cx.log.error("a request failed", {}, error);
    return c.text("failed", 500);
  });
  return app;
}

/** The jobs under test do their work, with `more` of other features; all others are only counted. */
export function recordingHandlers(more: SomeHandlers<Context, never> = {}) {
  const calls: { name: JobName; payload: unknown }[] = [];
  const counted = Object.fromEntries(
    jobNames().map((name) => [
      name,
      async (_cx: Context, payload: unknown) => {
        calls.push({ name, payload });
      },
    ]),
  );
  const all = {
    ...counted,
    ...inboxJobs,
    ...payJobs,
    ...paymentJobs,
    ...more,
  } as unknown as Handlers<Context>;
  return { calls, all };
}
