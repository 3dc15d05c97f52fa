import { ConnectorError } from "../../connectors/contract.ts";
import { newId } from "../base/id.ts";
import { findConnection, updateConnection } from "../connections/queries.ts";
import {
  deleteOldRuns,
  endRun,
  insertRun,
  lockRunning,
  restRun,
  takeOverRun,
} from "../connections/run-queries.ts";
import type { ConnectionKey } from "../connections/secrets.ts";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { lockName, type Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import type { JobFacts } from "../queue/handler.ts";

/**
 * Longer than a page takes as a rule: a request of 20 seconds, a refresh before it, and the time to store it. Short enough that what a
 * killed process was reading goes on within a minute; who is taken over while still alive notices it before storing anything.
 */
export const HOLD_SECONDS = 45;
/** Runs are kept this long, to be looked at. */
const KEPT_MS = 30 * 24 * 3_600_000;

/** A run that this process does. */
export type Run = ConnectionKey & { id: string; holder: string };

/** Somebody else has taken the run over, since this process was silent for too long. */
export class RunTakenOver extends Error {
  override readonly name = "RunTakenOver";
}

/**
 * Begins a run, or goes on with one whose process is gone or that rested. Undefined when there is nothing to do now: the connection
 * is not authorised, or somebody else reads; in that case the reading is done again after theirs.
 */
export function beginRun(cx: Context, key: ConnectionKey): Promise<Run | undefined> {
  return withFirm(cx.database, key.firmId, async (tx) => {
    await lockName(tx, `sync:${key.connectionId}`);
    const connection = await findConnection(tx, key.firmId, key.connectionId);
    if (connection?.state !== "authorized") return undefined;
    const running = await lockRunning(tx, key);
    const claim = { holder: newId(), holdSeconds: HOLD_SECONDS };
    if (running?.isHeld) {
      await syncLater(tx, key, running.held_until);
      return undefined;
    }
    if (running) {
      await takeOverRun(tx, key.firmId, running.id, claim);
      return { ...key, id: running.id, holder: claim.holder };
    }
    const id = newId();
    const kind = connection.last_synced_at === null ? "first" : "incremental";
    await insertRun(tx, key, { id, kind, ...claim });
    return { ...key, id, holder: claim.holder };
  });
}

/** Ends a run that read everything; what was posted can then be confirmed by what was read. */
export function finishRun(cx: Context, run: Run): Promise<void> {
  const { firmId, connectionId } = run;
  return withFirm(cx.database, firmId, async (tx) => {
    if (!(await endRun(tx, firmId, run, { state: "done", reason: null, at: cx.now() })))
      throw new RunTakenOver();
    await updateConnection(tx, firmId, connectionId, { last_synced_at: cx.now() });
    await deleteOldRuns(tx, run, new Date(cx.now().getTime() - KEPT_MS));
    const job = { firmId, connectionId };
    await enqueue(tx, "postings.confirm", job, { key: `postings.confirm:${connectionId}` });
  });
}

/**
 * Decides what a failure means for a run. Asked to wait: it rests and is taken up at the vendor's time. Not authorised or refused:
 * it ends, and says why. Not reachable: it rests, and the error goes on so that the queue tries again.
 */
export async function settleFailure(cx: Context, run: Run, error: unknown, job: JobFacts): Promise<void> {
  if (error instanceof RunTakenOver) {
    cx.log.info("a sync was taken over by another process", { connectionId: run.connectionId });
    return;
  }
  const kind = error instanceof ConnectorError ? error.kind : undefined;
  const reason =
    error instanceof ConnectorError ? error.message : "Reading was interrupted. It goes on by itself.";
  if (error instanceof ConnectorError && kind === "rate") {
    const until = new Date(cx.now().getTime() + (error.retryAfterSeconds ?? HOLD_SECONDS) * 1000);
    await rest(cx, run, until, reason, (tx) => syncLater(tx, run, until));
    return;
  }
  const isPassing = kind === undefined || kind === "outage" || kind === "unclear";
  if (isPassing && !job.isLastAttempt) {
    await rest(cx, run, cx.now(), reason);
    throw error;
  }
  await withFirm(cx.database, run.firmId, (tx) =>
    endRun(tx, run.firmId, run, { state: "failed", reason, at: cx.now() }),
  );
  cx.log.warn("a sync ended early", { connectionId: run.connectionId, reason });
  if (isPassing) throw error;
}

function rest(
  cx: Context,
  run: Run,
  until: Date,
  reason: string,
  follow?: (tx: Tx) => Promise<void>,
): Promise<void> {
  return withFirm(cx.database, run.firmId, async (tx) => {
    await restRun(tx, run.firmId, run, { until, reason });
    await follow?.(tx);
  });
}

function syncLater(tx: Tx, { firmId, connectionId }: ConnectionKey, runAt: Date): Promise<void> {
  const key = `connections.sync:${connectionId}`;
  return enqueue(tx, "connections.sync", { firmId, connectionId }, { key, runAt });
}
