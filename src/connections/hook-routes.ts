import { Hono } from "hono";
import { Problem, statusOf } from "../base/error.ts";
import { allow } from "../web/allow.ts";
import type { WebEnv } from "../web/env.ts";
import { receiveHook } from "./receive-hook.ts";

/** Where matter systems send their webhooks. The caller signs; there is no cookie and no page, only JSON. */
export const connectorHookRoutes = new Hono<WebEnv>();

connectorHookRoutes.post("/hooks/connector/:webhookKey", allow("signature"), async (c) => {
  const rawBody = await c.req.text();
  const header = (name: string) => c.req.header(name);
  try {
    const received = await receiveHook(c.get("cx"), c.req.param("webhookKey"), { rawBody, header });
    return c.json({ received });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const status = error.code === "invalid" ? 400 : statusOf(error.code);
    return c.json({ error: error.message }, status);
  }
});
