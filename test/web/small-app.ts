import { Hono } from "hono";
import { Problem, statusOf } from "../../src/base/error.ts";
import type { Context } from "../../src/context.ts";
import type { WebEnv } from "../../src/web/env.ts";
import { identify, refuseForeignForms, secureHeaders } from "../../src/web/guard.ts";
import { findScope } from "../../src/web/session.ts";

/** The middleware of the service around routes that a test adds. */
export function smallApp(cx: Context, add: (app: Hono<WebEnv>) => void): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  app.use(async (c, next) => {
    c.set("cx", cx);
    await next();
  });
  app.use(identify, secureHeaders, refuseForeignForms);
  app.use(async (c, next) => {
    c.set("scope", await findScope(c));
    await next();
  });
  add(app);
  app.onError((error, c) => {
    if (error instanceof Problem) return c.text(error.message, statusOf(error.code));
    return c.text("defect", 500);
  });
  return app;
}
