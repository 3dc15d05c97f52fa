import type { Insertable, Selectable } from "kysely";
import { notFound } from "../base/error.ts";
import { isId } from "../base/id.ts";
import type { PostingFile } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";
import type { PostingRow } from "./queries.ts";

export type FileRow = Selectable<PostingFile>;

export async function insertFile(tx: Tx, row: Insertable<PostingFile>): Promise<void> {
  await tx.insertInto("posting_file").values(row).execute();
}

/** A file with its content. Throws `not_found`. */
export async function getFile(tx: Tx, firmId: string, id: string): Promise<FileRow> {
  if (!isId(id)) throw notFound("file");
  const file = await tx
    .selectFrom("posting_file")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .executeTakeFirst();
  if (!file) throw notFound("file");
  return file;
}

/** What a file is called and when it was made, without its content. */
export function findFileFacts(
  tx: Tx,
  firmId: string,
  id: string,
): Promise<Pick<FileRow, "id" | "name" | "made_at"> | undefined> {
  return tx
    .selectFrom("posting_file")
    .select(["id", "name", "made_at"])
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .executeTakeFirst();
}

/** Locks the postings of a file that are not posted yet. */
export function lockWaitingOf(tx: Tx, firmId: string, fileId: string): Promise<PostingRow[]> {
  return tx
    .selectFrom("posting")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("file_id", "=", fileId)
    .where("state", "!=", "posted")
    .orderBy("id")
    .forUpdate()
    .execute();
}

/** Writes into postings which file they stand in; null takes them out. */
export async function setFile(
  tx: Tx,
  firmId: string,
  postingIds: readonly string[],
  fileId: string | null,
  now: Date,
): Promise<void> {
  if (postingIds.length === 0) return;
  await tx
    .updateTable("posting")
    .set({ file_id: fileId, updated_at: now })
    .where("firm_id", "=", firmId)
    .where("id", "in", postingIds)
    .execute();
}

export async function markDropped(tx: Tx, firmId: string, fileId: string, now: Date): Promise<void> {
  await tx
    .updateTable("posting_file")
    .set({ dropped_at: now })
    .where("firm_id", "=", firmId)
    .where("id", "=", fileId)
    .execute();
}
