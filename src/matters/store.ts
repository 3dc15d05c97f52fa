import type { ClientRecord, MatterRecord } from "../../connectors/contract.ts";
import type { Tx } from "../db/tx.ts";
import {
  listUnknown,
  markDeleted,
  replacePayers,
  type StoredPayer,
  upsertClients,
  upsertMatters,
} from "./store-queries.ts";

type Connection = { firmId: string; connectionId: string };

/** What was written: the ids of changed rows, and how many rows were marked as deleted. */
type Stored = { changedIds: string[]; deleted: number };

/** Stores clients as they were read, in the caller's transaction. Writes only what changed. */
export async function storeClients(
  tx: Tx,
  connection: Connection,
  records: readonly ClientRecord[],
  now: Date,
): Promise<Stored> {
  const { present, goneIds } = sift(records);
  const changedIds = present.length === 0 ? [] : await upsertClients(tx, connection, present);
  const deleted = goneIds.length === 0 ? 0 : await markDeleted(tx, connection, "client", goneIds, now);
  return { changedIds, deleted };
}

/** Stores matters with their payers as they were read. The clients are there already: `listUnknownClients` says which are not. */
export async function storeMatters(
  tx: Tx,
  connection: Connection,
  records: readonly MatterRecord[],
  now: Date,
): Promise<Stored> {
  const { present, goneIds } = sift(records);
  const changed = present.length === 0 ? [] : await upsertMatters(tx, connection, present);
  const changedIds = changed.map((matter) => matter.id);
  if (changed.length > 0) {
    const idOf = new Map(changed.map((matter) => [matter.externalId, matter.id]));
    await replacePayers(tx, connection.firmId, changedIds, payersOf(present, idOf));
  }
  const deleted = goneIds.length === 0 ? 0 : await markDeleted(tx, connection, "matter", goneIds, now);
  return { changedIds, deleted };
}

/** Marks a client or matter that the vendor no longer has. Returns how many rows were written: none when it was never read. */
export function markGone(
  tx: Tx,
  connection: Connection,
  table: "client" | "matter",
  externalId: string,
  now: Date,
): Promise<number> {
  return markDeleted(tx, connection, table, [externalId], now);
}

/** The clients that these matters name and that were not read yet. */
export function listUnknownClients(
  tx: Tx,
  connection: Connection,
  matters: readonly MatterRecord[],
): Promise<string[]> {
  const wanted = [...new Set(matters.map((matter) => matter.clientExternalId))];
  return listUnknown(tx, connection, "client", wanted);
}

/** Which of these matters were not read yet. */
export function listUnknownMatters(
  tx: Tx,
  connection: Connection,
  externalIds: readonly string[],
): Promise<string[]> {
  return listUnknown(tx, connection, "matter", [...new Set(externalIds)]);
}

function payersOf(matters: readonly MatterRecord[], idOf: ReadonlyMap<string, string>): StoredPayer[] {
  const payers = new Map<string, StoredPayer>();
  for (const matter of matters) {
    const matterId = idOf.get(matter.externalId);
    if (matterId === undefined) continue;
    for (const payer of matter.payers) payers.set(`${matterId} ${payer.externalId}`, { ...payer, matterId });
  }
  return [...payers.values()];
}

/** Parts the present from the deleted; of a record that comes twice, the later one counts. */
function sift<Item extends { externalId: string; deleted: boolean }>(
  records: readonly Item[],
): { present: Item[]; goneIds: string[] } {
  const latest = [...new Map(records.map((record) => [record.externalId, record])).values()];
  return {
    present: latest.filter((record) => !record.deleted),
    goneIds: latest.filter((record) => record.deleted).map((record) => record.externalId),
  };
}
