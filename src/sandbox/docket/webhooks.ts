import { randomBytes, randomUUID } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";
import { readBody } from "./body.ts";
import { EVENT_TYPES } from "./changes.ts";
import type { Docket } from "./docket.ts";
import { type ApiEnv, requireScope } from "./guard.ts";
import { Refusal } from "./refusal.ts";

const MAX_WEBHOOKS = 20;
const MAX_URL_LENGTH = 2000;
const SECRET_BYTES = 32;

const webhookBody = z.object({
  url: z.url({ protocol: /^https?$/ }).max(MAX_URL_LENGTH),
  events: z.array(z.enum(EVENT_TYPES)).min(1),
});

type WebhookRow = { id: string; url: string; events: string };

/** Making, listing and removing an app's webhooks. */
export function webhookRoutes(docket: Docket): Hono<ApiEnv> {
  const { store } = docket;
  const routes = new Hono<ApiEnv>();
  const mayManage = requireScope("webhooks.manage");
  const listOf = (clientId: string) =>
    store.all<WebhookRow>(
      "select id, url, events from webhooks where client_id = ? order by created_at, id",
      clientId,
    );
  routes.post("/webhooks", mayManage, async (context) => {
    const body = await readBody(context, webhookBody);
    const { clientId } = context.get("access");
    if (listOf(clientId).length >= MAX_WEBHOOKS) {
      throw new Refusal(422, "invalid", `An app may have ${MAX_WEBHOOKS} webhooks.`);
    }
    const webhook = {
      id: `whk_${randomUUID()}`,
      url: body.url,
      events: [...new Set(body.events)],
      secret: `whsec_${randomBytes(SECRET_BYTES).toString("base64url")}`,
    };
    store.run(
      "insert into webhooks (id, client_id, url, events, secret, created_at) values (?, ?, ?, ?, ?, ?)",
      webhook.id,
      clientId,
      webhook.url,
      webhook.events.join(" "),
      webhook.secret,
      Date.now(),
    );
    return context.json(webhook, 201);
  });
  routes.get("/webhooks", mayManage, (context) => {
    const data = listOf(context.get("access").clientId).map((row) => ({
      ...row,
      events: row.events.split(" "),
    }));
    return context.json({ data, next_cursor: null });
  });
  routes.delete("/webhooks/:id", mayManage, (context) => {
    const id = context.req.param("id");
    const removed = store.run(
      "delete from webhooks where id = ? and client_id = ?",
      id,
      context.get("access").clientId,
    );
    if (removed === 0) throw new Refusal(404, "not_found", `There is no webhook ${id}.`);
    return context.body(null, 204);
  });
  return routes;
}
