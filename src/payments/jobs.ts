import type { Context } from "../context.ts";
import type { SomeHandlers } from "../queue/handler.ts";
import { askRefund } from "./ask-refund.ts";
import { onEvents } from "./on-events.ts";
import { onStripe } from "./on-stripe.ts";
import { readCheckout } from "./read-checkout.ts";
import { sweepAll, sweepFirm } from "./sweep.ts";

export const paymentJobs = {
  "payments.askRefund": (cx, payload) => askRefund(cx, payload),
  "payments.onEvents": (cx, payload, job) => onEvents(cx, payload, job.signal),
  "payments.onStripe": (cx, payload) => onStripe(cx, payload),
  "payments.readCheckout": (cx, payload) => readCheckout(cx, payload),
  "payments.sweepFirm": (cx, payload) => sweepFirm(cx, payload.firmId),
  "payments.sweepAll": (cx) => sweepAll(cx),
} satisfies SomeHandlers<
  Context,
  | "payments.askRefund"
  | "payments.onEvents"
  | "payments.onStripe"
  | "payments.readCheckout"
  | "payments.sweepFirm"
  | "payments.sweepAll"
>;
