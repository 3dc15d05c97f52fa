import type { DatabaseSync } from "node:sqlite";
import { Hono } from "hono";
import { formatAddress } from "./addresses.ts";
import { type EventKind, listEventsOf, planEvent } from "./event-queue.ts";
import { type Faults, faultRoutes } from "./faults.ts";
import { linksOf } from "./links.ts";
import { findMessage, listMessages, reactivate, type StoredMessage } from "./messages.ts";

type ControlOptions = { db: DatabaseSync; faults: Faults; wake: () => void };

const DEFAULT_LIMIT = 100;
const MAXIMUM_LIMIT = 1_000;
const KINDS: readonly string[] = ["delivery", "hard_bounce", "soft_bounce", "complaint", "open", "click"];

/**
 * The sandbox's own doors, which no mail service has. `GET /messages?to=&subject=&since=&limit=` (newest
 * first), `GET /messages/:id`, `POST /messages/:id/events { kind, recipient?, link? }`, `DELETE
 * /suppressions/:address`, `/faults`, `GET /health`.
 */
export function controlRoutes({ db, faults, wake }: ControlOptions): Hono {
  const routes = new Hono();
  routes.get("/health", (c) => c.json({ ok: true }));
  routes.route("/faults", faultRoutes(faults));
  routes.get("/messages", (c) => {
    const since = c.req.query("since");
    const sinceTime = since === undefined ? undefined : new Date(since);
    if (sinceTime !== undefined && Number.isNaN(sinceTime.getTime())) {
      return c.json({ error: "since must be an instant" }, 400);
    }
    const limit = Number(c.req.query("limit") ?? DEFAULT_LIMIT);
    if (!Number.isInteger(limit) || limit < 1 || limit > MAXIMUM_LIMIT) {
      return c.json({ error: `limit must be 1 to ${MAXIMUM_LIMIT}` }, 400);
    }
    const filter = { to: c.req.query("to"), subject: c.req.query("subject"), since: sinceTime, limit };
    return c.json({ messages: listMessages(db, filter).map((stored) => toJson(db, stored)) });
  });
  routes.get("/messages/:id", (c) => {
    const stored = findMessage(db, c.req.param("id"));
    return stored === undefined ? c.json({ error: "no such message" }, 404) : c.json(toJson(db, stored));
  });
  routes.post("/messages/:id/events", async (c) => {
    const stored = findMessage(db, c.req.param("id"));
    if (stored === undefined) return c.json({ error: "no such message" }, 404);
    const body = (await c.req.json().catch(() => ({}))) as {
      kind?: unknown;
      recipient?: unknown;
      link?: unknown;
    };
    const recipient = body.recipient ?? stored.recipients[0]?.address;
    const known = stored.recipients.some(({ address }) => address === recipient);
    if (!isKind(body.kind) || typeof recipient !== "string" || !known) {
      return c.json(
        { error: `kind must be one of ${KINDS.join(", ")}, recipient one of the message's` },
        400,
      );
    }
    const link = typeof body.link === "string" ? { link: body.link } : {};
    planEvent(db, { messageId: stored.id, recipient, kind: body.kind, ...link, dueAt: new Date() });
    wake();
    return c.body(null, 202);
  });
  routes.delete("/suppressions/:address", (c) => {
    reactivate(db, c.req.param("address").toLowerCase());
    return c.body(null, 204);
  });
  return routes;
}

function toJson(db: DatabaseSync, { id, submittedAt, message, recipients }: StoredMessage) {
  return {
    id,
    submitted_at: submittedAt.toISOString(),
    from: formatAddress(message.from),
    to: message.to.map(({ email }) => email),
    cc: message.cc.map(({ email }) => email),
    bcc: message.bcc.map(({ email }) => email),
    reply_to: message.replyTo,
    subject: message.subject,
    html: message.html ?? null,
    text: message.text ?? null,
    stream: message.stream,
    tag: message.tag ?? null,
    metadata: message.metadata,
    headers: message.headers,
    attachments: message.attachments.map(({ Name, ContentType }) => ({
      name: Name,
      content_type: ContentType,
    })),
    links: linksOf(message),
    recipients,
    events: listEventsOf(db, id).map((event) => ({
      kind: event.kind,
      recipient: event.recipient,
      state: event.state,
      attempts: event.attempts,
      happened_at: event.happenedAt?.toISOString() ?? null,
      answer: event.answer,
    })),
  };
}

function isKind(value: unknown): value is EventKind {
  return typeof value === "string" && KINDS.includes(value);
}
