import { newId } from "../base/id.ts";
import type { Context } from "../context.ts";
import type { SomeHandlers } from "../queue/handler.ts";
import { expireCheckouts } from "./expire-checkouts.ts";

export const payJobs = {
  "pay.expireCheckouts": (cx, payload) => {
    const actor = { kind: "system", name: "Send for Payment" } as const;
    return expireCheckouts({ ...cx, firmId: payload.firmId, actor, requestId: newId() }, payload.linkId);
  },
} satisfies SomeHandlers<Context, "pay.expireCheckouts">;
