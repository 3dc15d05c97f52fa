import { newId } from "../../src/base/id.ts";
import type { Context } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import type { TestFirm } from "./world.ts";

/** A deposit of the firm with a line that our books do not explain, and the difference about it. */
export async function makeDeposit({ cx, firm }: { cx: Context; firm: TestFirm }) {
  const [id, lineId, differenceId] = [newId(), newId(), newId()];
  await withFirm(cx.database, firm.firmId, async (tx) => {
    await tx
      .insertInto("deposit")
      .values({
        firm_id: firm.firmId,
        id,
        reference: "D-7K3M9Q",
        merchant_account_id: firm.operatingAccountId,
        account_kind: "operating",
        processor_account: firm.processorAccounts.operating,
        payout_id: "po_1",
        state: "paid",
        amount_minor: 100n,
        currency: "USD",
        automatic: true,
        arrives_on: "2026-11-16",
        made_at: cx.now(),
        contents: "complete",
        read_at: cx.now(),
      })
      .execute();
    await tx
      .insertInto("deposit_line")
      .values({
        firm_id: firm.firmId,
        id: lineId,
        deposit_id: id,
        transaction_id: "txn_1",
        kind: "payment",
        processor_type: "charge",
        gross_minor: 100n,
        fee_minor: 0n,
        net_minor: 100n,
        happened_at: cx.now(),
        problem: "not_ours",
      })
      .execute();
    await tx
      .insertInto("discrepancy")
      .values({
        firm_id: firm.firmId,
        id: differenceId,
        kind: "deposit_untied",
        object_id: id,
        deposit_id: id,
      })
      .execute();
  });
  return { id, lineId, differenceId };
}
