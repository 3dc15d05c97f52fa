import { createHmac } from "node:crypto";
import type { Context } from "../context.ts";
import { findAnywhere } from "../store/objects.ts";
import { type Delivery, dueDeliveries, recordAttempt } from "./deliveries.ts";
import { showEvent } from "./events.ts";
import { readSwitches } from "./switches.ts";

const ANSWER_TIMEOUT_MILLISECONDS = 10_000;
const BATCH = 50;

export type Sender = {
  /** Sends what is due; resolves when nothing due is left. One round at a time. */
  run: () => Promise<void>;
  /** Ends what is under way and starts nothing more. */
  stop: () => Promise<void>;
};

/** The header Stripe signs its deliveries with; `timestamp` in seconds since 1970. */
export function signature(payload: string, secret: string, timestamp: number): string {
  const digest = createHmac("sha256", secret).update(`${timestamp}.${payload}`).digest("hex");
  return `t=${timestamp},v1=${digest}`;
}

/** Makes the sender of the stored queue; deliveries go out one after the other, in the order of the queue. */
export function openSender(cx: Context, retryDelaysMilliseconds: readonly number[]): Sender {
  const ended = new AbortController();
  let round: Promise<void> | undefined;
  const sendDue = async () => {
    for (let batch = dueDeliveries(cx.store, cx.now(), BATCH); batch.length > 0; ) {
      for (const delivery of batch) {
        const result = await attempt(cx, delivery, ended.signal);
        // A round cut short by the end of the process is no attempt: it is made again after the restart.
        if (ended.signal.aborted) return;
        recordAttempt(cx.store, delivery, { ...result, now: cx.now(), retryDelaysMilliseconds });
      }
      batch = dueDeliveries(cx.store, cx.now(), BATCH);
    }
  };
  return {
    run: () => {
      round ??= sendDue().finally(() => {
        round = undefined;
      });
      return round;
    },
    stop: async () => {
      ended.abort();
      await round;
    },
  };
}

type Outcome = { confirmed: boolean; outcome: string };

async function attempt(cx: Context, delivery: Delivery, ended: AbortSignal): Promise<Outcome> {
  const event = findAnywhere(cx.store, "event", delivery.event);
  const endpoint = findAnywhere(cx.store, "webhook_endpoint", delivery.endpoint);
  if (event === undefined || endpoint === undefined)
    return { confirmed: true, outcome: "the endpoint is gone" };
  const switches = readSwitches(cx.store);
  const payload = JSON.stringify(showEvent(cx, event), null, 2);
  const timestamp = Math.floor(cx.now() / 1000) + switches.clock_skew_seconds;
  const header = signature(payload, endpoint.hidden.secret, timestamp);
  const copies = Array.from({ length: switches.duplicate }, () =>
    post(endpoint.body.url, payload, header, ended),
  );
  const outcomes = await Promise.all(copies);
  return (
    outcomes.find(({ confirmed }) => !confirmed) ?? outcomes[0] ?? { confirmed: true, outcome: "not sent" }
  );
}

async function post(url: string, payload: string, header: string, ended: AbortSignal): Promise<Outcome> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "stripe-signature": header,
      },
      body: payload,
      // A redirect does not confirm a delivery.
      redirect: "manual",
      signal: AbortSignal.any([ended, AbortSignal.timeout(ANSWER_TIMEOUT_MILLISECONDS)]),
    });
    await response.body?.cancel();
    return { confirmed: response.ok, outcome: `answered ${response.status}` };
  } catch (error) {
    return {
      confirmed: false,
      outcome: `no answer: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}
