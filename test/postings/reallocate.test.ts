import fc from "fast-check";
import { expect, test } from "vitest";
import { formatDecimal } from "../../src/base/money.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { reallocate } from "../../src/postings/reallocate.ts";
import { releasePostings } from "../../src/postings/release.ts";
import { useDatabase } from "../support/database.ts";
import { makeMember } from "../support/world.ts";
import { openBrowser } from "./browser.ts";
import {
  type Desk,
  first,
  historyOf,
  makeDesk,
  postingsOf,
  receivePrepared,
  setConnection,
  write,
} from "./desk.ts";
import { isWriteAsked } from "./desk-jobs.ts";

const box = useDatabase();
const STATEMENTS = [{ balanceMinor: 50_000n }, { balanceMinor: 30_000n }, { balanceMinor: 20_000n }];

async function deskWithUnlaid(amountMinor = 60_000n) {
  const desk = await makeDesk(box, [...STATEMENTS, { balanceMinor: 10_000n, kind: "trust_request" }]);
  const posting = first(await receivePrepared(desk, [{ statementId: null, amountMinor }]));
  return { desk, posting, ids: desk.matter.statements.map((each) => each.id) };
}

const shares = (ids: string[], amounts: (string | undefined)[]) =>
  new Map(
    amounts.flatMap((amount, index) => (amount === undefined ? [] : [[ids[index] ?? "", amount] as const])),
  );

/** Statement and amount of each posting of a payment, and whether the parts of the payment say the same. */
async function partsOf(desk: Desk, paymentId: string) {
  const postings = await postingsOf(desk, paymentId);
  const parts = await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx
      .selectFrom("payment_allocation")
      .select(["id", "statement_id", "amount_minor"])
      .where("payment_id", "=", paymentId)
      .orderBy("position")
      .execute(),
  );
  expect(
    postings.map(({ allocation_id: id, statement_id, amount_minor }) => ({ id, statement_id, amount_minor })),
  ).toEqual(parts);
  return postings.map(({ statement_id: id, amount_minor: minor }) => [id, minor]);
}

test("money without a statement is laid on several, and goes", async () => {
  const { desk, posting, ids } = await deskWithUnlaid();
  const input = { postingId: posting.id, amounts: shares(ids, ["300", "200.00", "100"]), rest: "" };
  await reallocate(desk.bookkeeper, input);
  expect(await partsOf(desk, posting.payment_id)).toEqual([
    [ids[0], 30_000n],
    [ids[1], 20_000n],
    [ids[2], 10_000n],
  ]);
  const postings = await postingsOf(desk, posting.payment_id);
  expect(postings.map((each) => each.state)).toEqual(["ready", "ready", "ready"]);
  for (const each of postings) await write(desk, each);
  expect(desk.system.ledger.map((entry) => entry.amountMinor)).toEqual([30_000n, 20_000n, 10_000n]);
});

test("what is left of it waits, also when the form comes twice", async () => {
  const { desk, posting, ids } = await deskWithUnlaid();
  const input = { postingId: posting.id, amounts: shares(ids, ["500"]), rest: "100" };
  await reallocate(desk.bookkeeper, input);
  await reallocate(desk.bookkeeper, input);
  expect(await partsOf(desk, posting.payment_id)).toEqual([
    [ids[0], 50_000n],
    [null, 10_000n],
  ]);
  expect(await historyOf(desk, posting)).toEqual(["posting.prepared", "posting.reallocated"]);
});

test("parts come together again, and the job of the one that went finds nothing to do", async () => {
  const { desk, posting, ids } = await deskWithUnlaid(40_000n);
  await reallocate(desk.bookkeeper, {
    postingId: posting.id,
    amounts: shares(ids, ["200", "200"]),
    rest: "",
  });
  const [one, two] = await postingsOf(desk, posting.payment_id);
  if (!one || !two) throw new Error("two postings are needed");
  await reallocate(desk.bookkeeper, { postingId: two.id, amounts: shares(ids, ["400"]), rest: "" });
  expect(await partsOf(desk, posting.payment_id)).toEqual([[ids[0], 40_000n]]);
  expect((await historyOf(desk, two)).at(-1)).toBe("posting.merged");
  await write(desk, two);
  await write(desk, one);
  expect(desk.system.ledger.map((entry) => entry.amountMinor)).toEqual([40_000n]);
});

test("what is written stays, and only the rest is laid anew", async () => {
  const desk = await makeDesk(box, STATEMENTS);
  const ids = desk.matter.statements.map((each) => each.id);
  const parts = [
    { statementId: ids[0] ?? null, amountMinor: 10_000n },
    { statementId: ids[1] ?? null, amountMinor: 20_000n },
  ];
  const [written, open] = await receivePrepared(desk, parts);
  if (!written || !open) throw new Error("two postings are needed");
  await setConnection(desk, { posting_release: "manual" });
  await releasePostings(desk.bookkeeper, { postingIds: [written.id] });
  await write(desk, written);
  await setConnection(desk, { posting_release: "automatic" });
  await reallocate(desk.bookkeeper, {
    postingId: open.id,
    amounts: shares(ids, [undefined, "50", "150"]),
    rest: "",
  });
  expect(await partsOf(desk, open.payment_id)).toEqual([
    [ids[0], 10_000n],
    [ids[1], 5_000n],
    [ids[2], 15_000n],
  ]);
  for (const each of await postingsOf(desk, open.payment_id)) await write(desk, each);
  await expect(
    reallocate(desk.bookkeeper, { postingId: open.id, amounts: shares(ids, ["300"]), rest: "" }),
  ).rejects.toThrow("must be taken back before it can go elsewhere");
});

test("a part whose outcome is not known is not laid anew", async () => {
  const desk = await makeDesk(box, STATEMENTS);
  const ids = desk.matter.statements.map((each) => each.id);
  const [posting] = await receivePrepared(desk, [{ statementId: ids[0] ?? null, amountMinor: 10_000n }]);
  if (!posting) throw new Error("a posting is needed");
  desk.system.writeMishaps = ["lost"];
  await write(desk, posting);
  const input = { postingId: posting.id, amounts: shares(ids, [undefined, "100"]), rest: "" };
  await expect(reallocate(desk.bookkeeper, input)).rejects.toMatchObject({ code: "conflict" });
});

test.each([
  [["300", "200"], "", "rest", "$100.00 is missing"],
  [["500", "200"], "", "rest", "$100.00 is too much"],
  [["600"], "", "amount", "Only $500.00 is open on statement"],
  [["3oo"], "300", "amount", "Enter the amount in figures"],
  [["-300"], "900", "amount", "Enter an amount above zero"],
  [[undefined, undefined, undefined, "100"], "500", "amount", "never on the other kind"],
])("amounts %j with %j left are refused at %s: %s", async (amounts, rest, field, words) => {
  const { desk, posting, ids } = await deskWithUnlaid();
  const before = await partsOf(desk, posting.payment_id);
  const problem = await reallocate(desk.bookkeeper, {
    postingId: posting.id,
    amounts: shares(ids, amounts),
    rest,
  }).catch((error: unknown) => error);
  expect(problem).toMatchObject({ code: "invalid" });
  const fields = (problem as { fields: Record<string, string> }).fields;
  const [name, text] = Object.entries(fields)[0] ?? [];
  expect(name?.startsWith(field)).toBe(true);
  expect(text).toContain(words);
  expect(await partsOf(desk, posting.payment_id)).toEqual(before);
});

test("whatever is typed, the parts add up to the payment and nothing is half done", async () => {
  const { desk, posting, ids } = await deskWithUnlaid(30_000n);
  const cents = fc.integer({ min: 0, max: 30_000 });
  await fc.assert(
    fc.asyncProperty(cents, cents, async (a, b) => {
      const left = 30_000 - a - b;
      const typed = [a, b].map((each) => (each === 0 ? undefined : formatDecimal(BigInt(each))));
      await reallocate(desk.bookkeeper, {
        postingId: posting.id,
        amounts: shares([ids[0] ?? "", ids[1] ?? ""], typed),
        rest: left > 0 ? formatDecimal(BigInt(left)) : "",
      }).catch(() => undefined);
      const parts = await partsOf(desk, posting.payment_id);
      return parts.reduce((sum, [, minor]) => sum + (minor as bigint), 0n) === 30_000n;
    }),
    { numRuns: 15 },
  );
});

test("money in trust is laid on trust requests only, and a released part is released anew", async () => {
  const desk = await makeDesk(box, [
    { balanceMinor: 10_000n, kind: "trust_request" },
    { balanceMinor: 10_000n, kind: "trust_request" },
  ]);
  await setConnection(desk, { posting_release: "manual" });
  const ids = desk.matter.statements.map((each) => each.id);
  const [posting] = await receivePrepared(desk, [{ statementId: ids[0] ?? null, amountMinor: 10_000n }], {
    kind: "trust",
  });
  if (!posting) throw new Error("a posting is needed");
  await reallocate(desk.bookkeeper, { postingId: posting.id, amounts: shares(ids, ["40", "60"]), rest: "" });
  expect((await postingsOf(desk, posting.payment_id)).map((each) => [each.kind, each.state])).toEqual([
    ["trust_deposit", "ready"],
    ["trust_deposit", "ready"],
  ]);
  expect(await isWriteAsked(box, desk)).toBe(false);
});

test("the page shows what may be laid anew and keeps what was typed; a search keeps it too", async () => {
  const { desk, posting, ids } = await deskWithUnlaid();
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  const path = `/postings/${posting.id}/parts`;
  const number = desk.matter.statements[1]?.number ?? "";
  const found = await browser.post(path, { q: number, find: "on", [`amount-${ids[0]}`]: "12.34", rest: "5" });
  const value = (shown: typeof found, name: string) =>
    shown.document.querySelector(`input[name="${name}"]`)?.getAttribute("value");
  expect(found.status).toBe(200);
  expect([value(found, `amount-${ids[0]}`), value(found, `amount-${ids[1]}`), value(found, "rest")]).toEqual([
    "12.34",
    "",
    "5",
  ]);
  const refused = await browser.post(path, { [`amount-${ids[0]}`]: "12.34", rest: "5" });
  expect(refused.status).toBe(422);
  expect(refused.document.querySelector(".error-summary a")?.getAttribute("href")).toBe("#rest");
  expect(value(refused, `amount-${ids[0]}`)).toBe("12.34");
  const done = await browser.post(path, {
    [`amount-${ids[0]}`]: "500",
    [`amount-${ids[1]}`]: "100",
    rest: "",
  });
  expect(done.notice).toContain("The payment is laid anew.");
});

test("staff may not, and another firm's payment is not there", async () => {
  const { desk, posting, ids } = await deskWithUnlaid();
  const input = { postingId: posting.id, amounts: shares(ids, ["300", "300"]), rest: "" };
  const staff = await makeMember(desk.cx, desk.firm.firmId, "staff");
  await expect(reallocate(staff, input)).rejects.toMatchObject({ code: "forbidden" });
  const other = await makeDesk(box, STATEMENTS);
  await expect(reallocate(other.bookkeeper, input)).rejects.toMatchObject({ code: "not_found" });
  const foreign = { ...input, amounts: shares([first(other.matter.statements).id], ["600"]) };
  await expect(reallocate(desk.bookkeeper, foreign)).rejects.toMatchObject({ code: "not_found" });
});
