import { listFields, pageOf } from "../api/list.ts";
import { listOf, nothing, oneOf, shape, text } from "../api/parameters.ts";
import { type Route, route } from "../api/route.ts";
import { API_VERSION, type Context, PLATFORM_ACCOUNT, seconds } from "../context.ts";
import type { Event } from "../resources.ts";
import { newId } from "../store/identifiers.ts";
import { type Condition, get, insert, type Stored, select } from "../store/objects.ts";
import { enqueueDelivery, unconfirmed } from "./deliveries.ts";

const MAX_TYPES = 20;
const MAX_ENDPOINTS = 16;

/**
 * Records that something happened, with the object as it is now, and puts it into the queue of every
 * endpoint that listens.
 * Call it inside the transaction that made the change.
 */
export function emit(cx: Context, type: string, object: Record<string, unknown>): void {
  const connected = cx.account !== PLATFORM_ACCOUNT;
  const event: Event = {
    id: newId("evt"),
    object: "event",
    ...(connected ? { account: cx.account } : {}),
    api_version: API_VERSION,
    created: seconds(cx),
    data: { object: structuredClone(object) },
    livemode: false,
    pending_webhooks: 0,
    request: cx.cause,
    type,
  };
  insert(cx, "event", event, {});
  const endpoints = select(cx.store, "webhook_endpoint", PLATFORM_ACCOUNT, [], { limit: MAX_ENDPOINTS });
  for (const { body, hidden } of endpoints.reverse()) {
    const listens = body.enabled_events.some((pattern) => pattern === "*" || pattern === type);
    if (body.status === "enabled" && hidden.connect === connected && listens) {
      enqueueDelivery(cx.store, event.id, body.id, cx.now());
    }
  }
}

/** The event as the API returns it now. */
export function showEvent(cx: Context, { body }: Stored<"event">): Event {
  return { ...body, pending_webhooks: unconfirmed(cx.store, body.id) };
}

const UNCONFIRMED =
  "exists (select 1 from delivery where delivery.event = object.id and delivery.state <> 'delivered')";

function typeIs(pattern: string): Condition {
  const exact = { sql: "json_extract(body, '$.type') = ?", values: [pattern] };
  return pattern.endsWith("*") ? { sql: "json_extract(body, '$.type') glob ?", values: [pattern] } : exact;
}

function conditions(input: {
  type?: string | undefined;
  types?: string[] | undefined;
  delivery_success?: "true" | "false" | undefined;
}): Condition[] {
  const found: Condition[] = [];
  if (input.type !== undefined) found.push(typeIs(input.type));
  if (input.types !== undefined) {
    const each = input.types.map(typeIs);
    found.push({
      sql: each.map(({ sql }) => sql).join(" or "),
      values: each.flatMap(({ values }) => values),
    });
  }
  if (input.delivery_success !== undefined) {
    found.push({ sql: input.delivery_success === "true" ? `not ${UNCONFIRMED}` : UNCONFIRMED, values: [] });
  }
  return found;
}

const listRule = shape({
  ...listFields,
  type: text(),
  types: listOf(text(), MAX_TYPES),
  delivery_success: oneOf("true", "false"),
});

export const eventRoutes: Route[] = [
  route("get", "/v1/events", listRule, (cx, input) =>
    pageOf(cx, "event", "/v1/events", input, conditions(input), (stored) => showEvent(cx, stored)),
  ),
  route("get", "/v1/events/:id", nothing, (cx, _input, id) => showEvent(cx, get(cx, "event", id))),
];
