import { beforeEach, describe, expect, it } from "vitest";
import type { MemberContext } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import {
  addToBasket,
  emptyBasket,
  setBasketAmount,
  spreadBasket,
  takeOutOfBasket,
} from "../../src/statements/basket.ts";
import { readBasket } from "../../src/statements/read-basket.ts";
import { useDatabase } from "../support/database.ts";
import type { TestMatter } from "../support/matter-rows.ts";
import { makeFirm, makeMatter, makeMember, testContext } from "../support/world.ts";

describe("the basket", () => {
  const box = useDatabase();
  let member: MemberContext;
  let matter: TestMatter;
  let ids: string[];

  beforeEach(async () => {
    const cx = testContext(box);
    const { firmId } = await makeFirm(cx);
    member = await makeMember(cx, firmId, "staff");
    matter = await makeMatter(cx, firmId, [
      { balanceMinor: 90_000n, dueOn: "2026-10-14" },
      { balanceMinor: 250_000n, dueOn: "2026-11-11" },
      { balanceMinor: 124_000n, dueOn: "2026-12-02" },
      { balanceMinor: 500_000n, dueOn: "2026-11-24", kind: "trust_request" },
    ]);
    ids = matter.statements.map((statement) => statement.id);
  });

  const idAt = (index: number) => ids[index] ?? "";
  const amounts = async () => (await readBasket(member)).lines.map((line) => line.amountMinor);
  const change = (index: number, facts: Record<string, unknown>) =>
    withFirm(member.database, member.firmId, (tx) =>
      tx.updateTable("statement").set(facts).where("id", "=", idAt(index)).execute(),
    );

  it("holds what was ticked, in that order, with whole balances and sums per kind of account", async () => {
    await addToBasket(member, [idAt(1), idAt(3)]);
    await addToBasket(member, [idAt(0), idAt(1)]);
    const basket = await readBasket(member);
    expect(basket.lines.map((line) => line.statement.id)).toEqual([idAt(1), idAt(3), idAt(0)]);
    expect(basket.lines[0]).toMatchObject({
      amountMinor: 250_000n,
      isWholeBalance: true,
      fault: undefined,
      statement: {
        matterNumber: "10482-003",
        clientName: "Okafor Logistics, Inc.",
        connectionId: matter.connectionId,
      },
    });
    expect(basket).toMatchObject({
      currency: "USD",
      operatingMinor: 340_000n,
      trustMinor: 500_000n,
      totalMinor: 840_000n,
      makesTwoLinks: true,
    });
  });

  it("loses lines one by one, and all at once; what is not there is as good as taken out", async () => {
    await addToBasket(member, ids);
    await takeOutOfBasket(member, [idAt(0), idAt(0), "nonsense"]);
    expect(await amounts()).toEqual([250_000n, 124_000n, 500_000n]);
    await emptyBasket(member);
    await emptyBasket(member);
    expect(await readBasket(member)).toMatchObject({
      lines: [],
      currency: undefined,
      totalMinor: 0n,
      makesTwoLinks: false,
    });
  });

  it("takes an amount per line, and the whole balance again, which follows the balance", async () => {
    await addToBasket(member, [idAt(0)]);
    await setBasketAmount(member, { statementId: idAt(0), amountMinor: 10_001n });
    expect(await amounts()).toEqual([10_001n]);
    await setBasketAmount(member, { statementId: idAt(0), amountMinor: null });
    await change(0, { balance_minor: 70_000n });
    expect(await amounts()).toEqual([70_000n]);
    await expect(setBasketAmount(member, { statementId: idAt(0), amountMinor: -1n })).rejects.toMatchObject({
      code: "invalid",
    });
    await expect(setBasketAmount(member, { statementId: idAt(1), amountMinor: 1n })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it("says in plain words what is wrong with a line", async () => {
    await addToBasket(member, ids);
    await setBasketAmount(member, { statementId: idAt(0), amountMinor: 0n });
    await setBasketAmount(member, { statementId: idAt(1), amountMinor: 250_001n });
    await change(2, { state: "paid", balance_minor: 0n });
    await change(3, { deleted_at: new Date() });
    const basket = await readBasket(member);
    const [zero, above, paid, deleted] = matter.statements.map((statement) => statement.number);
    expect(basket.lines.map((line) => line.fault)).toEqual([
      { code: "zero", text: `Nothing is asked for ${zero}: enter an amount or remove it` },
      { code: "above_balance", text: `${above} has only $2,500.00 open: enter that or less` },
      { code: "closed", text: `${paid} was paid meanwhile: remove it` },
      { code: "closed", text: `${deleted} was deleted in the matter system meanwhile: remove it` },
    ]);
    expect(basket).toMatchObject({ operatingMinor: 250_001n, trustMinor: 0n, makesTwoLinks: false });
  });

  it("spreads a total over invoices only, exactly, in the chosen order", async () => {
    await addToBasket(member, [idAt(2), idAt(3), idAt(0), idAt(1)]);
    await spreadBasket(member, { totalMinor: 100_000n, order: "oldest" });
    expect(await amounts()).toEqual([0n, 500_000n, 90_000n, 10_000n]);
    await spreadBasket(member, { totalMinor: 200_000n, order: "newest" });
    expect(await amounts()).toEqual([124_000n, 500_000n, 0n, 76_000n]);
    await spreadBasket(member, { totalMinor: 150_000n, order: "shown" });
    expect(await amounts()).toEqual([124_000n, 500_000n, 26_000n, 0n]);
  });

  it("refuses a total that is not above zero or more than is open, and changes nothing", async () => {
    await addToBasket(member, ids);
    await expect(spreadBasket(member, { totalMinor: 0n, order: "oldest" })).rejects.toMatchObject({
      fields: { spread: "Enter an amount above zero" },
    });
    await expect(spreadBasket(member, { totalMinor: 464_001n, order: "oldest" })).rejects.toMatchObject({
      fields: { spread: "Enter $4,640.00 or less: more is not open on these invoices" },
    });
    expect(await amounts()).toEqual([90_000n, 250_000n, 124_000n, 500_000n]);
  });

  it("takes only what is open, one currency, and two hundred lines at most", async () => {
    await change(0, { state: "void" });
    await expect(addToBasket(member, [idAt(0)])).rejects.toMatchObject({ code: "conflict" });
    await change(1, { currency: "CAD" });
    await expect(addToBasket(member, [idAt(1), idAt(2)])).rejects.toThrow("One request has one currency");
    const many = await makeMatter(
      member,
      member.firmId,
      Array.from({ length: 201 }, () => ({ balanceMinor: 100n })),
    );
    const manyIds = many.statements.map((statement) => statement.id);
    await addToBasket(member, manyIds.slice(0, 200));
    await expect(addToBasket(member, manyIds.slice(200))).rejects.toThrow("at most 200");
    expect((await readBasket(member)).lines).toHaveLength(200);
  });

  it("is the member's own", async () => {
    await addToBasket(member, [idAt(0)]);
    const colleague = await makeMember(member, member.firmId, "staff");
    expect((await readBasket(colleague)).lines).toEqual([]);
    await emptyBasket(colleague);
    expect((await readBasket(member)).lines).toHaveLength(1);
  });

  it("does not take another firm's statements", async () => {
    const stranger = await makeMember(member, (await makeFirm(member, "Other LLP")).firmId, "admin");
    await expect(addToBasket(stranger, [idAt(0)])).rejects.toMatchObject({ code: "not_found" });
    await expect(setBasketAmount(stranger, { statementId: idAt(0), amountMinor: 1n })).rejects.toMatchObject({
      code: "not_found",
    });
    await addToBasket(member, [idAt(0)]);
    await takeOutOfBasket(stranger, [idAt(0)]);
    expect((await readBasket(member)).lines).toHaveLength(1);
  });

  it("is filled once by impatient clicks", async () => {
    await Promise.all([1, 2, 3, 4].map(() => addToBasket(member, ids)));
    expect((await readBasket(member)).lines).toHaveLength(4);
  });
});
