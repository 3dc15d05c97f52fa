import { dayOf } from "../base/day.ts";
import { conflict, notFound, Problem } from "../base/error.ts";
import { newId } from "../base/id.ts";
import { connectorOf } from "../connections/configured.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { getFirm } from "../settings/queries.ts";
import { demand } from "../web/env.ts";
import { lockUnfiled, readHandEntry } from "./entry-queries.ts";
import { getFile, insertFile, lockWaitingOf, markDropped, setFile } from "./file-queries.ts";
import { recordPosting } from "./move.ts";
import { findPosting } from "./queries.ts";
import { findTarget } from "./target-queries.ts";

/** Entries of one file; the rest goes into the next. */
const ENTRIES_LIMIT = 1_000;

/**
 * Makes the file that the matter system of a posting imports, with everything that waits to be entered there and stands in no file
 * yet, and keeps it. No posting is ever in two files. Returns the file's id. Throws `not_found`, `conflict` when nothing waits, and
 * `unavailable` for a system that takes no file.
 */
export async function makeFile(cx: MemberContext, input: { postingId: string }): Promise<string> {
  demand(cx, "postings.manage");
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const named = await findPosting(tx, cx.firmId, input.postingId);
    if (!named) throw notFound("posting");
    const target = await findTarget(tx, cx.firmId, named.statement_id);
    if (!target) throw conflict(`Posting ${named.reference} has no statement yet. Nothing was changed.`);
    const { connector } = connectorOf(cx, target.connector);
    if (!connector.makeImportFile)
      throw new Problem(
        "unavailable",
        `${connector.manifest.name} takes no file. Enter the posting by hand.`,
      );
    const postings = await lockUnfiled(tx, cx.firmId, target.connectionId, ENTRIES_LIMIT);
    if (postings.length === 0) throw conflict("Everything that waits stands in a file already.");
    const entries = [];
    for (const posting of postings) {
      const read = await readHandEntry(tx, cx.firmId, posting, cx.now());
      if (read) entries.push(read.entry);
    }
    const firm = await getFirm(tx, cx.firmId);
    const made = connector.makeImportFile(entries, dayOf(cx.now(), firm.time_zone));
    const fileId = newId();
    await insertFile(tx, {
      firm_id: cx.firmId,
      id: fileId,
      connection_id: target.connectionId,
      name: made.name,
      media_type: made.mediaType,
      content: Buffer.from(made.content),
      made_at: cx.now(),
      made_by: cx.actor.id,
    });
    const ids = postings.map((posting) => posting.id);
    await setFile(tx, cx.firmId, ids, fileId, cx.now());
    for (const posting of postings) {
      await recordPosting(tx, cx, posting, { action: "posting.filed", facts: { file: made.name } });
    }
    return fileId;
  });
}

/**
 * A member says that the file of a posting was not imported: its postings may be entered otherwise, or go into another file. Those
 * that are posted already stay so. Throws `conflict` for a posting that stands in no file.
 */
export async function dropFile(cx: MemberContext, input: { postingId: string }): Promise<void> {
  demand(cx, "postings.manage");
  await withFirm(cx.database, cx.firmId, async (tx) => {
    const named = await findPosting(tx, cx.firmId, input.postingId);
    if (!named) throw notFound("posting");
    if (named.file_id === null)
      throw conflict(`Posting ${named.reference} stands in no file any more. Nothing was changed.`);
    const file = await getFile(tx, cx.firmId, named.file_id);
    const postings = await lockWaitingOf(tx, cx.firmId, file.id);
    await setFile(
      tx,
      cx.firmId,
      postings.map((posting) => posting.id),
      null,
      cx.now(),
    );
    await markDropped(tx, cx.firmId, file.id, cx.now());
    for (const posting of postings) {
      await recordPosting(tx, cx, posting, { action: "posting.unfiled", facts: { file: file.name } });
    }
  });
}
