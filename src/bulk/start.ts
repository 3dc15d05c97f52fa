import { record } from "../audit/record.ts";
import { conflict } from "../base/error.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { demand } from "../web/env.ts";
import { type Batch, lockBatch, raiseVersion, updateBatch } from "./batch-queries.ts";
import { putBackRows, queueReady } from "./issue-queries.ts";
import { canMoveBatch } from "./state.ts";

type StartInput = {
  batchId: string;
  /** `email` takes the rows with an address, `copy` makes links of all that are ready. */
  delivery: "email" | "copy";
  /** Of the upload as the member saw it. */
  version: number;
};

/**
 * Sends off every row that is ready. The links are made by a job. A second click finds the work under way and adds nothing. Returns how
 * many rows were queued. Throws `conflict` when rows changed since the member saw them, or none is ready.
 */
export async function startIssue(cx: MemberContext, input: StartInput): Promise<number> {
  demand(cx, "links.send");
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const batch = await lockBatch(tx, cx.firmId, input.batchId);
    if (batch.state === "mapping") throw conflict("Say first which column of the file is which.");
    if (batch.version !== input.version) {
      if (batch.state === "issuing") return 0;
      throw conflict("Rows of this upload changed meanwhile. Look at them again, then send.");
    }
    const queued = await queueReady(tx, cx.firmId, batch.id, input.delivery);
    if (queued === 0) throw conflict(nothingReady(input.delivery));
    await raiseVersion(tx, cx.firmId, batch.id);
    await updateBatch(tx, cx.firmId, batch.id, {
      state: "issuing",
      issued_by: cx.actor.id,
      issued_at: batch.issued_at ?? cx.now(),
      finished_at: null,
    });
    await record(tx, cx, {
      action: "batch.started",
      objectKind: "batch",
      objectId: batch.id,
      after: { rows: queued, delivery: input.delivery },
    });
    await enqueueIssue(tx, cx.firmId, batch.id);
    return queued;
  });
}

/** Stops the making of links after those that are being made. Throws `conflict` when none are. */
export async function stopIssue(cx: MemberContext, batchId: string): Promise<void> {
  await moveBatch(cx, batchId, "paused", "batch.stopped");
}

/** Goes on where a stopped upload was. */
export async function goOnIssue(cx: MemberContext, batchId: string): Promise<void> {
  await moveBatch(cx, batchId, "issuing", "batch.wentOn");
}

/** Makes the rows that wait in a stopped upload drafts again. Returns how many. */
export async function takeBackRows(cx: MemberContext, batchId: string): Promise<number> {
  demand(cx, "links.send");
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const batch = await lockBatch(tx, cx.firmId, batchId);
    if (batch.state !== "paused") throw conflict("Stop first, then take back the rows that wait.");
    const rows = await putBackRows(tx, cx.firmId, batchId, "queued");
    await raiseVersion(tx, cx.firmId, batchId);
    await updateBatch(tx, cx.firmId, batchId, { state: "review", finished_at: cx.now() });
    await recordMove(tx, cx, batch, "batch.takenBack", { rows: rows.length });
    return rows.length;
  });
}

async function moveBatch(
  cx: MemberContext,
  batchId: string,
  to: "paused" | "issuing",
  action: string,
): Promise<void> {
  demand(cx, "links.send");
  await withFirm(cx.database, cx.firmId, async (tx) => {
    const batch = await lockBatch(tx, cx.firmId, batchId);
    if (batch.state === to) return;
    const from = to === "paused" ? "issuing" : "paused";
    if (batch.state !== from || !canMoveBatch(batch.state, to))
      throw conflict("No links of this upload are being made by now. Nothing was changed.");
    await updateBatch(tx, cx.firmId, batchId, { state: to });
    await recordMove(tx, cx, batch, action, { state: to });
    if (to === "issuing") await enqueueIssue(tx, cx.firmId, batchId);
  });
}

/** Enqueues the job that makes the links of an upload; one that waits already is enough. */
export function enqueueIssue(tx: Tx, firmId: string, batchId: string): Promise<void> {
  return enqueue(tx, "bulk.issueRows", { firmId, batchId }, { key: `bulk:${batchId}` });
}

function recordMove(
  tx: Tx,
  cx: MemberContext,
  batch: Batch,
  action: string,
  after: Record<string, unknown>,
): Promise<void> {
  return record(tx, cx, {
    action,
    objectKind: "batch",
    objectId: batch.id,
    before: { state: batch.state },
    after,
  });
}

function nothingReady(delivery: "email" | "copy"): string {
  return delivery === "email"
    ? "No row with an address is ready to be sent. Fix the marked cells first."
    : "No row is ready. Fix the marked cells first.";
}
