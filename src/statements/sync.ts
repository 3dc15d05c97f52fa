import {
  ConnectorError,
  FAMILIES,
  type Family,
  type FamilyRecord,
  type Page,
} from "../../connectors/contract.ts";
import { withAccess } from "../connections/access.ts";
import { holdRun } from "../connections/run-queries.ts";
import type { ConnectionKey } from "../connections/secrets.ts";
import {
  clearProblems,
  keepProblems,
  readPosition,
  type SyncPosition,
  type SyncProblemFacts,
  savePosition,
} from "../connections/sync-queries.ts";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { JobFacts } from "../queue/handler.ts";
import { batchOf, storeBatch } from "./batch.ts";
import { addParents } from "./parents.ts";
import { beginRun, finishRun, HOLD_SECONDS, type Run, RunTakenOver, settleFailure } from "./run.ts";

/** The vendor's clock and ours may differ: each pass asks for what changed since a little before the last began. */
const OVERLAP_MS = 60_000;
/** A list that has not ended by then never will. */
const PAGES_LIMIT = 20_000;
/** The key of records that do not even say which they are. */
const NAMELESS = "";

/**
 * Reads what changed in a matter system since the last time, everything at first: clients, matters, statements, page by page. Each
 * page and the place to go on are stored together, so that a run that was cut off goes on at the page where it was.
 */
export async function syncConnection(cx: Context, key: ConnectionKey, job: JobFacts): Promise<void> {
  const run = await beginRun(cx, key);
  if (!run) return;
  try {
    for (const family of FAMILIES) await readFamily(cx, run, family, job.signal);
    await finishRun(cx, run);
  } catch (error) {
    await settleFailure(cx, run, error, job);
  }
}

async function readFamily(
  cx: Context,
  run: Run,
  family: Family,
  signal: AbortSignal | undefined,
): Promise<void> {
  let position = await beginPass(cx, run, family);
  let isResumed = position.cursor !== undefined;
  let startsPass = !isResumed;
  for (let pages = 0; pages < PAGES_LIMIT; pages += 1) {
    signal?.throwIfAborted();
    const page = await readPage(cx, run, family, position, signal).catch((error: unknown) => {
      // A saved place can be too old for the vendor: then the pass begins anew, with the same changes asked for.
      if (isResumed && error instanceof ConnectorError && error.kind === "rejected") return undefined;
      throw error;
    });
    isResumed = false;
    if (!page) {
      position = { ...position, cursor: undefined };
      startsPass = true;
      continue;
    }
    position = { ...position, cursor: page.nextCursor };
    await storePage(cx, run, { family, page, position, startsPass }, signal);
    startsPass = false;
    if (position.cursor === undefined) return;
  }
  throw new ConnectorError("unreadable", `The list of ${family} does not end.`);
}

/** Where a family goes on: in the pass that was cut off, or in a new one, which is stored with its first page. */
async function beginPass(cx: Context, run: Run, family: Family): Promise<SyncPosition> {
  const stored = await withFirm(cx.database, run.firmId, (tx) => readPosition(tx, run, family));
  if (stored.cursor !== undefined) return stored;
  return {
    changedSince: stored.nextChangedSince,
    nextChangedSince: new Date(cx.now().getTime() - OVERLAP_MS),
    cursor: undefined,
  };
}

function readPage<F extends Family>(
  cx: Context,
  run: Run,
  family: F,
  { cursor, changedSince }: SyncPosition,
  signal: AbortSignal | undefined,
): Promise<Page<FamilyRecord[F]>> {
  return withAccess(
    cx,
    run.firmId,
    run.connectionId,
    (connector, access) => connector.read(access, family, { cursor, changedSince }),
    signal,
  );
}

async function storePage<F extends Family>(
  cx: Context,
  run: Run,
  step: { family: F; page: Page<FamilyRecord[F]>; position: SyncPosition; startsPass: boolean },
  signal: AbortSignal | undefined,
): Promise<void> {
  const { family, page } = step;
  const { batch, problems } = await addParents(cx, run, family, batchOf(family, page.items), signal);
  const unreadable = [...page.unreadable.map(named), ...problems];
  const understood = batch[family].map((record) => record.externalId);
  await withFirm(cx.database, run.firmId, async (tx) => {
    const changed = await storeBatch(tx, run, batch, cx.now());
    const hold = { id: run.id, holder: run.holder, holdSeconds: HOLD_SECONDS };
    const counts = { family, read: page.items.length, changed, unreadable: unreadable.length };
    if (!(await holdRun(tx, run.firmId, hold, counts))) throw new RunTakenOver();
    // A nameless record cannot be told from others when it is read again, so its notice lasts for one pass.
    await clearProblems(tx, run, family, step.startsPass ? [...understood, NAMELESS] : understood);
    await keepProblems(tx, run, family, unreadable);
    await savePosition(tx, run, family, step.position);
  });
}

function named(problem: { externalId: string | undefined; reason: string }): SyncProblemFacts {
  return { externalId: problem.externalId ?? NAMELESS, reason: problem.reason };
}
