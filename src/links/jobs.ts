import type { Context } from "../context.ts";
import type { SomeHandlers } from "../queue/handler.ts";
import { expireDue } from "./expire.ts";

export const linkJobs = {
  "links.expireDue": async (cx) => {
    const expired = await expireDue(cx);
    if (expired > 0) cx.log.info("links expired", { expired });
  },
} satisfies SomeHandlers<Context, "links.expireDue">;
