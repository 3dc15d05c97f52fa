import { sql } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import type { Context } from "../../src/context.ts";
import { changeRows, insertRows, updateRows } from "../../src/db/rows.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { allOf, eachTogether, together } from "../../src/db/together.ts";
import type { Tx } from "../../src/db/tx.ts";
import { countingStatements } from "../support/counting.ts";
import { useDatabase } from "../support/database.ts";
import { makeFirm, type TestFirm, testContext } from "../support/world.ts";

const box = useDatabase();
let cx: Context;
let firm: TestFirm;

beforeAll(async () => {
  cx = testContext(box);
  firm = await makeFirm(cx);
});

const inFirm = <Result>(work: (tx: Tx) => Promise<Result>) => withFirm(cx.database, firm.firmId, work);

/** A row of the table of emails: it has a unique intent, defaults and columns that may be null. */
const email = (intent: string, change: Partial<Parameters<typeof insertRows<"email">>[2][number]> = {}) => ({
  firm_id: firm.firmId,
  id: newId(),
  kind: "test" as const,
  intent,
  to_address: "ben@marlowkeane.example",
  state: "queued" as const,
  ...change,
});

const intentsLike = (pattern: string) =>
  inFirm(async (tx) => {
    const rows = await tx.selectFrom("email").select("intent").where("intent", "like", pattern).execute();
    return rows.map(({ intent }) => intent).sort();
  });

describe("what is asked for together", () => {
  const asked: { shared: string; inputs: readonly number[] }[] = [];
  const doubled = together(async (tx, shared, inputs: readonly number[]) => {
    asked.push({ shared, inputs });
    const { rows } = await sql<{ doubled: number }>`
      select n * 2 as doubled from unnest(${inputs}::integer[]) with ordinality as given(n, place) order by place`.execute(
      tx,
    );
    return rows.map((row) => row.doubled);
  });

  it("is one statement, and each is answered in the order of the calls", async () => {
    const database = countingStatements(cx.database);
    const answers = await withFirm(database, firm.firmId, async (tx) => {
      const before = database.count();
      const all = await allOf([3, 1, 2, 1].map((n) => doubled(tx, "a", n)));
      expect(database.count() - before).toBe(1);
      return all;
    });
    expect(answers).toEqual([6, 2, 4, 2]);
    expect(asked.splice(0)).toEqual([{ shared: "a", inputs: [3, 1, 2, 1] }]);
  });

  it("asks anew when it is asked later, or with something else in common, or in another transaction", async () => {
    await inFirm(async (tx) => {
      await doubled(tx, "a", 1);
      await doubled(tx, "a", 1);
      await allOf([doubled(tx, "a", 2), doubled(tx, "b", 3)]);
    });
    await Promise.all([1, 2].map((n) => inFirm((tx) => doubled(tx, "a", n))));
    const inputs = asked.splice(0).map((each) => each.inputs);
    expect(inputs.slice(0, 4)).toEqual([[1], [1], [2], [3]]);
    // Which of two transactions at the same time comes first is nobody's to say.
    expect(inputs.slice(4).sort()).toEqual([[1], [2]]);
  });

  it("comes together along the whole way of verbs that are each written for one thing", async () => {
    const verb = async (tx: Tx, n: number) => {
      const once = await doubled(tx, "a", n);
      return await doubled(tx, "a", once);
    };
    expect(await inFirm((tx) => allOf([1, 2, 3].map((n) => verb(tx, n))))).toEqual([4, 8, 12]);
    expect(asked.splice(0).map(({ inputs }) => inputs)).toEqual([
      [1, 2, 3],
      [2, 4, 6],
    ]);
  });
});

describe("many things in one transaction", () => {
  it("are all done, each with its result, in their order", async () => {
    const database = countingStatements(cx.database);
    const results = await eachTogether(database, firm.firmId, ["a", "b"], async (tx, name) => {
      const [row] = await insertRows(tx, "email", [email(`whole:${name}`)]);
      return row?.intent;
    });
    expect(results).toEqual([
      { status: "fulfilled", value: "whole:a" },
      { status: "fulfilled", value: "whole:b" },
    ]);
    expect(await eachTogether(database, firm.firmId, [], async () => 1)).toEqual([]);
  });

  it("where one fails, keep nothing of it, and each is done alone", async () => {
    const tries: string[] = [];
    const results = await eachTogether(cx.database, firm.firmId, ["a", "b", "c"], async (tx, name) => {
      tries.push(name);
      await insertRows(tx, "email", [email(`torn:${name}`)]);
      if (name === "b") throw new Error("not b");
      return name;
    });
    expect(results).toEqual([
      { status: "fulfilled", value: "a" },
      { status: "rejected", reason: new Error("not b") },
      { status: "fulfilled", value: "c" },
    ]);
    expect(tries).toEqual(["a", "b", "c", "a", "b", "c"]);
    expect(await intentsLike("torn:%")).toEqual(["torn:a", "torn:c"]);
  });

  it("where the database refuses the row of one, keep those of the others", async () => {
    const results = await eachTogether(cx.database, firm.firmId, ["fine", "wrong"], async (tx, name) => {
      const wish = name === "wrong" ? { link_id: newId() } : {};
      return (await insertRows(tx, "email", [email(`refused:${name}`, wish)])).length;
    });
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(await intentsLike("refused:%")).toEqual(["refused:fine"]);
  });

  it("are over only when all are, also when one fails at once", async () => {
    const over: string[] = [];
    const slow = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      over.push("slow");
    };
    await expect(allOf([Promise.reject(new Error("at once")), slow()])).rejects.toThrow("at once");
    expect(over).toEqual(["slow"]);
  });
});

describe("many rows", () => {
  it("are inserted in one statement and come back in their order, with their defaults", async () => {
    const database = countingStatements(cx.database);
    const rows = ["3", "1", "2"].map((n) => email(`rows:${n}`));
    const [inserted, count] = await withFirm(database, firm.firmId, async (tx) => {
      const before = database.count();
      return [await insertRows(tx, "email", rows), database.count() - before];
    });
    expect(count).toBe(1);
    expect(inserted.map((row) => row?.id)).toEqual(rows.map(({ id }) => id));
    expect(inserted[0]).toMatchObject({ subject: "", created_at: expect.any(Date), topic: null });
  });

  it("that name different columns, or leave one undefined, keep what each says", async () => {
    const sentAt = new Date("2026-03-01T10:00:00.123Z");
    const inserted = await inFirm((tx) =>
      insertRows(tx, "email", [
        email("odd:1", { topic: "one" }),
        email("odd:2", { sent_at: sentAt, subject: undefined }),
        email("odd:3", { topic: null, subject: "Naïve “quotes” and \\ slashes" }),
      ]),
    );
    expect(inserted).toMatchObject([
      { intent: "odd:1", topic: "one", subject: "", sent_at: null },
      { intent: "odd:2", topic: null, subject: "", sent_at: sentAt },
      { intent: "odd:3", topic: null, subject: "Naïve “quotes” and \\ slashes" },
    ]);
  });

  it("that are there already are undefined where that is allowed, also when they come twice at once", async () => {
    const once = { once: "email_intent_unique" };
    const insert = (...intents: string[]) =>
      inFirm((tx) =>
        insertRows(
          tx,
          "email",
          intents.map((intent) => email(intent)),
          once,
        ),
      );
    expect((await insert("once:1", "once:2", "once:1")).map((row) => row?.intent)).toEqual([
      "once:1",
      "once:2",
      undefined,
    ]);
    expect((await insert("once:2", "once:3")).map((row) => row?.intent)).toEqual([undefined, "once:3"]);
    await expect(inFirm((tx) => insertRows(tx, "email", [email("once:1")]))).rejects.toMatchObject({
      constraint: "email_intent_unique",
    });
    expect(await inFirm((tx) => insertRows(tx, "email", []))).toEqual([]);
  });

  it("change each in its own columns and come back whole, in their order", async () => {
    const rows = ["1", "2", "3"].map((n) => email(`change:${n}`, { topic: "before" }));
    const [first = "", second = "", third = ""] = rows.map(({ id }) => id);
    const changed = await inFirm(async (tx) => {
      await insertRows(tx, "email", rows);
      return await updateRows(tx, "email", firm.firmId, [
        { id: third, change: { topic: null } },
        { id: first, change: { state: "sent", subject: "Hello", topic: undefined } },
        { id: second, change: { topic: "after" } },
      ]);
    });
    expect(changed).toMatchObject([
      { id: third, topic: null, state: "queued" },
      { id: first, topic: "before", state: "sent", subject: "Hello" },
      { id: second, topic: "after" },
    ]);
  });

  it("that are not there, or another firm's, are not changed, and that is told", async () => {
    const other = await makeFirm(cx);
    const row = email("elsewhere");
    await inFirm((tx) => insertRows(tx, "email", [row]));
    const change = [{ id: row.id, change: { topic: "theirs" } }];
    const asOther = (work: (tx: Tx) => Promise<unknown>) => withFirm(cx.database, other.firmId, work);
    await expect(asOther((tx) => updateRows(tx, "email", other.firmId, change))).rejects.toThrow(row.id);
    expect(await asOther((tx) => changeRows(tx, "email", firm.firmId, change))).toEqual([undefined]);
    const only = sql<boolean>`kept.state = 'sent'`;
    expect(await inFirm((tx) => changeRows(tx, "email", firm.firmId, change, only))).toEqual([undefined]);
    expect(await inFirm((tx) => changeRows(tx, "email", firm.firmId, change))).toMatchObject([
      { topic: "theirs" },
    ]);
  });

  it("are never changed twice at once: one of the changes would be lost", async () => {
    const row = email("twice");
    const change = [
      { id: row.id, change: { topic: "a" } },
      { id: row.id, change: { subject: "b" } },
    ];
    await expect(inFirm((tx) => updateRows(tx, "email", firm.firmId, change))).rejects.toThrow(
      "twice at once",
    );
  });
});
