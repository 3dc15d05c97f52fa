import type { Context } from "../context.ts";
import type { SomeHandlers } from "../queue/handler.ts";
import { applyHint } from "./hint.ts";
import { syncConnection } from "./sync.ts";

/** The reading of a connection ends with statements, which this feature owns; so it stands here. */
export const statementsJobs = {
  "connections.sync": syncConnection,
  "connections.onHint": (cx, payload, job) => applyHint(cx, payload, job.signal),
} satisfies SomeHandlers<Context, "connections.sync" | "connections.onHint">;
