import { formatMoney } from "../base/money.ts";
import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { assess, type Hindrance, systemName, unsupported } from "./assess.ts";
import { findPosting, type PostingRow } from "./queries.ts";
import type { Target } from "./target-queries.ts";

type Money = Parameters<typeof assess>[1];
type Undone = Pick<PostingRow, "posted_by" | "external_id">;

/**
 * What keeps a stored posting from being written, as far as we know; undefined when nothing does. Of a reversal it also matters how
 * its entry was posted, and of what a person may have entered whether its money is still there.
 */
export async function findHindrance(
  tx: Tx,
  who: FirmContext,
  posting: PostingRow,
  target: Target | undefined,
): Promise<Hindrance | undefined> {
  if (posting.state === "needs_attention" && posting.is_undone) return calledBack(posting);
  const entry = await findUndone(tx, posting);
  return entry ? assessReversal(who, posting, entry, target) : assess(who, posting, target);
}

/** What keeps a reversal of an entry from being written: also that a person entered it, whose number may be that of anything there. */
export function assessReversal(
  who: FirmContext,
  money: Money,
  entry: Undone,
  target: Target | undefined,
): Hindrance | undefined {
  const hindrance = target ? assess(who, money, target) : undefined;
  if (hindrance || (target && entry.posted_by === "api")) return hindrance;
  return takenOutByHand(who, money, entry, target);
}

/** What a person is asked to enter, or to take out, by hand for a stored posting, whatever else is known of its statement. */
export async function findHandWork(
  tx: Tx,
  who: FirmContext,
  posting: PostingRow,
  target: Target | undefined,
): Promise<Hindrance | undefined> {
  const hindrance = await findHindrance(tx, who, posting, target);
  if (hindrance?.problem === "unsupported") return hindrance;
  const entry = await findUndone(tx, posting);
  if (entry && (!target || entry.posted_by !== "api")) return takenOutByHand(who, posting, entry, target);
  return target ? unsupported(systemName(who, target.connector), posting, target) : undefined;
}

/** The money moved while a person may have entered this already: only that person knows. The problem stays what it was. */
export function calledBack(posting: Pick<PostingRow, "kind" | "problem" | "file_id">): Hindrance {
  const [imported, untaken] =
    posting.file_id === null ? ["", ""] : [", or its file imported", ", take everything out of its file"];
  const text =
    posting.kind === "reversal"
      ? `The money came back. If this was taken out in the matter system already${imported}, mark it as posted: it is entered anew then. If it was not, leave it in there${untaken} and set this aside.`
      : `The money went back to the payer. If this was entered in the matter system already${imported}, mark it as posted: its reversal follows by itself. If it was not, do not enter it any more${untaken} and set it aside.`;
  return { problem: posting.problem ?? "unsupported", text };
}

async function findUndone(tx: Tx, posting: PostingRow): Promise<PostingRow | undefined> {
  return posting.reverses_posting_id === null
    ? undefined
    : await findPosting(tx, posting.firm_id, posting.reverses_posting_id);
}

/** What a person entered has no number that the system would know: a person takes it out again. */
function takenOutByHand(
  who: FirmContext,
  money: Money,
  entry: Undone,
  target: Target | undefined,
): Hindrance {
  const amount = formatMoney({ minor: money.amount_minor, currency: money.currency });
  const place = target ? systemName(who, target.connector) : "the matter system";
  const number = entry.external_id === null ? "" : ` as ${entry.external_id}`;
  const text = `The payment was entered in ${place} by hand${number}. Take ${amount} of it out there by hand, then mark this as posted.`;
  return { problem: "unsupported", text };
}
