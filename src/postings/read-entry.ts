import { formatInstant } from "../base/day.ts";
import { conflict, notFound } from "../base/error.ts";
import { isId } from "../base/id.ts";
import { connectorOf } from "../connections/configured.ts";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { EnterProps } from "./enter-view.tsx";
import { readHandEntry } from "./entry-queries.ts";
import { findFileFacts } from "./file-queries.ts";
import { findPosting } from "./queries.ts";

/**
 * What a person enters for a posting, and where. Throws `not_found`, `conflict` for a posting that waits for nobody to enter it, and
 * `unavailable` when the system is not configured here.
 */
export function readEntry(
  cx: Context,
  firm: { id: string; timeZone: string },
  postingId: string,
): Promise<Pick<EnterProps, "system" | "entry" | "place" | "file">> {
  return withFirm(cx.database, firm.id, async (tx) => {
    const posting = isId(postingId) ? await findPosting(tx, firm.id, postingId) : undefined;
    if (!posting) throw notFound("posting");
    const read = await readHandEntry(tx, firm.id, posting, cx.now());
    if (
      posting.state !== "needs_attention" ||
      (posting.problem !== "unsupported" && !posting.is_undone) ||
      !read
    )
      throw conflict(`Posting ${posting.reference} does not wait to be entered by hand.`);
    if (posting.is_undone && posting.file_id === null)
      throw conflict(`The money of posting ${posting.reference} moved: nothing is to be entered any more.`);
    const { entry, target } = read;
    const { connector, registration } = connectorOf(cx, target.connector);
    const made = posting.file_id === null ? undefined : await findFileFacts(tx, firm.id, posting.file_id);
    const url =
      connector.statementUrl?.(registration, target.externalId) ??
      connector.matterUrl(registration, target.matterExternalId);
    return {
      system: connector.manifest.name,
      entry,
      place: { url, words: connector.handEntryPlace?.(posting.kind) },
      file: {
        takes: connector.makeImportFile !== undefined,
        made: made && { id: made.id, name: made.name, at: formatInstant(made.made_at, firm.timeZone) },
        where: connector.importPlace,
      },
    };
  });
}
