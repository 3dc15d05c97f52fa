import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { controlRoutes } from "./control.ts";
import type { Docket } from "./docket.ts";
import { type ApiEnv, errorBody, requireToken } from "./guard.ts";
import { readRoutes } from "./read.ts";
import { Refusal } from "./refusal.ts";
import { refuseOtherOrigins } from "./same-origin.ts";
import { webhookRoutes } from "./webhooks.ts";
import { writeRoutes } from "./write.ts";

const MAX_BODY_BYTES = 1_000_000;

/** Everything that answers in JSON: the API and the sandbox's own doors. */
export function jsonRoutes(docket: Docket): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.use(
    "*",
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (context) => context.json(errorBody("bad_request", "The body is too large."), 400),
    }),
  );
  routes.use("/api/v1/*", requireToken(docket));
  routes.route("/api/v1", readRoutes(docket));
  routes.route("/api/v1", writeRoutes(docket));
  routes.route("/api/v1", webhookRoutes(docket));
  routes.use("/control/*", refuseOtherOrigins(docket.origin));
  routes.route("/control", controlRoutes(docket));
  routes.notFound((context) => context.json(errorBody("not_found", "There is nothing here."), 404));
  routes.onError((error, context) => {
    if (error instanceof Refusal) {
      return context.json(errorBody(error.code, error.message), error.status);
    }
    if (error instanceof HTTPException) return error.getResponse();
    process.stderr.write(`docket: ${error.stack ?? error.message}\n`);
    return context.json(errorBody("internal_error", "Something went wrong at Docket."), 500);
  });
  return routes;
}
