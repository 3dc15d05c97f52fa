import type {
  ClientRecord,
  Family,
  FamilyRecord,
  MatterRecord,
  StatementRecord,
} from "../../connectors/contract.ts";
import type { ConnectionKey } from "../connections/secrets.ts";
import type { Tx } from "../db/tx.ts";
import { markGone as markParentGone, storeClients, storeMatters } from "../matters/store.ts";
import { markStatementsDeleted, refreshSearchText, upsertStatements } from "./store-queries.ts";

/** Records that are stored together: what was read, and the parents that it needs. */
export type Batch = { clients: ClientRecord[]; matters: MatterRecord[]; statements: StatementRecord[] };

/** Records of one family as a batch. */
export function batchOf<F extends Family>(family: F, items: readonly FamilyRecord[F][]): Batch {
  const batch: Batch = { clients: [], matters: [], statements: [] };
  return { ...batch, [family]: [...items] };
}

/**
 * Stores a batch in the caller's transaction, parents first, and writes the search text of statements anew where a name changed.
 * Returns how many rows were written.
 */
export async function storeBatch(tx: Tx, key: ConnectionKey, batch: Batch, now: Date): Promise<number> {
  const clients = await storeClients(tx, key, batch.clients, now);
  const matters = await storeMatters(tx, key, batch.matters, now);
  if (clients.changedIds.length + matters.changedIds.length > 0) {
    const changed = { clientIds: clients.changedIds, matterIds: matters.changedIds };
    await refreshSearchText(tx, key.firmId, changed);
  }
  const statements = await storeStatements(tx, key, batch.statements, now);
  const written = clients.changedIds.length + matters.changedIds.length + statements;
  return written + clients.deleted + matters.deleted;
}

/** Marks a record that the vendor no longer has. Returns how many rows were written: none when it was never read. */
export function markGone(
  tx: Tx,
  key: ConnectionKey,
  family: Family,
  externalId: string,
  now: Date,
): Promise<number> {
  if (family === "statements") return markStatementsDeleted(tx, key, [externalId], now);
  return markParentGone(tx, key, family === "clients" ? "client" : "matter", externalId, now);
}

async function storeStatements(
  tx: Tx,
  key: ConnectionKey,
  records: readonly StatementRecord[],
  now: Date,
): Promise<number> {
  // Of a record that comes twice, the later one counts: one statement cannot write a row twice.
  const latest = [...new Map(records.map((record) => [record.externalId, record])).values()];
  const present = latest.filter((record) => !record.deleted);
  const goneIds = latest.filter((record) => record.deleted).map((record) => record.externalId);
  const written = present.length === 0 ? 0 : await upsertStatements(tx, key, present);
  const deleted = goneIds.length === 0 ? 0 : await markStatementsDeleted(tx, key, goneIds, now);
  return written + deleted;
}
