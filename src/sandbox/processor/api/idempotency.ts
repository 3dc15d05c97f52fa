import { createHash } from "node:crypto";
import type { Store } from "../store/database.ts";
import { Problem } from "./problems.ts";

const MAX_KEY_LENGTH = 255;
const KEPT_MILLISECONDS = 24 * 60 * 60 * 1000;

export type Claim = {
  /** The account; a key means nothing on another one. */
  scope: string;
  key: string;
  /** What must be the same when the key comes again. */
  fingerprint: string;
};

export type Answer = { status: number; body: string };

/** A short text that differs when the path or the parameters do. */
export function fingerprintOf(path: string, form: string): string {
  return createHash("sha256").update(`${path}\n${form}`).digest("hex");
}

/**
 * Takes a key for a request that is about to run, or returns the answer that was stored for it.
 * Throws 400 for other parameters or a key that is too long, and 409 while the first request is still
 * running.
 */
export function claim(store: Store, { scope, key, fingerprint }: Claim, now: number): Answer | "claimed" {
  if (key.length > MAX_KEY_LENGTH) {
    throw new Problem(
      400,
      "invalid_request_error",
      `The idempotency key is longer than ${MAX_KEY_LENGTH} characters.`,
    );
  }
  store.database.prepare("delete from idempotency where created_at < ?").run(now - KEPT_MILLISECONDS);
  const row = store.database
    .prepare("select fingerprint, status, body from idempotency where scope = ? and key = ?")
    .get(scope, key);
  if (row === undefined) {
    store.database
      .prepare("insert into idempotency (scope, key, fingerprint, created_at) values (?, ?, ?, ?)")
      .run(scope, key, fingerprint, now);
    return "claimed";
  }
  if (row.fingerprint !== fingerprint) {
    const words =
      "Keys for idempotent requests can only be used with the same parameters they were first " +
      `used with. Try using a key other than '${key}' if you meant to execute a different ` +
      "request.";
    throw new Problem(400, "idempotency_error", words);
  }
  if (row.status === null) {
    const words =
      "There is currently another in-progress request using this Idempotency Key (that " +
      "probably means you submitted twice, and the other request is still going through): " +
      `${key}. Please try again later.`;
    throw new Problem(409, "idempotency_error", words, { code: "idempotency_key_in_use" });
  }
  return { status: Number(row.status), body: String(row.body) };
}

/** Stores the answer of a claimed key, errors included. */
export function keep(store: Store, { scope, key }: Claim, answer: Answer): void {
  store.database
    .prepare("update idempotency set status = ?, body = ? where scope = ? and key = ?")
    .run(answer.status, answer.body, scope, key);
}

/** Frees a claimed key, because its request never began to execute. */
export function release(store: Store, { scope, key }: Claim): void {
  store.database
    .prepare("delete from idempotency where scope = ? and key = ? and status is null")
    .run(scope, key);
}

/** Frees the keys of requests that ended with an earlier process before they had an answer. */
export function releaseUnanswered(store: Store): void {
  store.database.exec("delete from idempotency where status is null");
}
