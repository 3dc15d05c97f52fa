import type { Context } from "../context.ts";
import type { SomeHandlers } from "../queue/handler.ts";
import { issueRows } from "./issue-rows.ts";

export const bulkJobs = {
  "bulk.issueRows": (cx, payload, job) => issueRows(cx, payload, job.signal),
} satisfies SomeHandlers<Context, "bulk.issueRows">;
