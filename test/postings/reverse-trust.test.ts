import { expect, test } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import { releasePostings } from "../../src/postings/release.ts";
import { setAside } from "../../src/postings/set-aside.ts";
import { useDatabase } from "../support/database.ts";
import { type Desk, first, makeDesk, receivePosted, write } from "./desk.ts";
import { comeBack, dispute, settleAll } from "./undone-desk.ts";

const box = useDatabase();
let desk: Desk;

/** What stands in the matter system: kind and amount. */
const ledger = () => desk.system.ledger.map((entry) => `${entry.kind} ${entry.amountMinor}`);

/** A trust deposit that was posted and read back, on a matter whose trust ledger holds this much now. */
async function trustDesk(heldMinor: bigint): Promise<string> {
  desk = await makeDesk(box, [{ balanceMinor: 90_000n, kind: "trust_request" }]);
  const postings = await receivePosted(desk, { kind: "trust" });
  for (const posting of postings) await write(desk, posting);
  await withFirm(desk.cx.database, desk.firm.firmId, async (tx) => {
    await tx.updateTable("posting").set({ confirmed_at: desk.cx.now() }).execute();
    await tx
      .updateTable("matter")
      .set({ trust_balance_minor: heldMinor })
      .where("id", "=", desk.matter.matterId)
      .execute();
  });
  return first(postings).payment_id;
}

test("a dispute never comes out of trust: it waits for a person, and the database keeps it so", async () => {
  const paymentId = await trustDesk(90_000n);
  const id = await dispute(desk, { paymentId, amounts: [90_000n] });
  const reversal = (await settleAll(desk, paymentId)).find(({ kind }) => kind === "reversal");
  expect(reversal).toMatchObject({ state: "needs_attention", problem: "trust_guard" });
  expect(reversal?.problem_text).toContain("move $900.00 from an operating account into the trust account");
  const released = await releasePostings(desk.bookkeeper, { postingIds: [reversal?.id ?? ""] });
  expect(released).toMatchObject({ released: 0 });
  await expect(
    withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
      tx
        .updateTable("posting")
        .set({ state: "ready", problem: null })
        .where("id", "=", reversal?.id ?? "")
        .execute(),
    ),
  ).rejects.toThrow("not posted against trust");
  await setAside(desk.bookkeeper, { postingId: reversal?.id ?? "", reason: "Covered from operating" });
  await comeBack(desk, "dispute", id);
  await settleAll(desk, paymentId);
  expect(ledger()).toEqual(["trust_deposit 90000"]);
});

test("a returned bank debit comes off the trust ledger of its matter, as far as that holds it", async () => {
  const paymentId = await trustDesk(90_000n);
  await dispute(desk, { paymentId, amounts: [90_000n], kind: "bank_return" });
  await settleAll(desk, paymentId);
  expect(ledger()).toEqual(["trust_deposit 90000", "reversal 90000"]);
});

test("what was used up of a deposit is not reversed below zero", async () => {
  const paymentId = await trustDesk(10_000n);
  await dispute(desk, { paymentId, amounts: [90_000n], kind: "bank_return" });
  const reversal = (await settleAll(desk, paymentId)).find(({ kind }) => kind === "reversal");
  expect(reversal).toMatchObject({ state: "needs_attention", problem: "trust_guard" });
  expect(reversal?.problem_text).toContain("holds only $100.00 in trust");
});
