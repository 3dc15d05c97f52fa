import { newId } from "../base/id.ts";
import type { Context } from "../context.ts";
import type { SomeHandlers } from "../queue/handler.ts";
import { expireDue } from "./expire.ts";
import { actOnMany } from "./many-run.ts";
import { succeedLink } from "./succeed.ts";

export const linkJobs = {
  "links.expireDue": async (cx) => {
    const expired = await expireDue(cx);
    if (expired > 0) cx.log.info("links expired", { expired });
  },
  "links.actOnMany": (cx, payload, job) => actOnMany(cx, payload, job.signal),
  "links.succeed": (cx, { firmId, linkId }) => {
    const actor = { kind: "system", name: "Send for Payment" } as const;
    return succeedLink({ ...cx, firmId, actor, requestId: newId() }, linkId);
  },
} satisfies SomeHandlers<Context, "links.expireDue" | "links.actOnMany" | "links.succeed">;
