import { sql } from "kysely";
import type { Tx } from "../db/tx.ts";
import { CATALOG, type JobName, type JobPayload } from "./catalog.ts";

export type EnqueueOptions = {
  /** Jobs of one queue run one after the other, in order. For what one outside system must get in order. */
  queue?: string;
  /** Not before this instant. */
  runAt?: Date;
  /** A waiting job with the same key is replaced; one that runs is followed by a new one. */
  key?: string;
  /** `keep`: a waiting job with the key stays when it was due. */
  keyMode?: "replace" | "keep";
};

/** Adds a job in the caller's transaction: decided together, or not at all. Throws a ZodError for a payload of the wrong form. */
export async function enqueue<Name extends JobName>(
  tx: Tx,
  name: Name,
  payload: JobPayload<Name>,
  options: EnqueueOptions = {},
): Promise<void> {
  const definition = CATALOG[name];
  const json = JSON.stringify(definition.payload.parse(payload));
  const mode = options.keyMode === "keep" ? "preserve_run_at" : "replace";
  await sql`select enqueue_job(${name}, ${json}::json, ${options.queue ?? null}, ${options.runAt ?? null},
    ${definition.tries}, ${options.key ?? null}, ${mode}, ${definition.priority})`.execute(tx);
}

/** Adds one job per payload in one statement, in the caller's transaction, without options. Throws a ZodError for a wrong payload. */
export async function enqueueAll<Name extends JobName>(
  tx: Tx,
  name: Name,
  payloads: readonly JobPayload<Name>[],
): Promise<void> {
  const definition = CATALOG[name];
  const json = JSON.stringify(payloads.map((payload) => definition.payload.parse(payload)));
  await sql`select enqueue_jobs(${name}, ${json}::json, ${definition.tries}, ${definition.priority})`.execute(
    tx,
  );
}
