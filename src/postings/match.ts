import { record } from "../audit/record.ts";
import { formatMoney } from "../base/money.ts";
import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import { listByNumber, lockStatements } from "../statements/queries.ts";
import type { Hindrance } from "./assess.ts";
import { getNamed, isPrepared, type Named, sumUnread } from "./match-queries.ts";
import { type Candidate, verdictOf } from "./match-verdict.ts";
import { type AllocationRow, type PaymentRow, updateAllocation } from "./queries.ts";
import { findTarget } from "./target-queries.ts";

/** More statements than this with one number say nothing about which is meant. */
const CANDIDATES_LIMIT = 20;

/**
 * Finds the statement of a payment whose link has no statements but named an invoice number, and lays the whole payment on it, in the
 * caller's transaction, which holds the payment's lock. The statement is locked too, so that two payments that name it come one after
 * the other. Returns why it lies on none, in words; undefined when it was laid, and for payments that this is not about: their link
 * named its statements itself and got what it asked for, they were prepared before, or they are one too many.
 */
export async function matchPayment(
  tx: Tx,
  who: FirmContext,
  payment: PaymentRow,
  allocations: readonly AllocationRow[],
): Promise<Hindrance | undefined> {
  const [allocation] = allocations;
  if (!allocation || !isToBeMatched(payment, allocations)) return undefined;
  if (await isPrepared(tx, who.firmId, allocation.id)) return undefined;
  const named = await getNamed(tx, payment);
  const wrong = whyDiffers(payment, named) ?? (named.hasStatements ? undefined : whyNameless(named));
  if (wrong !== undefined) return { problem: "no_statement", text: wrong };
  if (named.hasStatements) return undefined;
  const candidates = await listCandidates(tx, who.firmId, named.invoiceNumber);
  const verdict = verdictOf(payment, named.invoiceNumber, candidates);
  if ("text" in verdict) return { problem: "no_statement", text: verdict.text };
  await updateAllocation(tx, who.firmId, allocation.id, { statement_id: verdict.target.statementId });
  await record(tx, who, {
    action: "payment.matched",
    objectKind: "payment",
    objectId: payment.id,
    linkId: payment.link_id,
    before: { statement: null },
    after: { statement: verdict.target.number, amountMinor: allocation.amount_minor },
  });
  return undefined;
}

/** Whether all of a payment lies on no statement, and it is the one that its link asked for. */
export function isToBeMatched(payment: PaymentRow, allocations: readonly AllocationRow[]): boolean {
  const [allocation, ...others] = allocations;
  return allocation?.statement_id === null && others.length === 0 && !payment.is_surplus;
}

/** What came and is not what was asked for lies on no statement by itself; the words say both. */
function whyDiffers(payment: PaymentRow, named: Named): string | undefined {
  const asked = formatMoney({ minor: named.askedMinor, currency: named.askedCurrency });
  const came = formatMoney({ minor: payment.amount_minor, currency: payment.currency });
  if (came !== asked)
    return `The link asked for ${asked}, and ${came} came. Choose the statements that it is for.`;
  if (payment.processor_account !== named.askedAccount)
    return "The money came into another account than the link asked for. Choose the statement that it is for.";
  return undefined;
}

function whyNameless(named: Named): string | undefined {
  return named.invoiceNumber === ""
    ? "The link named no invoice number. Choose the statement that it is for."
    : undefined;
}

async function listCandidates(tx: Tx, firmId: string, number: string): Promise<Candidate[]> {
  const asTyped = await listByNumber(tx, firmId, number, CANDIDATES_LIMIT);
  const found =
    asTyped.length > 0 ? asTyped : await listByNumber(tx, firmId, number.toUpperCase(), CANDIDATES_LIMIT);
  const ids = found.map((statement) => statement.id);
  await lockStatements(tx, firmId, ids, "update");
  const candidates: Candidate[] = [];
  for (const id of ids) {
    const target = await findTarget(tx, firmId, id);
    if (target) candidates.push({ ...target, unreadMinor: await sumUnread(tx, firmId, id) });
  }
  return candidates;
}
