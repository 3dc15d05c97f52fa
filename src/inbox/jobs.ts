import type { Context } from "../context.ts";
import type { SomeHandlers } from "../queue/handler.ts";
import { sweepInbox } from "./sweep.ts";

export const inboxJobs = {
  "inbox.sweepAll": async (cx) => {
    const count = await sweepInbox(cx);
    if (count > 0) cx.log.warn("events that nobody acted on are tried again", { count });
  },
} satisfies SomeHandlers<Context, "inbox.sweepAll">;
