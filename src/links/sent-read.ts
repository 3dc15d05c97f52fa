import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import type { ColumnKey } from "./columns-catalog.ts";
import type { Place } from "./list-address.ts";
import { type ListChoices, listChoices } from "./list-choice-queries.ts";
import { type Counts, countLinks } from "./list-count-queries.ts";
import { MATCH_LIMIT } from "./list-filter-queries.ts";
import { findColumns, listViews, type SavedView } from "./saved-view-queries.ts";
import { columnsOf } from "./saved-view-state.ts";
import { findMatches, listSent, type SentPage } from "./sent-queries.ts";
import { listScope } from "./sent-scope.ts";

const PAGE_SIZE = 25;

/** What the frame of the list shows, whatever is in it. */
export type SentFrame = {
  views: SavedView[];
  columns: ColumnKey[];
  choices: ListChoices;
  /** The member whose views and columns these are. */
  memberId: string;
};

export type SentList = SentFrame & {
  page: SentPage;
  counts: Counts;
  /** The search finds more than are looked at. */
  findsTooMany: boolean;
};

type Who = { firm: { id: string; timeZone: string }; memberId: string };

/** Reads one page of Sent Pages with everything around it. */
export function readSentList(cx: Context, who: Who, place: Place): Promise<SentList> {
  const scope = listScope(cx, who.firm.id, who.firm.timeZone);
  return withFirm(cx.database, who.firm.id, async (tx) => {
    const found = await findMatches(tx, place.filter);
    const narrowed = { ...scope, matches: found?.slice(0, MATCH_LIMIT) };
    return {
      ...(await readFrame(tx, who, place)),
      page: await listSent(tx, narrowed, place, PAGE_SIZE),
      counts: await countLinks(tx, narrowed, place.filter),
      findsTooMany: (found?.length ?? 0) > MATCH_LIMIT,
    };
  });
}

/** Reads what stands around the list, for a filter that cannot be read. */
export function readSentFrame(cx: Context, who: Who, place: Place): Promise<SentFrame> {
  return withFirm(cx.database, who.firm.id, (tx) => readFrame(tx, who, place));
}

async function readFrame(tx: Tx, { firm, memberId }: Who, place: Place): Promise<SentFrame> {
  const views = await listViews(tx, firm.id, memberId);
  const mine = await findColumns(tx, firm.id, memberId);
  const choices = await listChoices(tx, firm.id, place.filter.batchId);
  return { views, columns: columnsOf(views, place.viewId, mine), choices, memberId };
}
