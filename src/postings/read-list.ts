import { formatInstant } from "../base/day.ts";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { countTrustAlarms } from "./alarm-queries.ts";
import { systemName } from "./assess.ts";
import { type FilterChoices, readChoices } from "./choice-queries.ts";
import { readConditions } from "./condition-queries.ts";
import { isNarrowed, type PostingFilter, type PostingTab, type WantedFilter } from "./filter.ts";
import { fixesOf } from "./fixes.ts";
import { findPostingLine, listLastMembers, listPostingLines, type PostingLine } from "./line-queries.ts";
import type { LineFacts } from "./line-view.tsx";
import {
  countMatches,
  listPaymentGroups,
  type PaymentGroup,
  readMarkCounts,
  readPostingCounts,
} from "./list-queries.ts";
import { POSTING_STATES } from "./state.ts";

const PAGE_SIZE = 25;

type Firm = { id: string; timeZone: string };

export type PostingList = {
  filter: PostingFilter;
  /** Postings by tab: all of them, or those that the filter wants; undefined where those are too many to count. */
  counts: Map<PostingTab, number> | undefined;
  /** Postings that are held as unapplied money. */
  unappliedCount: number;
  groups: { payment: PaymentGroup; lines: LineFacts[] }[];
  hasEarlier: boolean;
  hasLater: boolean;
  choices: FilterChoices;
  /** Open alarms about client money. */
  trustAlarms: number;
};

/**
 * Reads one page of Manage Postings. Without a tab it opens on what needs attention, and on everything when nothing does, or when
 * something is searched for.
 */
export function readPostings(cx: Context, firm: Firm, wanted: WantedFilter): Promise<PostingList> {
  return withFirm(cx.database, firm.id, async (tx) => {
    const [all, marks] = [await readPostingCounts(tx, firm.id), await readMarkCounts(tx, firm.id)];
    const hasWork = (all.get("needs_attention") ?? 0) > 0;
    const opening: PostingTab = hasWork && !isNarrowed(wanted) ? "needs_attention" : "all";
    const filter = { ...wanted, tab: wanted.tab ?? opening };
    const conditions = await readConditions(tx, firm.id, filter, firm.timeZone);
    const matching = isNarrowed(filter)
      ? await countMatches(tx, firm.id, conditions)
      : new Map([...all, ["reversed", marks.reversed]]);
    const page = await listPaymentGroups(tx, firm.id, conditions, PAGE_SIZE);
    return {
      filter,
      counts: matching && countsOf(matching),
      unappliedCount: marks.unapplied,
      groups: await withLines(cx, tx, firm, page.groups),
      hasEarlier: page.hasEarlier,
      hasLater: page.hasLater,
      choices: await readChoices(cx, tx, firm.id, filter.deposit),
      trustAlarms: await countTrustAlarms(tx, firm.id),
    };
  });
}

/** Some payments, each with its lines in the order of its parts. */
export async function withLines(
  cx: Context,
  tx: Tx,
  firm: Firm,
  groups: PaymentGroup[],
): Promise<PostingList["groups"]> {
  const ids = groups.map((group) => group.id);
  const lines = await describeLines(cx, tx, firm, await listPostingLines(tx, firm.id, ids));
  return groups.map((payment) => ({
    payment,
    lines: lines.filter(({ posting }) => posting.payment_id === payment.id),
  }));
}

/** Reads one posting as the lists show it; undefined when there is none in this firm. `id` is a row's id. */
export function readPosting(cx: Context, firm: Firm, id: string): Promise<LineFacts | undefined> {
  return withFirm(cx.database, firm.id, async (tx) => {
    const posting = await findPostingLine(tx, firm.id, id);
    const [line] = posting ? await describeLines(cx, tx, firm, [posting]) : [];
    return line;
  });
}

function countsOf(states: ReadonlyMap<string, number>): Map<PostingTab, number> {
  const counts = new Map(states) as Map<PostingTab, number>;
  const inAll = POSTING_STATES.map((state) => counts.get(state) ?? 0);
  counts.set(
    "all",
    inAll.reduce((sum, count) => sum + count, 0),
  );
  return counts;
}

/** Postings with what a page says about them in words. */
export async function describeLines(
  cx: Context,
  tx: Tx,
  firm: Firm,
  lines: PostingLine[],
): Promise<LineFacts[]> {
  const members = await listLastMembers(
    tx,
    firm.id,
    lines.map((line) => line.id),
  );
  return lines.map((found) => {
    const isHeld = found.hold_until !== null && found.hold_until > cx.now();
    const posting = isHeld ? found : { ...found, hold_until: null };
    const { connector } = posting;
    const member = members.get(posting.id);
    const searchable = connector !== null && cx.connectors.get(connector)?.connector.lookUp !== undefined;
    return {
      posting,
      system: connector === null ? undefined : systemName(cx, connector),
      fixes: fixesOf(posting, searchable),
      lastMember: member && `${member.name}, ${formatInstant(member.at, firm.timeZone)}`,
      nextTry: posting.next_try_at ? formatInstant(posting.next_try_at, firm.timeZone) : undefined,
      hold: holdOf(posting, firm.timeZone),
    };
  });
}

/** Why a ready posting does not go yet, though nothing is wrong with it: its system is waited for. */
function holdOf(posting: PostingLine, timeZone: string): LineFacts["hold"] {
  const { hold_until: until, hold_reason: reason } = posting;
  if (posting.state !== "ready" || until === null || reason === null) return undefined;
  return { reason, until: formatInstant(until, timeZone) };
}
