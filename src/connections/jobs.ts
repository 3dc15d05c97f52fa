import type { Context } from "../context.ts";
import type { SomeHandlers } from "../queue/handler.ts";
import { endConnection } from "./end.ts";
import { subscribe } from "./subscribe.ts";
import { syncAll } from "./sync-all.ts";

/** The reading itself is in the feature that owns the last family read: statements. */
export const connectionsJobs = {
  "connections.subscribe": (cx, payload) => subscribe(cx, payload),
  "connections.end": (cx, payload) => endConnection(cx, payload),
  "connections.syncAll": (cx) => syncAll(cx),
} satisfies SomeHandlers<Context, "connections.subscribe" | "connections.end" | "connections.syncAll">;
