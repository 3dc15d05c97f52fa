import type { Day } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import type { Context, FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { readHandEntry } from "./entry-queries.ts";
import { findFileFacts } from "./file-queries.ts";
import { movePosting, recordPosting, systemContext, UNHINDERED } from "./move.ts";
import { lockPosting, type PostingRow, updatePosting } from "./queries.ts";
import { effectOf, judge, type Shown } from "./watch.ts";
import { listOthers, listWatched, lockShown } from "./watch-queries.ts";

/** Of one connection in one run; the next reading takes the rest. */
const WATCHED_PER_RUN = 500;

/**
 * Looks at the statements of postings that a person enters by hand, after they were read again. Where the balance moved by exactly a
 * posting, it is posted and confirmed; where it moved otherwise, or where two postings would explain it, a person says what happened.
 */
export async function confirmAssisted(
  cx: Context,
  input: { firmId: string; connectionId: string },
): Promise<void> {
  const who = systemContext(cx, input.firmId);
  const watched = await withFirm(cx.database, who.firmId, (tx) =>
    listWatched(tx, who.firmId, input.connectionId, WATCHED_PER_RUN),
  );
  for (const { id, statementId } of watched) {
    await withFirm(cx.database, who.firmId, (tx) => judgeOne(tx, who, id, statementId));
  }
}

async function judgeOne(tx: Tx, who: FirmContext, id: string, statementId: string): Promise<void> {
  const shown = await lockShown(tx, who.firmId, statementId);
  const posting = await lockPosting(tx, who.firmId, id);
  const { watched_balance_minor: balanceMinor, watched_total_minor: totalMinor } = posting;
  if (posting.statement_id !== statementId || balanceMinor === null || totalMinor === null) return;
  const since = posting.watched_from ?? posting.created_at;
  const others = await listOthers(tx, who.firmId, { statementId, postingId: id, since });
  const watched = { id, effectMinor: effectOf(posting), balanceMinor, totalMinor };
  switch (judge(watched, shown, others)) {
    case "entered":
      return await confirm(tx, who, posting, { from: balanceMinor, to: shown.balanceMinor });
    case "either":
      return await note(tx, who, posting, eitherWords(posting, shown, balanceMinor), {});
    case "otherwise":
      return await note(tx, who, posting, otherwiseWords(posting, shown, balanceMinor), {
        watched_balance_minor: null,
      });
    case "wait":
      return;
  }
}

async function confirm(
  tx: Tx,
  who: FirmContext,
  posting: PostingRow,
  balance: { from: bigint; to: bigint },
): Promise<void> {
  const postedOn = await toldDay(tx, who, posting);
  await movePosting(tx, who, posting, {
    to: "posted",
    action: "posting.confirmed",
    change: {
      ...UNHINDERED,
      outcome_unknown: false,
      posted_by: posting.file_id === null ? "hand" : "file",
      posted_on: postedOn,
      posted_at: who.now(),
      confirmed_at: who.now(),
    },
    facts: { balanceBefore: balance.from, balanceAfter: balance.to },
  });
}

/** The date that the person was told to give the entry: that of the file where it stands in one. */
async function toldDay(tx: Tx, who: FirmContext, posting: PostingRow): Promise<Day> {
  const file = posting.file_id === null ? undefined : await findFileFacts(tx, who.firmId, posting.file_id);
  const waiting = await readHandEntry(tx, who.firmId, posting, file?.made_at ?? who.now());
  if (!waiting) throw new Error(`posting ${posting.id} is watched without a statement`);
  return waiting.entry.on;
}

async function note(
  tx: Tx,
  who: FirmContext,
  posting: PostingRow,
  words: string,
  change: { watched_balance_minor?: null },
): Promise<void> {
  if (posting.watch_note === words) return;
  const noted = await updatePosting(tx, who.firmId, posting.id, {
    ...change,
    watch_note: words,
    updated_at: who.now(),
  });
  await recordPosting(tx, who, noted, { action: "posting.watched", facts: { reason: words } });
}

type Place = Shown & { number: string; currency: string };

function eitherWords(posting: PostingRow, shown: Place, from: bigint): string {
  const change = changeWords(shown, from);
  const what = posting.kind === "reversal" ? "reversal" : "posting";
  return `${change} More than one open entry explains that, so we cannot tell whether this ${what} is in it. Look there, and mark it as posted if it is.`;
}

function otherwiseWords(posting: PostingRow, shown: Place, from: bigint): string {
  const amount = formatMoney({ minor: posting.amount_minor, currency: shown.currency });
  if (shown.isVoid)
    return `Statement ${shown.number} is void or gone there. Choose another, or set this aside.`;
  const change = changeWords(shown, from);
  return `${change} That is not ${amount}, so we do not take it for this entry and stop watching. Mark it as posted once it is there.`;
}

function changeWords(shown: Place, from: bigint): string {
  const money = (minor: bigint) => formatMoney({ minor, currency: shown.currency });
  return `The balance of statement ${shown.number} went from ${money(from)} to ${money(shown.balanceMinor)}.`;
}
