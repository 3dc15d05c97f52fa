import { formatInstant } from "../base/day.ts";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { systemName } from "./assess.ts";
import { fixesOf } from "./fixes.ts";
import { findPostingLine, listLastMembers, listPostingLines, type PostingLine } from "./line-queries.ts";
import type { LineFacts } from "./line-view.tsx";
import {
  countReversed,
  listPaymentGroups,
  type PaymentGroup,
  type PostingFilter,
  type PostingTab,
  readPostingCounts,
} from "./list-queries.ts";

const PAGE_SIZE = 25;

type Firm = { id: string; timeZone: string };

export type PostingList = {
  filter: PostingFilter;
  counts: Map<PostingTab, number>;
  groups: { payment: PaymentGroup; lines: LineFacts[] }[];
  hasEarlier: boolean;
  hasLater: boolean;
};

/**
 * Reads one page of Manage Postings. Without a tab it opens on what needs attention, and on everything when nothing does, or when
 * something is searched for.
 */
export function readPostings(
  cx: Context,
  firm: Firm,
  wanted: Omit<PostingFilter, "tab"> & { tab: PostingTab | undefined },
): Promise<PostingList> {
  return withFirm(cx.database, firm.id, async (tx) => {
    const counts = await readCounts(tx, firm.id);
    const opening =
      (counts.get("needs_attention") ?? 0) > 0 && wanted.search === "" ? "needs_attention" : "all";
    const filter = { ...wanted, tab: wanted.tab ?? opening };
    const page = await listPaymentGroups(tx, firm.id, filter, PAGE_SIZE);
    const ids = page.groups.map((group) => group.id);
    const lines = await describeLines(cx, tx, firm, await listPostingLines(tx, firm.id, ids));
    const groups = page.groups.map((payment) => ({
      payment,
      lines: lines.filter(({ posting }) => posting.payment_id === payment.id),
    }));
    return { filter, counts, groups, hasEarlier: page.hasEarlier, hasLater: page.hasLater };
  });
}

/** Reads one posting as the lists show it; undefined when there is none in this firm. `id` is a row's id. */
export function readPosting(cx: Context, firm: Firm, id: string): Promise<LineFacts | undefined> {
  return withFirm(cx.database, firm.id, async (tx) => {
    const posting = await findPostingLine(tx, firm.id, id);
    const [line] = posting ? await describeLines(cx, tx, firm, [posting]) : [];
    return line;
  });
}

async function readCounts(tx: Tx, firmId: string): Promise<Map<PostingTab, number>> {
  const states = await readPostingCounts(tx, firmId);
  const counts = new Map(states) as Map<PostingTab, number>;
  counts.set(
    "all",
    [...states.values()].reduce((sum, count) => sum + count, 0),
  );
  counts.set("reversed", await countReversed(tx, firmId));
  return counts;
}

async function describeLines(cx: Context, tx: Tx, firm: Firm, lines: PostingLine[]): Promise<LineFacts[]> {
  const members = await listLastMembers(
    tx,
    firm.id,
    lines.map((line) => line.id),
  );
  return lines.map((posting) => {
    const { connector } = posting;
    const member = members.get(posting.id);
    const searchable = connector !== null && cx.connectors.get(connector)?.connector.lookUp !== undefined;
    return {
      posting,
      system: connector === null ? undefined : systemName(cx, connector),
      fixes: fixesOf(posting, searchable),
      lastMember: member && `${member.name}, ${formatInstant(member.at, firm.timeZone)}`,
      nextTry: posting.next_try_at ? formatInstant(posting.next_try_at, firm.timeZone) : undefined,
    };
  });
}
