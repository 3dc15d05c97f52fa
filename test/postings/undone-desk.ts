import { newId } from "../../src/base/id.ts";
import { sumMinor } from "../../src/base/money.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { insertDispute, insertRefund, insertUndoneParts } from "../../src/payments/undone-queries.ts";
import { postingJobs } from "../../src/postings/jobs.ts";
import type { PostingRow } from "../../src/postings/queries.ts";
import { type Desk, postingsOf, write } from "./desk.ts";

/** What of each part goes back, in the order of the parts. */
type Undo = { paymentId: string; amounts: bigint[] };

async function allocationIds(desk: Desk, paymentId: string): Promise<string[]> {
  const rows = await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx
      .selectFrom("payment_allocation")
      .select("id")
      .where("payment_id", "=", paymentId)
      .orderBy("position")
      .execute(),
  );
  return rows.map((row) => row.id);
}

async function partsOf(desk: Desk, { paymentId, amounts }: Undo) {
  const ids = await allocationIds(desk, paymentId);
  return ids
    .map((allocationId, index) => ({ allocationId, amountMinor: amounts[index] ?? 0n }))
    .filter((part) => part.amountMinor > 0n);
}

/** A refund that has left the account. Returns its id. */
export async function refund(desk: Desk, undo: Undo): Promise<string> {
  const id = newId();
  const { firmId } = desk.firm;
  const parts = await partsOf(desk, undo);
  await withFirm(desk.cx.database, firmId, async (tx) => {
    await insertRefund(tx, {
      firm_id: firmId,
      id,
      payment_id: undo.paymentId,
      origin: "processor",
      state: "succeeded",
      processor_refund_id: `re_${id}`,
      amount_minor: sumMinor(undo.amounts),
      currency: "USD",
      turn: 1,
      moved_at: desk.cx.now(),
      is_laid: true,
    });
    await insertUndoneParts(tx, { firmId, paymentId: undo.paymentId, refundId: id }, parts);
    await tx
      .updateTable("payment")
      .set({ refunded_minor: sumMinor(undo.amounts) })
      .where("id", "=", undo.paymentId)
      .execute();
  });
  return id;
}

/** A dispute whose money was withdrawn, or a returned bank debit. Returns its id. */
export async function dispute(
  desk: Desk,
  undo: Undo & { kind?: "chargeback" | "bank_return" },
): Promise<string> {
  const id = newId();
  const { firmId } = desk.firm;
  const kind = undo.kind ?? "chargeback";
  const isReturn = kind === "bank_return";
  const parts = await partsOf(desk, undo);
  await withFirm(desk.cx.database, firmId, async (tx) => {
    await insertDispute(tx, {
      firm_id: firmId,
      id,
      payment_id: undo.paymentId,
      processor_dispute_id: `du_${id}`,
      kind,
      state: isReturn ? "lost" : "open",
      amount_minor: sumMinor(undo.amounts),
      currency: "USD",
      turn: 1,
      moved_at: desk.cx.now(),
      is_laid: true,
      opened_at: desk.cx.now(),
      closed_at: isReturn ? desk.cx.now() : null,
    });
    await insertUndoneParts(tx, { firmId, paymentId: undo.paymentId, disputeId: id }, parts);
    await tx
      .updateTable("payment")
      .set({ dispute: isReturn ? "lost" : "open" })
      .where("id", "=", undo.paymentId)
      .execute();
  });
  return id;
}

/** The money is in the account again. */
export async function comeBack(desk: Desk, kind: "refund" | "dispute", id: string): Promise<void> {
  await withFirm(desk.cx.database, desk.firm.firmId, async (tx) => {
    const change = { turn: 2, moved_at: desk.cx.now() };
    if (kind === "refund")
      await tx
        .updateTable("refund")
        .set({ ...change, state: "failed" })
        .where("id", "=", id)
        .execute();
    else
      await tx
        .updateTable("dispute")
        .set({ ...change, state: "won", closed_at: desk.cx.now() })
        .where("id", "=", id)
        .execute();
  });
}

export function reverse(desk: Desk, paymentId: string): Promise<void> {
  return postingJobs["postings.reverse"](desk.cx, { firmId: desk.firm.firmId, paymentId });
}

/** Reverses, twice as a runner may, and writes everything that is ready, as often as there is something. */
export async function settleAll(desk: Desk, paymentId: string): Promise<PostingRow[]> {
  for (let round = 0; round < 5; round++) {
    await reverse(desk, paymentId);
    await reverse(desk, paymentId);
    for (const posting of await postingsOf(desk, paymentId))
      if (posting.state === "ready") await write(desk, posting);
  }
  return await postingsOf(desk, paymentId);
}
