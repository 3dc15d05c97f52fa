import { endConnection } from "../connections/end.ts";
import { subscribe } from "../connections/subscribe.ts";
import { syncAll } from "../connections/sync-all.ts";
import type { Context } from "../context.ts";
import type { SomeHandlers } from "../queue/handler.ts";
import { applyHint } from "./hint.ts";
import { syncConnection } from "./sync.ts";

/** The jobs of a connection. They stand here, since reading one ends with statements, which this feature owns. */
export const connectionJobs = {
  "connections.sync": syncConnection,
  "connections.onHint": (cx, payload, job) => applyHint(cx, payload, job.signal),
  "connections.subscribe": (cx, payload) => subscribe(cx, payload),
  "connections.end": (cx, payload) => endConnection(cx, payload),
  "connections.syncAll": (cx) => syncAll(cx),
} satisfies SomeHandlers<
  Context,
  | "connections.sync"
  | "connections.onHint"
  | "connections.subscribe"
  | "connections.end"
  | "connections.syncAll"
>;
