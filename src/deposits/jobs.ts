import type { Context } from "../context.ts";
import type { SomeHandlers } from "../queue/handler.ts";
import { compareFirm } from "./compare.ts";
import { onPayout, readPayout } from "./on-stripe.ts";
import { startForAll, sweepFirm } from "./sweep.ts";

export const depositJobs = {
  "deposits.onStripe": (cx, payload) => onPayout(cx, payload),
  "deposits.read": (cx, payload) => readPayout(cx, payload),
  "deposits.sweepFirm": (cx, payload) => sweepFirm(cx, payload.firmId),
  "deposits.sweepAll": (cx) => startForAll(cx, "deposits.sweepFirm"),
  "deposits.compareFirm": (cx, payload) => compareFirm(cx, payload.firmId),
  "deposits.compareAll": (cx) => startForAll(cx, "deposits.compareFirm"),
} satisfies SomeHandlers<
  Context,
  | "deposits.onStripe"
  | "deposits.read"
  | "deposits.sweepFirm"
  | "deposits.sweepAll"
  | "deposits.compareFirm"
  | "deposits.compareAll"
>;
