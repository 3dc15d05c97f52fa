import type { Updateable } from "kysely";
import { record } from "../audit/record.ts";
import { conflict } from "../base/error.ts";
import { newId } from "../base/id.ts";
import type { Context, FirmContext } from "../context.ts";
import type { Posting } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import type { Hindrance } from "./assess.ts";
import { causeWords, isRestoring } from "./cause.ts";
import { getPayment, type PaymentRow, type PostingRow, updatePosting } from "./queries.ts";
import { canMove, type PostingState } from "./state.ts";

/** What happened, as the record and the link's time line name it. */
export type PostingAction =
  | "posting.prepared"
  | "posting.released"
  | "posting.started"
  | "posting.delayed"
  | "posting.posted"
  | "posting.markedPosted"
  | "posting.needsAttention"
  | "posting.laid"
  | "posting.setAside"
  | "posting.putBack"
  | "posting.held"
  | "posting.reallocated"
  | "posting.merged"
  | "posting.filed"
  | "posting.unfiled"
  | "posting.watched"
  | "posting.confirmed";

/** After these a posting may wait for somebody who does not know of it yet. */
const WAITS_FOR_A_PERSON: ReadonlySet<PostingAction> = new Set([
  "posting.prepared",
  "posting.needsAttention",
]);

const STATE_WORDS: Record<PostingState, string> = {
  needs_attention: "waiting for attention",
  ready: "ready",
  posting: "being posted",
  posted: "posted",
  set_aside: "set aside",
};

/** Who does what a job does by itself. */
export function systemContext(cx: Context, firmId: string): FirmContext {
  return { ...cx, firmId, actor: { kind: "system", name: "Send for Payment" }, requestId: newId() };
}

/**
 * Moves a locked posting to another state, with what else changes, and records it, in the caller's transaction. Returns the posting
 * as it stands afterwards. Throws `conflict` when the table of moves has no such move.
 */
export async function movePosting(
  tx: Tx,
  who: FirmContext,
  posting: PostingRow,
  move: {
    to: PostingState;
    action: PostingAction;
    change?: Updateable<Posting>;
    facts?: Record<string, unknown>;
  },
): Promise<PostingRow> {
  if (!canMove(posting.state, move.to)) {
    throw conflict(
      `Posting ${posting.reference} is ${STATE_WORDS[posting.state]} by now. Nothing was changed.`,
    );
  }
  const moved = await updatePosting(tx, who.firmId, posting.id, {
    ...(move.to === "set_aside" ? {} : { is_undone: false }),
    ...move.change,
    state: move.to,
    updated_at: who.now(),
  });
  const payment = await recordPosting(tx, who, moved, {
    action: move.action,
    before: { state: posting.state },
    facts: { state: move.to, ...move.facts },
  });
  if (isAboutUndone(payment, moved))
    await enqueue(tx, "postings.reverse", { firmId: who.firmId, paymentId: payment.id });
  return moved;
}

/** What became of a posting may be what a refund or a dispute of its payment waited for. What is set aside waits for nothing. */
function isAboutUndone(payment: PaymentRow, posting: PostingRow): boolean {
  if (posting.state === "set_aside" || posting.state === "posting") return false;
  const isUndoing = posting.kind === "reversal" || isRestoring(posting.cause);
  return isUndoing || payment.refunded_minor > 0n || payment.dispute !== "none";
}

/** Writes a line about a posting into the firm's record, where its link's time line finds it. Returns its payment. */
export async function recordPosting(
  tx: Tx,
  who: FirmContext,
  posting: PostingRow,
  entry: { action: PostingAction; before?: Record<string, unknown>; facts: Record<string, unknown> },
): Promise<PaymentRow> {
  const payment = await getPayment(tx, who.firmId, posting.payment_id);
  await record(tx, who, {
    action: entry.action,
    objectKind: "posting",
    objectId: posting.id,
    linkId: payment.link_id,
    before: entry.before,
    after: {
      reference: posting.reference,
      amountMinor: posting.amount_minor,
      ...(causeWords(posting.cause) === undefined
        ? {}
        : { kind: posting.kind, cause: causeWords(posting.cause), currency: posting.currency }),
      ...entry.facts,
    },
  });
  if (
    posting.state === "needs_attention" &&
    WAITS_FOR_A_PERSON.has(entry.action) &&
    who.actor.kind !== "member"
  ) {
    const occurrence = `${posting.id}:${posting.updated_at.toISOString()}`;
    const told = { firmId: who.firmId, event: "posting_problem", occurrence, postingId: posting.id } as const;
    await enqueue(tx, "delivery.notify", told);
  }
  return payment;
}

/** The columns of a posting that waits for a person, and why. */
export function hindered(hindrance: Hindrance) {
  return { problem: hindrance.problem, problem_text: hindrance.text, next_try_at: null };
}

/** The columns of a posting that nothing hinders. */
export const UNHINDERED = { problem: null, problem_text: null, next_try_at: null } as const;
