import type { Context } from "../context.ts";
import type { SomeHandlers } from "../queue/handler.ts";
import { confirmPostings } from "./confirm.ts";
import { preparePostings } from "./prepare.ts";
import { sweepPostings } from "./sweep.ts";
import { writePosting } from "./write.ts";

export const postingJobs = {
  "postings.prepare": (cx, payload) => preparePostings(cx, payload),
  "postings.write": (cx, payload) => writePosting(cx, payload),
  "postings.confirm": (cx, payload) => confirmPostings(cx, payload),
  "postings.sweepAll": (cx) => sweepPostings(cx),
} satisfies SomeHandlers<
  Context,
  "postings.prepare" | "postings.write" | "postings.confirm" | "postings.sweepAll"
>;
