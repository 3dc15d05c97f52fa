import { conflict, invalid } from "../base/error.ts";
import { isId, newId } from "../base/id.ts";
import { amountFaultText, formatMoney, parseAmount } from "../base/money.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { demand } from "../web/env.ts";
import { assess } from "./assess.ts";
import { hindered, movePosting, recordPosting, UNHINDERED } from "./move.ts";
import { goWhereAutomatic } from "./prepare.ts";
import {
  insertAllocation,
  insertPostingOnce,
  listAllocations,
  lockPayment,
  lockPosting,
  type PostingRow,
  updateAllocation,
} from "./queries.ts";
import { referenceOf } from "./reference.ts";
import { findTarget, type Target } from "./target-queries.ts";

/**
 * Lays a posting that waits for a person on an open statement, whole or in part; what is left of it becomes a posting of its own,
 * which waits for its statement. The payment's allocations are changed with it and add up as before. `amount` is text as typed.
 * Returns the laid posting. Throws `invalid` by field, `conflict` where the entry may stand on the earlier statement already.
 */
export async function layPosting(
  cx: MemberContext,
  input: { postingId: string; statementId: string; amount: string },
): Promise<PostingRow> {
  demand(cx, "postings.manage");
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const posting = await lockPosting(tx, cx.firmId, input.postingId);
    demandLayable(posting);
    const target = isId(input.statementId) ? await findTarget(tx, cx.firmId, input.statementId) : undefined;
    if (!target) throw invalid({ statement: "Choose a statement" });
    const amountMinor = readShare(posting, input.amount);
    demandFits(cx, posting, target, amountMinor);
    await layAllocation(tx, cx, posting, target, amountMinor);
    const laid = await movePosting(tx, cx, posting, {
      to: "ready",
      action: "posting.laid",
      change: {
        ...UNHINDERED,
        amount_minor: amountMinor,
        statement_id: target.statementId,
        connection_id: target.connectionId,
      },
      facts: { statement: target.number, amountMinor },
    });
    await goWhereAutomatic(tx, laid, target);
    return laid;
  });
}

/** Throws `conflict` for a posting that cannot be given another statement. */
export function demandLayable(posting: PostingRow): void {
  if (posting.state !== "needs_attention" || posting.kind === "reversal") {
    throw conflict(`Posting ${posting.reference} does not wait for a statement. Nothing was changed.`);
  }
  if (posting.outcome_unknown) {
    throw conflict(
      `Posting ${posting.reference} may stand on its statement already. Look for it there before you choose another.`,
    );
  }
}

function readShare(posting: PostingRow, typed: string): bigint {
  const parsed = parseAmount(typed);
  if (!parsed.ok) throw invalid({ amount: amountFaultText(parsed.fault) });
  if (parsed.minor === 0n) throw invalid({ amount: "Enter an amount above zero" });
  if (parsed.minor > posting.amount_minor) {
    const whole = formatMoney({ minor: posting.amount_minor, currency: posting.currency });
    throw invalid({ amount: `Enter ${whole} or less: that is what was paid` });
  }
  return parsed.minor;
}

function demandFits(cx: MemberContext, posting: PostingRow, target: Target, amountMinor: bigint): void {
  if ((target.kind === "trust_request") !== (posting.kind === "trust_deposit")) {
    const place =
      posting.kind === "trust_deposit"
        ? "Money in trust goes on a trust request"
        : "Money for fees goes on an invoice";
    throw invalid({ statement: `${place}, never on the other kind` });
  }
  if (target.currency !== posting.currency) {
    throw invalid({
      statement: `Statement ${target.number} is in ${target.currency}, the payment in ${posting.currency}`,
    });
  }
  const hindrance = assess(cx, { ...posting, amount_minor: amountMinor }, target);
  if (hindrance?.problem === "balance_changed") throw invalid({ amount: hindrance.text });
  if (hindrance) throw invalid({ statement: hindrance.text });
}

async function layAllocation(
  tx: Tx,
  cx: MemberContext,
  posting: PostingRow,
  target: Target,
  amountMinor: bigint,
): Promise<void> {
  await lockPayment(tx, cx.firmId, posting.payment_id);
  const change = { statement_id: target.statementId, amount_minor: amountMinor };
  await updateAllocation(tx, cx.firmId, posting.allocation_id, change);
  const rest = posting.amount_minor - amountMinor;
  if (rest > 0n) await splitOff(tx, cx, posting, rest);
}

/** The part that was not laid: an allocation and a posting of its own, still without a statement. */
async function splitOff(tx: Tx, cx: MemberContext, posting: PostingRow, rest: bigint): Promise<void> {
  const allocations = await listAllocations(tx, cx.firmId, posting.payment_id);
  const allocationId = newId();
  await insertAllocation(tx, {
    firm_id: cx.firmId,
    id: allocationId,
    payment_id: posting.payment_id,
    statement_id: null,
    position: Math.max(...allocations.map((allocation) => allocation.position)) + 1,
    amount_minor: rest,
  });
  const text = "This is what is left of a payment after a part of it was laid on a statement.";
  const left = await insertPostingOnce(tx, {
    firm_id: cx.firmId,
    id: newId(),
    reference: referenceOf({ allocationId, cause: posting.cause }),
    payment_id: posting.payment_id,
    allocation_id: allocationId,
    kind: posting.kind,
    cause: posting.cause,
    amount_minor: rest,
    currency: posting.currency,
    state: "needs_attention",
    ...hindered({ problem: "no_statement", text }),
    created_at: cx.now(),
    updated_at: cx.now(),
  });
  if (!left) throw new Error(`the rest of posting ${posting.id} has a posting already`);
  await recordPosting(tx, cx, left, { action: "posting.prepared", facts: { problem: "no_statement" } });
}
