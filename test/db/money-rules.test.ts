import { describe, expect, it } from "vitest";
import { brokeConstraint, type Tx } from "../../src/db/tx.ts";
import { expectBroken, useMoneyGround } from "./money-ground.ts";
import { insertLink, insertPayment, insertPosting } from "./money-rows.ts";

describe("rules of payments and postings that the database keeps", () => {
  const { ground, within } = useMoneyGround();
  const newLink = (account: "operating" | "trust" = "operating") =>
    within((tx) => insertLink(tx, ground.cx, ground.firm, { amountMinor: 1_000n, source: "quick", account }));
  const pay = (linkId: string, change: Partial<Parameters<typeof insertPayment>[2]> = {}) =>
    within((tx) =>
      insertPayment(tx, ground.firm, {
        linkId,
        amountMinor: 1_000n,
        allocations: [{ statementId: null, amountMinor: 1_000n }],
        ...change,
      }),
    );

  it("allocations of a payment add up to it, always", async () => {
    const linkId = await newLink();
    await expectBroken(pay(linkId, { allocations: [] }), "payment_allocation_sum");
    await expectBroken(
      pay(linkId, { allocations: [{ statementId: null, amountMinor: 999n }] }),
      "payment_allocation_sum",
    );
    const parts = [
      { statementId: ground.invoice, amountMinor: 400n },
      { statementId: null, amountMinor: 600n },
    ];
    const { id, allocationIds } = await pay(linkId, { allocations: parts });
    const [first = ""] = allocationIds;
    await expectBroken(
      within((tx) =>
        tx
          .deleteFrom("payment_allocation")
          .where("firm_id", "=", ground.firm.firmId)
          .where("id", "=", first)
          .execute(),
      ),
      "payment_allocation_sum",
    );
    await expectBroken(
      within((tx) =>
        tx
          .updateTable("payment")
          .set({ amount_minor: 999n })
          .where("firm_id", "=", ground.firm.firmId)
          .where("id", "=", id)
          .execute(),
      ),
      "payment_allocation_sum",
    );
    // Laid anew within one transaction it still adds up.
    await within(async (tx) => {
      const allocations = tx.updateTable("payment_allocation").where("firm_id", "=", ground.firm.firmId);
      await allocations.set({ amount_minor: 500n }).where("payment_id", "=", id).execute();
    });
  });

  it("an allocation that moves to another payment leaves neither short, and a posting belongs to its allocation's payment", async () => {
    const halves = [1, 2].map(() => ({ statementId: null, amountMinor: 500n }));
    const from = await pay(await newLink(), { allocations: halves });
    const to = await pay(await newLink());
    const [moved = ""] = from.allocationIds;
    await expectBroken(
      within((tx) =>
        tx
          .updateTable("payment_allocation")
          .set({ payment_id: to.id, position: 9 })
          .where("firm_id", "=", ground.firm.firmId)
          .where("id", "=", moved)
          .execute(),
      ),
      "payment_allocation_sum",
    );
    await expectBroken(
      within((tx) =>
        insertPosting(tx, ground.firm, { paymentId: to.id, allocationId: moved, kind: "payment" }),
      ),
      "posting_firm_id_payment_id_allocation_id_fkey",
    );
  });

  it("a payment names the account it lies in, with that account's kind", async () => {
    const linkId = await newLink();
    const change = (tx: Tx) =>
      tx.updateTable("payment").set({ account_kind: "trust" }).where("firm_id", "=", ground.firm.firmId);
    const { id } = await pay(linkId);
    await expectBroken(
      within((tx) => change(tx).where("id", "=", id).execute()),
      "payment_account_agrees",
    );
  });

  it("trust money is laid on trust requests only, and other money on invoices only", async () => {
    const onInvoice = { allocations: [{ statementId: ground.invoice, amountMinor: 1_000n }] };
    const onTrust = { allocations: [{ statementId: ground.trustRequest, amountMinor: 1_000n }] };
    await expectBroken(pay(await newLink(), onTrust), "payment_allocation_kind");
    const trustLink = await newLink("trust");
    await expectBroken(pay(trustLink, { account: "trust", ...onInvoice }), "payment_allocation_kind");
    await expect(pay(trustLink, { account: "trust", ...onTrust })).resolves.toBeDefined();
  });

  it("a link takes one payment, also when two arrive at once; a failed one leaves it free, a surplus stands apart", async () => {
    const linkId = await newLink();
    await pay(linkId, { state: "failed" });
    const paid = await Promise.allSettled([pay(linkId), pay(linkId), pay(linkId, { state: "processing" })]);
    expect(paid.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
    for (const outcome of paid)
      if (outcome.status === "rejected")
        expect(brokeConstraint(outcome.reason, "payment_one_per_link")).toBe(true);
    await expect(pay(linkId, { isSurplus: true })).resolves.toBeDefined();
  });

  it("one intent of the processor is one payment, and no more is refunded than was paid", async () => {
    const intentId = "pi_the_same";
    await pay(await newLink(), { intentId });
    await expectBroken(pay(await newLink(), { intentId }), "payment_intent_unique");
    await expectBroken(pay(await newLink(), { refundedMinor: 1_001n }), "payment_refunded_within");
  });

  it("an allocation is posted once per kind, and each event reverses a posting once", async () => {
    const { id: paymentId, allocationIds } = await pay(await newLink());
    const [allocationId = ""] = allocationIds;
    const post = (wish: Partial<Parameters<typeof insertPosting>[2]>) =>
      within((tx) => insertPosting(tx, ground.firm, { paymentId, allocationId, kind: "payment", ...wish }));
    const posted = await Promise.allSettled([post({}), post({}), post({})]);
    const [kept] = posted.filter((outcome) => outcome.status === "fulfilled");
    expect(posted.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
    for (const outcome of posted)
      if (outcome.status === "rejected") expect(brokeConstraint(outcome.reason, "posting_once")).toBe(true);
    const reversesId = kept?.value ?? "";
    const part = { kind: "reversal", reversesId, amountMinor: 400n } as const;
    await post({ ...part, cause: "refund re_1" });
    await post({ ...part, cause: "refund re_2" });
    await expectBroken(post({ ...part, cause: "refund re_1" }), "posting_reversal_once");
    await expectBroken(post({ ...part, cause: "refund re_3" }), "posting_reversal_within");
    await expectBroken(post({ kind: "reversal" }), "posting_reversal");
  });

  it("a posting's reference is unique for ever", async () => {
    const { id: paymentId, allocationIds } = await pay(await newLink());
    const [allocationId = ""] = allocationIds;
    const wish = { paymentId, allocationId, reference: "S-TWICE", kind: "payment" } as const;
    await within((tx) => insertPosting(tx, ground.firm, wish));
    const anew = { ...wish, cause: "dispute_won:1" };
    await expectBroken(
      within((tx) => insertPosting(tx, ground.firm, anew)),
      "posting_reference_unique",
    );
    await expectBroken(
      within((tx) =>
        insertPosting(tx, ground.firm, { ...anew, reference: "S-TRUST", kind: "trust_deposit" }),
      ),
      "posting_kind_agrees",
    );
  });

  it("a posting never waits without a reason, is never ready without a target, posted without a way or set aside without words", async () => {
    const { id: paymentId, allocationIds } = await pay(await newLink());
    const [allocationId = ""] = allocationIds;
    const make = (state: "needs_attention" | "ready" | "posting" | "posted" | "set_aside") =>
      within((tx) =>
        insertPosting(tx, ground.firm, { paymentId, allocationId, kind: "payment", state, problem: null }),
      );
    await expectBroken(make("needs_attention"), "posting_needs_attention");
    await expectBroken(make("ready"), "posting_has_target");
    await expectBroken(make("posting"), "posting_has_target");
    await expectBroken(make("posted"), "posting_posted");
    await expectBroken(make("set_aside"), "posting_set_aside");
  });
});
