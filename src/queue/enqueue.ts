import { sql } from "kysely";
import { together } from "../db/together.ts";
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

type Job = { task: JobName; payload: unknown; tries: number; priority: number } & Omit<
  EnqueueOptions,
  "keyMode"
>;

/** Adds a job in the caller's transaction: decided together, or not at all. Throws a ZodError for a payload of the wrong form. */
export async function enqueue<Name extends JobName>(
  tx: Tx,
  name: Name,
  payload: JobPayload<Name>,
  options: EnqueueOptions = {},
): Promise<void> {
  const { keyMode = "replace", ...place } = options;
  await added(tx, keyMode, { ...jobOf(name, payload), ...place });
}

/** Adds one job per payload in one statement, in the caller's transaction, without options. Throws a ZodError for a wrong payload. */
export async function enqueueAll<Name extends JobName>(
  tx: Tx,
  name: Name,
  payloads: readonly JobPayload<Name>[],
): Promise<void> {
  const jobs = payloads.map((payload) => jobOf(name, payload));
  await addJobs(tx, jobs, false);
}

const added = together(async (tx, keyMode, jobs: readonly Job[]) => {
  await addJobs(tx, onePerKey(jobs, keyMode === "keep"), keyMode === "keep");
  return jobs.map(() => undefined);
});

function jobOf<Name extends JobName>(name: Name, payload: JobPayload<Name>): Job {
  const { payload: form, tries, priority } = CATALOG[name];
  return { task: name, payload: form.parse(payload), tries, priority };
}

/** Of those with one key the last counts, or the first where it is kept. Keys come in order: two who add the same never wait crosswise. */
function onePerKey(jobs: readonly Job[], keepsFirst: boolean): Job[] {
  const keyed = new Map<string, Job>();
  const others: Job[] = [];
  for (const job of jobs) {
    if (job.key === undefined) others.push(job);
    else if (!keepsFirst || !keyed.has(job.key)) keyed.set(job.key, job);
  }
  const ordered = [...keyed].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, job]) => job);
  return [...ordered, ...others];
}

async function addJobs(tx: Tx, jobs: readonly Job[], keepsRunAt: boolean): Promise<void> {
  await sql`select enqueue_jobs(${JSON.stringify(jobs)}::json, ${keepsRunAt})`.execute(tx);
}
