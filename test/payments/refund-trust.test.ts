import { beforeEach, expect, test } from "vitest";
import { newId } from "../../src/base/id.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { requestRefund } from "../../src/payments/request-refund.ts";
import { updateRefund } from "../../src/payments/undone-queries.ts";
import { postingJobs } from "../../src/postings/jobs.ts";
import { markPosted } from "../../src/postings/mark-posted.ts";
import type { PostingRow } from "../../src/postings/queries.ts";
import { setAside } from "../../src/postings/set-aside.ts";
import {
  type Desk,
  first,
  makeDesk,
  postingsOf,
  receivePrepared,
  setConnection,
  write,
} from "../postings/desk.ts";
import { useDatabase } from "../support/database.ts";

const box = useDatabase();
let desk: Desk;

beforeEach(async () => {
  desk = await makeDesk(box, [{ balanceMinor: 50_000n, kind: "trust_request" }]);
});

/** A deposit of $100.00 that stands in the matter's trust ledger. */
async function deposit(): Promise<PostingRow> {
  const statementId = first(desk.matter.statements).id;
  const [posting] = await receivePrepared(desk, [{ statementId, amountMinor: 10_000n }], { kind: "trust" });
  if (!posting) throw new Error("nothing was prepared");
  await write(desk, posting);
  return posting;
}

/** A sync read the ledger: what it shows of our entries is confirmed. */
function readLedger(balanceMinor: bigint): Promise<void> {
  return withFirm(desk.cx.database, desk.firm.firmId, async (tx) => {
    await tx
      .updateTable("posting")
      .set({ confirmed_at: desk.cx.now() })
      .where("state", "=", "posted")
      .where("confirmed_at", "is", null)
      .execute();
    await tx.updateTable("matter").set({ trust_balance_minor: balanceMinor }).execute();
    await tx
      .insertInto("sync_run")
      .values({
        firm_id: desk.firm.firmId,
        id: newId(),
        connection_id: desk.matter.connectionId,
        kind: "incremental",
        state: "done",
        started_at: desk.cx.now(),
        finished_at: desk.cx.now(),
      })
      .execute();
  });
}

function refund(posting: PostingRow, amount: string) {
  return requestRefund(desk.bookkeeper, {
    paymentId: posting.payment_id,
    refundId: newId(),
    amounts: new Map([[posting.allocation_id, amount]]),
    note: "Asked for by the client.",
  });
}

/** The processor says that the money has left the account; the postings follow. */
async function leave(refundId: string, posting: PostingRow): Promise<PostingRow> {
  const { firmId } = desk.firm;
  const change = {
    state: "succeeded",
    turn: 1,
    moved_at: desk.cx.now(),
    processor_refund_id: `re_${refundId}`,
  } as const;
  await withFirm(desk.cx.database, firmId, (tx) => updateRefund(tx, firmId, refundId, change));
  await postingJobs["postings.reverse"](desk.cx, { firmId, paymentId: posting.payment_id });
  const reversal = (await postingsOf(desk, posting.payment_id)).find(({ kind }) => kind === "reversal");
  if (!reversal) throw new Error("there is no reversal");
  return reversal;
}

const REFUSED = { code: "invalid" };

test("a second refund takes no more than the first leaves in the ledger, before and after its reversal is written", async () => {
  const posting = await deposit();
  await readLedger(5_000n);
  const { id } = await refund(posting, "50.00");
  await expect(refund(posting, "0.50")).rejects.toMatchObject({
    fields: {
      [`amount-${posting.allocation_id}`]: expect.stringContaining(
        "holds only $50.00 in trust, of which $50.00 is on its way back already. More would come out of other clients’ money",
      ),
    },
  });
  const reversal = await leave(id, posting);
  await expect(refund(posting, "0.50")).rejects.toMatchObject(REFUSED);
  await write(desk, reversal);
  await expect(refund(posting, "0.50")).rejects.toMatchObject(REFUSED);
  await readLedger(0n);
  await expect(refund(posting, "0.50")).rejects.toMatchObject(REFUSED);
  await readLedger(1_000n);
  await refund(posting, "10.00");
});

test("of two payments of one matter, refunded at the same moment, one is refused", async () => {
  const postings = [await deposit(), await deposit()];
  await readLedger(5_000n);
  const results = await Promise.allSettled(postings.map((posting) => refund(posting, "50.00")));
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("what the processor refused, and what was covered from elsewhere, is there to be given back", async () => {
  const posting = await deposit();
  await readLedger(5_000n);
  const { firmId } = desk.firm;
  const refused = await refund(posting, "50.00");
  await withFirm(desk.cx.database, firmId, (tx) =>
    updateRefund(tx, firmId, refused.id, { state: "refused" }),
  );
  await setConnection(desk, { posting_release: "manual" });
  const { id } = await refund(posting, "30.00");
  const reversal = await leave(id, posting);
  await expect(refund(posting, "30.00")).rejects.toMatchObject(REFUSED);
  await setAside(desk.bookkeeper, { postingId: reversal.id, reason: "Covered from the operating account." });
  await refund(posting, "30.00");
});

test("what a member took out by hand is not there any more, also before the ledger is read again", async () => {
  const posting = await deposit();
  await readLedger(5_000n);
  await setConnection(desk, { posting_release: "manual" });
  const { id } = await refund(posting, "30.00");
  const reversal = await leave(id, posting);
  desk.clock.at += 1_000;
  await markPosted(desk.bookkeeper, { postingId: reversal.id, number: "R-1", postedOn: "2026-11-20" });
  await expect(refund(posting, "30.00")).rejects.toMatchObject(REFUSED);
  desk.clock.at += 1_000;
  await readLedger(2_000n);
  await refund(posting, "20.00");
});
