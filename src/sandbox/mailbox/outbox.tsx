import type { DatabaseSync } from "node:sqlite";
import { type Context, Hono } from "hono";
import { csrf } from "hono/csrf";
import { secureHeaders } from "hono/secure-headers";
import { type EventKind, listEventsOf, planEvent } from "./event-queue.ts";
import { htmlPartResponse } from "./html-part.ts";
import { linksOf } from "./links.ts";
import { MessageList } from "./list-page.tsx";
import { MessagePage } from "./message-page.tsx";
import { findMessage, listMessages, reactivate } from "./messages.ts";
import { NotFoundPage, STYLE_SHEET } from "./page.tsx";
import { STYLES } from "./styles.ts";

type OutboxOptions = { db: DatabaseSync; origin: string; wake: () => void };

const PAGE_SIZE = 50;
const ACTIONS = new Map<string, EventKind>([
  ["open", "open"],
  ["bounce", "hard_bounce"],
  ["complain", "complaint"],
]);
const PAGE_HEADERS = {
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    frameSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'self'"],
  },
  strictTransportSecurity: false,
  originAgentCluster: false,
  // The HTML part brings a policy of its own.
  overwrite: false,
};

/**
 * The pages on which a person reads what was sent: `/outbox`, a page per message, and the tracked links'
 * redirect.
 */
export function outboxRoutes({ db, origin, wake }: OutboxOptions): Hono {
  const routes = new Hono();
  routes.use("/outbox/*", csrf(), secureHeaders(PAGE_HEADERS));
  routes.get(STYLE_SHEET, (c) => c.body(STYLES, 200, { "content-type": "text/css; charset=utf-8" }));
  routes.get("/", (c) => c.redirect("/outbox"));
  routes.get("/outbox", (c) => {
    const search = (c.req.query("search") ?? "").trim();
    const before = Number(c.req.query("before") ?? Number.NaN);
    const found = listMessages(db, {
      to: search,
      before: Number.isInteger(before) ? before : undefined,
      limit: PAGE_SIZE + 1,
    });
    const messages = found.slice(0, PAGE_SIZE);
    const next = found.length > PAGE_SIZE ? messages.at(-1)?.sequence : undefined;
    return c.html(<MessageList messages={messages} search={search} next={next} />);
  });
  routes.get("/outbox/:id", (c) => {
    const stored = findMessage(db, c.req.param("id"));
    if (stored === undefined) return notFound(c);
    const events = listEventsOf(db, stored.id);
    return c.html(<MessagePage stored={stored} events={events} links={linksOf(stored.message)} />);
  });
  routes.get("/outbox/:id/html", (c) => {
    const stored = findMessage(db, c.req.param("id"));
    return stored?.message.html === undefined ? notFound(c) : htmlPartResponse(stored, origin);
  });
  routes.post("/outbox/:id/:action", (c) => act(c, db, wake));
  routes.get("/click/:id/:index", (c) => {
    const stored = findMessage(db, c.req.param("id"));
    const link = stored && linksOf(stored.message)[Number(c.req.param("index"))];
    const recipient = stored?.recipients.find(({ state }) => state !== "suppressed")?.address;
    if (stored === undefined || link === undefined || recipient === undefined) return notFound(c);
    planEvent(db, { messageId: stored.id, recipient, kind: "click", link, dueAt: new Date() });
    wake();
    return c.redirect(link);
  });
  return routes;
}

/**
 * One press of a button beside a recipient; the page it leads back to may be ahead of the event by a moment.
 */
function act(c: Context, db: DatabaseSync, wake: () => void): Response | Promise<Response> {
  const { id = "", action = "" } = c.req.param();
  const stored = findMessage(db, id);
  const recipient = stored?.recipients.find(({ address }) => address === c.req.query("recipient"))?.address;
  if (stored === undefined || recipient === undefined) return notFound(c);
  const kind = ACTIONS.get(action);
  if (action === "reactivate") reactivate(db, recipient);
  else if (kind === undefined || (kind === "open" && !stored.message.trackOpens)) return notFound(c);
  else planEvent(db, { messageId: id, recipient, kind, dueAt: new Date() });
  wake();
  return c.redirect(`/outbox/${id}`, 303);
}

function notFound(c: Context): Response | Promise<Response> {
  return c.html(<NotFoundPage />, 404);
}
