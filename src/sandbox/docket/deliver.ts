import { createHmac } from "node:crypto";
import { ACCOUNT } from "./options.ts";
import type { Store } from "./store.ts";

const ANSWER_TIMEOUT_MS = 10_000;
const MAX_AT_ONCE = 4;

type Delivery = {
  sequence: number;
  webhook_id: string;
  url: string;
  secret: string;
  event_id: string;
  type: string;
  record_id: string;
  created_at: number;
  attempts: number;
  next_at: number;
};

type Deliveries = { close: () => Promise<void> };

/**
 * Sends what is queued for webhooks, each webhook's events in their order and one at a time: an event that waits for its
 * next try holds the later ones back. The queue is in the data file, so it outlives the process.
 */
export function startDeliveries(store: Store, retryDelaysMs: readonly number[]): Deliveries {
  const underWay = new Map<string, Promise<void>>();
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  const wake = (): void => {
    if (stop.signal.aborted) return;
    clearTimeout(timer);
    const now = Date.now();
    const heads = waitingHeads(store).filter((delivery) => !underWay.has(delivery.webhook_id));
    for (const delivery of heads.filter((head) => head.next_at <= now)) {
      if (underWay.size >= MAX_AT_ONCE) return;
      underWay.set(
        delivery.webhook_id,
        attempt(store, delivery, retryDelaysMs, stop.signal).finally(() => {
          underWay.delete(delivery.webhook_id);
          wake();
        }),
      );
    }
    const next = Math.min(...heads.filter((head) => head.next_at > now).map((head) => head.next_at));
    if (Number.isFinite(next)) timer = setTimeout(wake, next - now);
  };

  store.committed.add(wake);
  wake();
  return {
    close: async () => {
      store.committed.delete(wake);
      stop.abort();
      clearTimeout(timer);
      await Promise.all(underWay.values());
    },
  };
}

/** The first event of each webhook's queue. */
function waitingHeads(store: Store): Delivery[] {
  return store.all<Delivery>(
    `select deliveries.*, webhooks.url, webhooks.secret from webhooks
     join deliveries on deliveries.sequence =
       (select min(sequence) from deliveries where webhook_id = webhooks.id)
     order by deliveries.next_at`,
  );
}

/** One try. The next one is noted before it, so that a process that dies meanwhile neither loses nor hammers. */
async function attempt(
  store: Store,
  delivery: Delivery,
  retryDelaysMs: readonly number[],
  stopped: AbortSignal,
): Promise<void> {
  const delayMs = retryDelaysMs[delivery.attempts];
  store.run(
    "update deliveries set attempts = attempts + 1, next_at = ? where sequence = ?",
    Date.now() + (delayMs ?? 0),
    delivery.sequence,
  );
  const confirmed = await send(delivery, stopped);
  if (stopped.aborted && !confirmed) return;
  if (confirmed || delayMs === undefined) {
    store.run("delete from deliveries where sequence = ?", delivery.sequence);
    return;
  }
  store.run("update deliveries set next_at = ? where sequence = ?", Date.now() + delayMs, delivery.sequence);
}

/** True when the receiver answered with any 2xx. */
async function send(delivery: Delivery, stopped: AbortSignal): Promise<boolean> {
  const body = JSON.stringify({
    id: delivery.event_id,
    type: delivery.type,
    created_at: new Date(delivery.created_at).toISOString(),
    account_id: ACCOUNT.id,
    data: { id: delivery.record_id },
  });
  try {
    const answer = await fetch(delivery.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Docket-Signature": signatureOf(body, delivery.secret) },
      body,
      redirect: "manual",
      signal: AbortSignal.any([stopped, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
    });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    // Refused, cut or too slow: the same as an answer that does not confirm.
    return false;
  }
}

function signatureOf(body: string, secret: string): string {
  const seconds = Math.floor(Date.now() / 1000);
  const mac = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  return `t=${seconds},v1=${mac}`;
}
