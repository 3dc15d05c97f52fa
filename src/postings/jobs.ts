import type { Context } from "../context.ts";
import type { SomeHandlers } from "../queue/handler.ts";
import { confirmPostings } from "./confirm.ts";
import { confirmAssisted } from "./confirm-assisted.ts";
import { preparePostings } from "./prepare.ts";
import { reversePostings } from "./reverse.ts";
import { sweepPostings } from "./sweep.ts";
import { writePostings } from "./write.ts";

export const postingJobs = {
  "postings.prepare": (cx, payload) => preparePostings(cx, payload),
  "postings.reverse": (cx, payload) => reversePostings(cx, payload),
  "postings.write": (cx, payload, job) => writePostings(cx, payload, job),
  "postings.confirm": async (cx, payload) => {
    await confirmAssisted(cx, payload);
    await confirmPostings(cx, payload);
  },
  "postings.sweepAll": (cx) => sweepPostings(cx),
} satisfies SomeHandlers<
  Context,
  "postings.prepare" | "postings.reverse" | "postings.write" | "postings.confirm" | "postings.sweepAll"
>;
