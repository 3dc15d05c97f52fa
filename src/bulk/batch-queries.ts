import type { Insertable, Selectable, Updateable } from "kysely";
import { notFound } from "../base/error.ts";
import { isId } from "../base/id.ts";
import type { BulkBatch } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";
import type { ColumnPlaces } from "./columns.ts";

export type Batch = Omit<Selectable<BulkBatch>, "places"> & { places: ColumnPlaces };

export async function insertBatch(tx: Tx, row: Insertable<BulkBatch>): Promise<void> {
  await tx.insertInto("bulk_batch").values(row).execute();
}

/** The upload that a form made; undefined when the form is new. */
export async function findBatchOfForm(tx: Tx, firmId: string, formId: string): Promise<Batch | undefined> {
  const row = await batches(tx, firmId).where("form_id", "=", formId).executeTakeFirst();
  return row && withPlaces(row);
}

/** An upload without locking it. Throws `not_found`, also for an upload of another firm. */
export async function getBatch(tx: Tx, firmId: string, id: string): Promise<Batch> {
  const row = isId(id) ? await batches(tx, firmId).where("id", "=", id).executeTakeFirst() : undefined;
  if (!row) throw notFound("upload");
  return withPlaces(row);
}

/** Locks an upload until the transaction ends: before any of its rows. Throws `not_found`. */
export async function lockBatch(tx: Tx, firmId: string, id: string): Promise<Batch> {
  const row = isId(id)
    ? await batches(tx, firmId).where("id", "=", id).forUpdate().executeTakeFirst()
    : undefined;
  if (!row) throw notFound("upload");
  return withPlaces(row);
}

export async function updateBatch(
  tx: Tx,
  firmId: string,
  id: string,
  change: Updateable<BulkBatch>,
): Promise<void> {
  await tx.updateTable("bulk_batch").set(change).where("firm_id", "=", firmId).where("id", "=", id).execute();
}

/** Notes that rows changed, so that who sends has seen them as they are. */
export async function raiseVersion(tx: Tx, firmId: string, id: string): Promise<void> {
  await tx
    .updateTable("bulk_batch")
    .set((eb) => ({ version: eb("version", "+", 1) }))
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .execute();
}

/** Deletes an upload with its rows. */
export async function deleteBatch(tx: Tx, firmId: string, id: string): Promise<void> {
  await tx.deleteFrom("bulk_batch").where("firm_id", "=", firmId).where("id", "=", id).execute();
}

export type EarlierUpload = { id: string; fileName: string; createdAt: Date; by: string };

/** The latest other upload of the very same file, with who uploaded it. */
export function findSameFile(tx: Tx, firmId: string, batch: Batch): Promise<EarlierUpload | undefined> {
  return withPeople(tx, firmId)
    .select(["bulk_batch.id", "bulk_batch.file_name as fileName", "bulk_batch.created_at as createdAt"])
    .select("person.name as by")
    .where("bulk_batch.file_sha256", "=", batch.file_sha256)
    .where("bulk_batch.id", "!=", batch.id)
    .where("bulk_batch.created_at", "<=", batch.created_at)
    .orderBy("bulk_batch.created_at", "desc")
    .limit(1)
    .executeTakeFirst();
}

export type BatchSummary = EarlierUpload & {
  state: Batch["state"];
  rows: number;
  made: number;
  toFix: number;
};

/** The newest uploads with how far each came. */
export async function listBatches(tx: Tx, firmId: string, limit: number): Promise<BatchSummary[]> {
  const rows = await withPeople(tx, firmId)
    .select(["bulk_batch.id", "bulk_batch.file_name as fileName", "bulk_batch.created_at as createdAt"])
    .select(["person.name as by", "bulk_batch.state"])
    .select((eb) =>
      ["rows", "made", "to_fix"].map((which) =>
        eb
          .selectFrom("bulk_row")
          .select((count) => count.fn.countAll<bigint>().as("count"))
          .whereRef("bulk_row.firm_id", "=", "bulk_batch.firm_id")
          .whereRef("bulk_row.batch_id", "=", "bulk_batch.id")
          .$if(which !== "rows", (query) => query.where("bulk_row.state", "=", which as "made" | "to_fix"))
          .as(which),
      ),
    )
    .orderBy("bulk_batch.created_at", "desc")
    .orderBy("bulk_batch.id", "desc")
    .limit(limit)
    .$castTo<EarlierUpload & { state: Batch["state"]; rows: bigint; made: bigint; to_fix: bigint }>()
    .execute();
  return rows.map(({ to_fix, ...row }) => ({
    ...row,
    rows: Number(row.rows),
    made: Number(row.made),
    toFix: Number(to_fix),
  }));
}

function batches(tx: Tx, firmId: string) {
  return tx.selectFrom("bulk_batch").selectAll().where("firm_id", "=", firmId);
}

function withPeople(tx: Tx, firmId: string) {
  return tx
    .selectFrom("bulk_batch")
    .innerJoin("member", (join) =>
      join
        .onRef("member.firm_id", "=", "bulk_batch.firm_id")
        .onRef("member.id", "=", "bulk_batch.created_by"),
    )
    .innerJoin("person", "person.id", "member.person_id")
    .where("bulk_batch.firm_id", "=", firmId);
}

/** Only `upload` and `map-columns` write the column, always in this form. */
function withPlaces(row: Selectable<BulkBatch>): Batch {
  return { ...row, places: row.places as ColumnPlaces };
}
