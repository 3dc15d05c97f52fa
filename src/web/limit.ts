import { Problem } from "../base/error.ts";
import type { Web } from "./env.ts";

/** How often one caller may do one thing. */
export type Limit = {
  name: string;
  limit: number;
  windowSeconds: number;
  /** Counts all callers together: for what many addresses may do to one link. */
  isShared?: boolean;
};

/** More callers than this are not counted apart; the oldest are forgotten, so that a flood cannot fill the memory. */
const CALLERS_LIMIT = 50_000;

const IPV6_GROUPS = 8;
const IPV6_NETWORK_GROUPS = 4;

type Window = { endsAt: number; count: number };
const windows = new Map<string, Window>();

/**
 * Throws `too_many` when the caller's address, together with `about` (a link, an account), did this more often than allowed in the
 * running window. Counted per process: a limit of effort, not a lock; the secrets behind these doors are 256 bits long.
 */
export function demandCalm(c: Web, limit: Limit, about = ""): void {
  const now = c.get("cx").now().getTime();
  const key = `${limit.name}|${limit.isShared ? "all" : callerOf(c)}|${about}`;
  const window = windows.get(key);
  if (!window || window.endsAt <= now) {
    windows.delete(key);
    if (windows.size >= CALLERS_LIMIT) forgetOldest();
    windows.set(key, { endsAt: now + limit.windowSeconds * 1000, count: 1 });
    return;
  }
  window.count += 1;
  if (window.count <= limit.limit) return;
  const seconds = Math.max(1, Math.ceil((window.endsAt - now) / 1000));
  c.header("Retry-After", String(seconds));
  throw new Problem("too_many", `That was very often. Wait ${seconds} seconds and try again.`);
}

function forgetOldest(): void {
  const oldest = windows.keys().next();
  if (!oldest.done) windows.delete(oldest.value);
}

/** The address of the caller: as many hops back in X-Forwarded-For as there are proxies of ours, else the socket's. */
function callerOf(c: Web): string {
  const hops = c.get("cx").config.trustedProxies;
  const forwarded = (c.req.header("X-Forwarded-For") ?? "").split(",").map((part) => part.trim());
  const address = hops > 0 ? forwarded.at(-hops) : socketAddress(c.env);
  return networkOf(address ?? "unknown");
}

/** What one caller can hardly leave: an IPv4 address (some proxies add a port to it), or the /64 of an IPv6 address. */
function networkOf(address: string): string {
  const ipv4 = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})(?::\d+)?$/i.exec(address);
  if (ipv4?.[1]) return ipv4[1];
  const [head = "", tail] = address.replace(/^\[|\](?::\d+)?$/g, "").split("::");
  const leading = head.split(":");
  const trailing = tail?.split(":") ?? [];
  const missing = Array.from(
    { length: Math.max(0, IPV6_GROUPS - leading.length - trailing.length) },
    () => "0",
  );
  const groups = tail === undefined ? leading : [...leading, ...missing, ...trailing];
  return groups
    .slice(0, IPV6_NETWORK_GROUPS)
    .map((group) => group.replace(/^0+(?=.)/, "") || "0")
    .join(":");
}

function socketAddress(env: unknown): string | undefined {
  if (typeof env !== "object" || env === null || !("incoming" in env)) return undefined;
  const { incoming } = env as { incoming: { socket?: { remoteAddress?: string } } };
  return incoming.socket?.remoteAddress;
}
