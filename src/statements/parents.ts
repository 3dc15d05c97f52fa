import { ConnectorError, type Family, type FamilyRecord } from "../../connectors/contract.ts";
import { withAccess } from "../connections/access.ts";
import type { ConnectionKey } from "../connections/secrets.ts";
import type { SyncProblemFacts } from "../connections/sync-queries.ts";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { listUnknownClients, listUnknownMatters } from "../matters/store.ts";
import type { Batch } from "./batch.ts";

type Parents<F extends Family> = {
  found: FamilyRecord[F][];
  /** External id to the reason why there is none. */
  missing: Map<string, string>;
};

/**
 * Adds to a batch what it needs and what was not read yet: the matters of its statements, the clients of its matters, one by one.
 * What has no parent is taken out and reported, for the family that was read. Throws ConnectorError when the vendor cannot be read.
 */
export async function addParents(
  cx: Context,
  key: ConnectionKey,
  family: Family,
  batch: Batch,
  signal?: AbortSignal,
): Promise<{ batch: Batch; problems: SyncProblemFacts[] }> {
  const matters = await readParents(cx, key, "matters", await unknownMatters(cx, key, batch), signal);
  const allMatters = [...batch.matters, ...matters.found];
  const clients = await readParents(cx, key, "clients", await unknownClients(cx, key, allMatters), signal);
  const keptMatters = part(allMatters, (matter) => clients.missing.get(matter.clientExternalId));
  for (const { externalId, reason } of keptMatters.orphans) matters.missing.set(externalId, reason);
  const statements = part(batch.statements, (item) => matters.missing.get(item.matterExternalId));
  return {
    batch: {
      clients: [...batch.clients, ...clients.found],
      matters: keptMatters.kept,
      statements: statements.kept,
    },
    problems: family === "statements" ? statements.orphans : keptMatters.orphans,
  };
}

/** Reads one record by itself. Undefined when it is gone; words when it cannot be understood. */
export async function readOne<F extends Family>(
  cx: Context,
  key: ConnectionKey,
  family: F,
  externalId: string,
  signal?: AbortSignal,
): Promise<FamilyRecord[F] | string | undefined> {
  try {
    return await withAccess(
      cx,
      key.firmId,
      key.connectionId,
      (connector, access) => connector.readOne(access, family, externalId),
      signal,
    );
  } catch (error) {
    if (error instanceof ConnectorError && error.kind === "unreadable") return error.message;
    throw error;
  }
}

async function readParents<F extends "clients" | "matters">(
  cx: Context,
  key: ConnectionKey,
  family: F,
  externalIds: readonly string[],
  signal?: AbortSignal,
): Promise<Parents<F>> {
  const word = family === "clients" ? "client" : "matter";
  const parents: Parents<F> = { found: [], missing: new Map() };
  for (const externalId of externalIds) {
    const record = await readOne(cx, key, family, externalId, signal);
    if (record === undefined || (typeof record !== "string" && record.deleted)) {
      parents.missing.set(externalId, `Its ${word} is not there.`);
    } else if (typeof record === "string") {
      parents.missing.set(externalId, `Its ${word} cannot be read: ${record}`);
    } else parents.found.push(record);
  }
  return parents;
}

function unknownMatters(cx: Context, key: ConnectionKey, batch: Batch): Promise<string[]> {
  const wanted = batch.statements.filter((item) => !item.deleted).map((item) => item.matterExternalId);
  if (wanted.length === 0) return Promise.resolve([]);
  return withFirm(cx.database, key.firmId, (tx) => listUnknownMatters(tx, key, wanted));
}

function unknownClients(cx: Context, key: ConnectionKey, matters: Batch["matters"]): Promise<string[]> {
  const wanted = matters.filter((matter) => !matter.deleted);
  if (wanted.length === 0) return Promise.resolve([]);
  return withFirm(cx.database, key.firmId, (tx) => listUnknownClients(tx, key, wanted));
}

/** Parts what has its parent from what has not. A deletion needs none. */
function part<Item extends { externalId: string; deleted: boolean }>(
  items: readonly Item[],
  faultOf: (item: Item) => string | undefined,
): { kept: Item[]; orphans: SyncProblemFacts[] } {
  const kept: Item[] = [];
  const orphans: SyncProblemFacts[] = [];
  for (const item of items) {
    const reason = item.deleted ? undefined : faultOf(item);
    if (reason === undefined) kept.push(item);
    else orphans.push({ externalId: item.externalId, reason });
  }
  return { kept, orphans };
}
