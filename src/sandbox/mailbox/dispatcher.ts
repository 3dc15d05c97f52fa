import type { DatabaseSync } from "node:sqlite";
import { endEvent, findNextDue, listDue, type MailEvent, putOff } from "./event-queue.ts";
import { happen } from "./outcome.ts";

type DispatcherOptions = {
  db: DatabaseSync;
  /** Where the events are posted, with the basic auth in it; undefined posts none. */
  webhookUrl: string | undefined;
  /** The waits before each further attempt; after the last the event is given up. */
  retryDelaysMilliseconds: readonly number[];
};
type Dispatcher = {
  /** Says that an event may have become due. */
  wake: () => void;
  /** Breaks off the posts under way; they stay pending and go out at the next start. */
  stop: () => Promise<void>;
};

const CONCURRENCY = 8;
const POST_TIMEOUT_MILLISECONDS = 10_000;
const MAXIMUM_ANSWER_LENGTH = 200;
const LONGEST_SLEEP_MILLISECONDS = 3_600_000;

/** Lets the planned events happen when they are due and posts each until its receiver confirms it. */
export function startDispatcher({ db, webhookUrl, retryDelaysMilliseconds }: DispatcherOptions): Dispatcher {
  const running = new Map<number, Promise<void>>();
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  const post = async (event: MailEvent) => {
    const body = happen(db, event, new Date());
    if (webhookUrl === undefined) return endEvent(db, event.id, "unposted", "");
    const result = await postOnce(webhookUrl, body, stopping.signal);
    if (stopping.signal.aborted) return;
    const delay = retryDelaysMilliseconds[event.attempts];
    if (result.status === 200) endEvent(db, event.id, "confirmed", result.words);
    else if (result.status === 403 || delay === undefined) endEvent(db, event.id, "stopped", result.words);
    else putOff(db, event.id, new Date(Date.now() + delay), result.words);
  };

  const wake = () => {
    if (stopping.signal.aborted) return;
    clearTimeout(timer);
    const now = new Date();
    for (const event of listDue(db, now, CONCURRENCY + running.size)) {
      if (running.size >= CONCURRENCY) return;
      if (running.has(event.id)) continue;
      const done = () => {
        running.delete(event.id);
        wake();
      };
      running.set(event.id, post(event).finally(done));
    }
    const next = findNextDue(db, now);
    if (next === undefined) return;
    timer = setTimeout(wake, Math.min(next.getTime() - now.getTime(), LONGEST_SLEEP_MILLISECONDS)).unref();
  };

  wake();
  return {
    wake,
    stop: async () => {
      stopping.abort();
      clearTimeout(timer);
      await Promise.all(running.values());
    },
  };
}

/** Posts one event; a status of 0 means that no answer came, and the words say why. */
async function postOnce(
  url: string,
  body: string,
  stopping: AbortSignal,
): Promise<{ status: number; words: string }> {
  const target = new URL(url);
  const headers = new Headers({ "content-type": "application/json", "user-agent": "Postmark" });
  if (target.username !== "") {
    // fetch refuses an address that carries credentials, so they go where they would have ended up anyway.
    const credentials = `${decodeURIComponent(target.username)}:${decodeURIComponent(target.password)}`;
    headers.set("authorization", `Basic ${Buffer.from(credentials).toString("base64")}`);
    target.username = "";
    target.password = "";
  }
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(POST_TIMEOUT_MILLISECONDS)]);
  try {
    const response = await fetch(target, { method: "POST", headers, body, signal, redirect: "manual" });
    const text = (await response.text()).slice(0, MAXIMUM_ANSWER_LENGTH);
    return { status: response.status, words: `${response.status} ${text}`.trim() };
  } catch (error) {
    return { status: 0, words: error instanceof Error ? error.message : String(error) };
  }
}
