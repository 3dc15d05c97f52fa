import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { ProcessorError } from "../stripe/port.ts";
import { allow } from "../web/allow.ts";
import type { WebEnv } from "../web/env.ts";
import { paymentPageRoutes } from "./payment-routes.tsx";
import { receiveDelivery } from "./receive.ts";

/** The processor's events are a few kilobytes; nothing larger is read, let alone checked. */
const BODY_LIMIT_BYTES = 256 * 1024;

export const paymentRoutes = new Hono<WebEnv>();

paymentRoutes.route("/", paymentPageRoutes);

paymentRoutes.post(
  "/hooks/stripe",
  allow("signature"),
  bodyLimit({ maxSize: BODY_LIMIT_BYTES, onError: (c) => c.text("too large", 413) }),
  async (c) => {
    const cx = c.get("cx");
    // The signature is over these very characters, so they are not parsed before they are checked.
    const rawBody = await c.req.text();
    try {
      const received = await receiveDelivery(cx, rawBody, c.req.header("Stripe-Signature"));
      return c.json({ received });
    } catch (error) {
      if (!(error instanceof ProcessorError)) throw error;
      cx.log.warn("a delivery to the payment webhook was refused", { reason: error.message });
      return c.text("not signed as it should be", 400);
    }
  },
);
