import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import { brokeConstraint, lockName, type Tx, transact } from "../../src/db/tx.ts";
import { useDatabase } from "../support/database.ts";
import { makeFirm, testContext } from "../support/world.ts";

describe("transactions", () => {
  const box = useDatabase();

  it("tries again when two lock the same rows in opposite order, and both come through", async () => {
    const cx = testContext(box);
    const firm = await makeFirm(cx);
    const order = [firm.operatingAccountId, firm.trustAccountId];
    let runs = 0;
    const gate = meeting(2);
    const rename = (ids: string[], name: string) =>
      withFirm(cx.database, firm.firmId, async (tx) => {
        runs += 1;
        for (const [index, id] of ids.entries()) {
          await lockAccount(tx, firm.firmId, id);
          // Each holds its first row before either asks for its second.
          if (index === 0) await gate();
        }
        await tx
          .updateTable("merchant_account")
          .set((eb) => ({ ledger_code: sql<string>`${eb.ref("ledger_code")} || ${name}` }))
          .where("firm_id", "=", firm.firmId)
          .execute();
      });
    await Promise.all([rename(order, "a"), rename(order.toReversed(), "b")]);
    expect(runs).toBe(3);
    const rows = await withFirm(cx.database, firm.firmId, (tx) =>
      tx.selectFrom("merchant_account").select("ledger_code").where("firm_id", "=", firm.firmId).execute(),
    );
    for (const row of rows) expect([...row.ledger_code].sort().join("")).toBe("ab");
  });

  it("tries again after a serialisation failure, a few times, then tells it", async () => {
    const cx = testContext(box);
    let runs = 0;
    const failing = (until: number) =>
      transact(cx.database, async (tx) => {
        runs += 1;
        if (runs < until)
          await sql`do $$ begin raise exception 'again' using errcode = '40001'; end $$`.execute(tx);
        return runs;
      });
    expect(await failing(3)).toBe(3);
    runs = 0;
    await expect(failing(100)).rejects.toMatchObject({ code: "40001" });
    expect(runs).toBe(4);
  });

  it("tries nothing again that failed for another reason", async () => {
    const cx = testContext(box);
    let runs = 0;
    const broken = transact(cx.database, async (tx) => {
      runs += 1;
      await sql`select 1 / 0`.execute(tx);
    });
    await expect(broken).rejects.toMatchObject({ code: "22012" });
    expect(runs).toBe(1);
  });

  it("knows by its name which constraint was broken", async () => {
    const cx = testContext(box);
    const { slug } = await makeFirm(cx);
    const { firmId } = await makeFirm(cx);
    const error: unknown = await withFirm(cx.database, firmId, (tx) =>
      tx.updateTable("firm").set({ slug }).where("id", "=", firmId).execute(),
    ).catch((caught: unknown) => caught);
    expect(brokeConstraint(error, "firm_slug_unique")).toBe(true);
    expect(brokeConstraint(error, "firm_slug_form")).toBe(false);
    expect(brokeConstraint(new Error("another"), "firm_slug_unique")).toBe(false);
    expect(brokeConstraint("text", "firm_slug_unique")).toBe(false);
  });

  it("lets one at a time do what has a name", async () => {
    const cx = testContext(box);
    let inside = 0;
    let most = 0;
    const work = () =>
      transact(cx.database, async (tx) => {
        await lockName(tx, "the same thing");
        inside += 1;
        most = Math.max(most, inside);
        await sql`select pg_sleep(0.01)`.execute(tx);
        inside -= 1;
      });
    await Promise.all([work(), work(), work(), work(), work()]);
    expect(most).toBe(1);
  });
});

function lockAccount(tx: Tx, firmId: string, id: string) {
  return tx
    .selectFrom("merchant_account")
    .select("id")
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .forUpdate()
    .execute();
}

/** A gate that opens when `count` have come, and stays open for those who come again. */
function meeting(count: number): () => Promise<void> {
  let arrived = 0;
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    arrived += 1;
    if (arrived >= count) open();
    return opened;
  };
}
