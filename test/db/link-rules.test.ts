import { describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import { sumMinor } from "../../src/base/money.ts";
import { brokeConstraint, type Tx } from "../../src/db/tx.ts";
import { makeFirm } from "../support/world.ts";
import { expectBroken, useMoneyGround } from "./money-ground.ts";
import { insertAllocation, insertCheckout, insertLink } from "./money-rows.ts";

describe("rules of links that the database keeps", () => {
  const { ground, within } = useMoneyGround();
  const expectRefused = (work: (tx: Tx) => Promise<unknown>, constraint: string) =>
    expectBroken(within(work), constraint);

  it("allocations add up to the link's amount, when it is made and after every change", async () => {
    const linkId = await within(async (tx) => {
      const id = await insertLink(tx, ground.cx, ground.firm, { amountMinor: 10_000n });
      await insertAllocation(tx, ground.firm.firmId, id, {
        statementId: ground.invoice,
        amountMinor: 10_000n,
      });
      return id;
    });
    const ofLink = { firm_id: ground.firm.firmId, link_id: linkId };
    await expectRefused(async (tx) => {
      const id = await insertLink(tx, ground.cx, ground.firm, { amountMinor: 10_000n });
      await insertAllocation(tx, ground.firm.firmId, id, {
        statementId: ground.invoice,
        amountMinor: 9_999n,
      });
    }, "link_allocation_sum");
    await expectRefused(
      (tx) => insertLink(tx, ground.cx, ground.firm, { amountMinor: 10_000n }),
      "link_allocation_sum",
    );
    await expectRefused(
      (tx) =>
        tx
          .updateTable("link_allocation")
          .set({ amount_minor: 1n })
          .where("firm_id", "=", ofLink.firm_id)
          .where("link_id", "=", ofLink.link_id)
          .execute(),
      "link_allocation_sum",
    );
    await expectRefused(
      (tx) =>
        tx
          .deleteFrom("link_allocation")
          .where("firm_id", "=", ofLink.firm_id)
          .where("link_id", "=", ofLink.link_id)
          .execute(),
      "link_allocation_sum",
    );
    await expectRefused(
      (tx) =>
        tx
          .updateTable("payment_link")
          .set({ amount_minor: 20_000n })
          .where("firm_id", "=", ground.firm.firmId)
          .where("id", "=", linkId)
          .execute(),
      "link_allocation_sum",
    );
  });

  it("a quick link needs no allocation", async () => {
    await expect(
      within((tx) => insertLink(tx, ground.cx, ground.firm, { amountMinor: 5_000n, source: "quick" })),
    ).resolves.toBeTypeOf("string");
  });

  it("no allocation goes above the balance unless a member said so", async () => {
    const above = (confirmed: boolean) => async (tx: Tx) => {
      const id = await insertLink(tx, ground.cx, ground.firm, { amountMinor: 10_001n });
      await insertAllocation(tx, ground.firm.firmId, id, {
        statementId: ground.invoice,
        amountMinor: 10_001n,
        confirmed,
      });
    };
    await expectRefused(above(false), "link_allocation_within_balance");
    await expect(within(above(true))).resolves.toBeUndefined();
  });

  it("trust goes with trust only, in both directions", async () => {
    const laid = (account: "operating" | "trust", statementId: string) => async (tx: Tx) => {
      const id = await insertLink(tx, ground.cx, ground.firm, { amountMinor: 5_000n, account });
      await insertAllocation(tx, ground.firm.firmId, id, { statementId, amountMinor: 5_000n });
    };
    await expectRefused(laid("operating", ground.trustRequest), "link_allocation_kind");
    await expectRefused(laid("trust", ground.invoice), "link_allocation_kind");
    await expect(within(laid("trust", ground.trustRequest))).resolves.toBeUndefined();
  });

  it("a link says of its account what the account is, and keeps to its currency", async () => {
    const wrong = (change: { account_kind?: "trust"; currency?: string }) => (tx: Tx) =>
      insertLink(tx, ground.cx, ground.firm, { amountMinor: 5_000n, source: "quick", ...change });
    await expectRefused(wrong({ account_kind: "trust" }), "payment_link_account_agrees");
    await expectRefused(wrong({ currency: "CAD" }), "payment_link_account_agrees");
  });

  it("at most one checkout of a link is payable, also when two are made at once", async () => {
    const linkId = await within((tx) =>
      insertLink(tx, ground.cx, ground.firm, { amountMinor: 5_000n, source: "quick" }),
    );
    const make = (state: "preparing" | "open" | "expired") =>
      within((tx) => insertCheckout(tx, ground.firm, { linkId, state, amountMinor: 5_000n }));
    const made = await Promise.allSettled(Array.from({ length: 8 }, () => make("open")));
    expect(made.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
    for (const outcome of made)
      if (outcome.status === "rejected")
        expect(brokeConstraint(outcome.reason, "checkout_one_payable")).toBe(true);
    await expect(make("preparing")).rejects.toMatchObject({ constraint: "checkout_one_payable" });
    await expect(make("expired")).resolves.toBeTypeOf("string");
  });

  it("a request makes one link per account, and a link has one successor", async () => {
    const requestId = newId();
    await within((tx) =>
      insertLink(tx, ground.cx, ground.firm, { amountMinor: 5_000n, source: "quick", requestId }),
    );
    await expectRefused(
      (tx) => insertLink(tx, ground.cx, ground.firm, { amountMinor: 5_000n, source: "quick", requestId }),
      "payment_link_request_once",
    );
    const predecessorId = await within((tx) =>
      insertLink(tx, ground.cx, ground.firm, { amountMinor: 5_000n, source: "quick" }),
    );
    const next = (tx: Tx) =>
      insertLink(tx, ground.cx, ground.firm, { amountMinor: 5_000n, source: "quick", predecessorId });
    await within(next);
    await expectRefused(next, "payment_link_one_successor");
  });

  it("an account that holds trust never pays fees, and an account never changes its kind or its owner", async () => {
    const change = (id: string, changed: object) => (tx: Tx) =>
      tx
        .updateTable("merchant_account")
        .set(changed)
        .where("firm_id", "=", ground.firm.firmId)
        .where("id", "=", id)
        .execute();
    await expectRefused(
      change(ground.firm.trustAccountId, { fees_payer: "account" }),
      "merchant_account_trust_fees",
    );
    await expectRefused(
      change(ground.firm.operatingAccountId, { kind: "trust", fees_payer: "platform" }),
      "merchant_account_keeps_kind",
    );
    await expectRefused(
      change(ground.firm.trustAccountId, { kind: "operating" }),
      "merchant_account_keeps_kind",
    );
    await expectRefused(
      change(ground.firm.operatingAccountId, { processor_account: "acct_another" }),
      "merchant_account_keeps_kind",
    );
    await expect(
      within(change(ground.firm.operatingAccountId, { name: "Operating, main" })),
    ).resolves.toBeDefined();
  });

  it("a processor account belongs to one firm", async () => {
    const other = await makeFirm(ground.cx);
    await expectRefused(
      (tx) =>
        tx
          .insertInto("merchant_account")
          .values({
            firm_id: ground.firm.firmId,
            id: newId(),
            name: "Borrowed",
            kind: "operating",
            processor_account: other.processorAccounts.operating,
            last4: "0001",
            currency: "USD",
            fees_payer: "account",
          })
          .execute(),
      "merchant_account_processor_owner",
    );
  });

  it("counts links by state as they are made and moved", async () => {
    const count = (state: string) =>
      within(async (tx) => {
        const rows = await tx
          .selectFrom("tally")
          .select("delta")
          .where("firm_id", "=", ground.firm.firmId)
          .where("family", "=", "link")
          .where("state", "=", state)
          .execute();
        return sumMinor(rows.map((row) => row.delta));
      });
    const before = { outstanding: await count("outstanding"), cancelled: await count("cancelled") };
    const id = await within((tx) =>
      insertLink(tx, ground.cx, ground.firm, { amountMinor: 5_000n, source: "quick" }),
    );
    expect(await count("outstanding")).toBe(before.outstanding + 1n);
    await within((tx) =>
      tx
        .updateTable("payment_link")
        .set({ state: "cancelled" })
        .where("firm_id", "=", ground.firm.firmId)
        .where("id", "=", id)
        .execute(),
    );
    expect(await count("outstanding")).toBe(before.outstanding);
    expect(await count("cancelled")).toBe(before.cancelled + 1n);
  });
});
