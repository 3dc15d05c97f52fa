import { listFields, pageOf } from "../api/list.ts";
import { flag, listOf, mergeMetadata, metadata, nothing, shape, text } from "../api/parameters.ts";
import { badParameter } from "../api/problems.ts";
import { type Route, route } from "../api/route.ts";
import { API_VERSION, type Context, PLATFORM_ACCOUNT, seconds } from "../context.ts";
import type { WebhookEndpoint } from "../resources.ts";
import { newId, randomText } from "../store/identifiers.ts";
import { get, insert, remove, type Stored, save, select } from "../store/objects.ts";

const MAX_EVENTS = 250;
const MAX_ENDPOINTS = 16;
const SECRET_LENGTH = 32;

type Wanted = {
  url: string;
  enabled_events: string[];
  description?: string | undefined;
  metadata?: Record<string, string> | undefined;
};

function newEndpoint(cx: Context, wanted: Wanted): WebhookEndpoint {
  return {
    id: newId("we"),
    object: "webhook_endpoint",
    api_version: API_VERSION,
    application: null,
    created: seconds(cx),
    description: wanted.description ?? null,
    enabled_events: wanted.enabled_events,
    livemode: false,
    metadata: wanted.metadata ?? {},
    status: "enabled",
    url: wanted.url,
  };
}

/** Makes or corrects the endpoint that the process was started with; it hears of all connected accounts. */
export function keepManagedEndpoint(cx: Context, url: string, secret: string): void {
  const platform = { ...cx, account: PLATFORM_ACCOUNT };
  const managed = { sql: "json_extract(hidden, '$.managed')", values: [] };
  const [found] = select(cx.store, "webhook_endpoint", PLATFORM_ACCOUNT, [managed], { limit: 1 });
  const hidden = { secret, connect: true, managed: true };
  if (found === undefined)
    insert(platform, "webhook_endpoint", newEndpoint(cx, { url, enabled_events: ["*"] }), hidden);
  else save(platform, { ...found, body: { ...found.body, url, status: "enabled" }, hidden });
}

const createRule = shape(
  {
    url: webAddress,
    enabled_events: listOf(text(), MAX_EVENTS),
    api_version: text(),
    connect: flag,
    description: text(),
    metadata,
  },
  ["url", "enabled_events"],
);

const updateRule = shape({
  url: webAddress,
  enabled_events: listOf(text(), MAX_EVENTS),
  description: text(),
  disabled: flag,
  metadata,
});

function create(cx: Context, input: ReturnType<typeof createRule>): WebhookEndpoint & { secret: string } {
  const existing = select(cx.store, "webhook_endpoint", cx.account, [], { limit: MAX_ENDPOINTS });
  if (existing.length === MAX_ENDPOINTS) {
    throw badParameter("url", `You have reached the maximum of ${MAX_ENDPOINTS} webhook endpoints.`);
  }
  const secret = `whsec_${randomText(SECRET_LENGTH)}`;
  const hidden = { secret, connect: input.connect ?? false, managed: false };
  // The secret is in this one answer and never in another.
  return { ...insert(cx, "webhook_endpoint", newEndpoint(cx, input), hidden).body, secret };
}

function update(cx: Context, input: ReturnType<typeof updateRule>, id: string): WebhookEndpoint {
  const stored: Stored<"webhook_endpoint"> = get(cx, "webhook_endpoint", id);
  const before = stored.body;
  stored.body = {
    ...before,
    url: input.url ?? before.url,
    enabled_events: input.enabled_events ?? before.enabled_events,
    description: input.description ?? before.description,
    metadata: mergeMetadata(before.metadata, input.metadata),
    status: input.disabled === undefined ? before.status : input.disabled ? "disabled" : "enabled",
  };
  save(cx, stored);
  return stored.body;
}

function destroy(cx: Context, id: string): Record<string, unknown> {
  get(cx, "webhook_endpoint", id);
  remove(cx, id);
  return { id, object: "webhook_endpoint", deleted: true };
}

function webAddress(value: Parameters<ReturnType<typeof text>>[0], path: string): string {
  const address = text()(value, path);
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    throw badParameter(
      path,
      "Invalid URL: An explicit scheme (such as https) must be provided.",
      "url_invalid",
    );
  }
  return address;
}

export const endpointRoutes: Route[] = [
  route("post", "/v1/webhook_endpoints", createRule, create),
  route("get", "/v1/webhook_endpoints", shape(listFields), (cx, input) =>
    pageOf(cx, "webhook_endpoint", "/v1/webhook_endpoints", input, []),
  ),
  route(
    "get",
    "/v1/webhook_endpoints/:id",
    nothing,
    (cx, _input, id) => get(cx, "webhook_endpoint", id).body,
  ),
  route("post", "/v1/webhook_endpoints/:id", updateRule, update),
  route("delete", "/v1/webhook_endpoints/:id", nothing, (cx, _input, id) => destroy(cx, id)),
];
