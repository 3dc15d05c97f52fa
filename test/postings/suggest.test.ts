import { expect, test } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import { numbersIn, rank, suggestTargets, wordsOf } from "../../src/postings/suggest.ts";
import { useDatabase } from "../support/database.ts";
import { makeMember } from "../support/world.ts";
import { openBrowser } from "./browser.ts";
import { type Desk, first, look, makeDesk, receivePrepared, setStatement } from "./desk.ts";
import { renumber } from "./match-desk.ts";

const box = useDatabase();

test.each([
  ["20391", ["20391"]],
  ["Invoice #20391", ["20391"]],
  ["inv-20391 and 20392", ["20391", "20392"]],
  ["INV20391", ["INV20391", "20391"]],
  ["ab-7", ["AB-7"]],
])("in %j the numbers %j are meant", (text, numbers) => {
  expect(numbersIn(text)).toEqual(expect.arrayContaining(numbers));
});

test("a text without a figure names no number but itself", () => {
  expect(numbersIn("Nov dues")).toEqual(["Nov dues", "NOV DUES"]);
  expect(numbersIn("  ")).toEqual([]);
});

test("names are told apart by the words that not everybody has", () => {
  expect(wordsOf("Okafor Logistics, Inc.")).toEqual(["okafor", "logistics"]);
  expect(wordsOf("The Co.")).toEqual([]);
});

test("a number counts more than all else, and what cannot take the money is left out", () => {
  const clues = {
    kind: "invoice",
    currency: "USD",
    amountMinor: 100n,
    number: "",
    names: [],
    emails: [],
  } as const;
  const target = (id: string, change = {}) => ({
    ...{ statementId: id, number: id, kind: "invoice", state: "open", isDeleted: false, balanceMinor: 100n },
    ...{ currency: "USD", dueOn: null, connectionState: "authorized" },
    ...change,
  });
  const none = { number: false, amount: false, email: false, name: false };
  const candidates = [
    { target: target("amount"), signs: { ...none, amount: true } },
    { target: target("name"), signs: { ...none, name: true, amount: true } },
    { target: target("number", { balanceMinor: 40n }), signs: { ...none, number: true } },
    { target: target("void", { state: "void" }), signs: { ...none, number: true } },
    { target: target("trust", { kind: "trust_request" }), signs: { ...none, number: true } },
    { target: target("pounds", { currency: "GBP" }), signs: { ...none, number: true } },
  ];
  const ranked = rank({ ...clues, names: [], emails: [] }, candidates as never);
  expect(ranked.map(({ target: { number }, takesMinor }) => [number, takesMinor])).toEqual([
    ["number", 40n],
    ["name", 100n],
    ["amount", 100n],
  ]);
});

async function suggestionsFor(
  desk: Desk,
  facts: Parameters<typeof receivePrepared>[2],
  amountMinor = 60_000n,
) {
  const posting = first(await receivePrepared(desk, [{ statementId: null, amountMinor }], facts));
  const suggestions = await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    suggestTargets(tx, desk.firm.firmId, posting),
  );
  return { posting, suggestions };
}

test("number, payer and amount each lead to their statement, the likeliest first, with why", async () => {
  const desk = await makeDesk(box, [
    { balanceMinor: 60_000n },
    { balanceMinor: 70_000n },
    { balanceMinor: 60_000n, kind: "trust_request" },
  ]);
  const [byAmount, byNumber] = desk.matter.statements;
  if (!byAmount || !byNumber) throw new Error("two statements are needed");
  await renumber(desk, byNumber.id, "INV-778");
  const { suggestions } = await suggestionsFor(desk, { invoiceNumber: "Invoice inv-778, please" });
  expect(suggestions.map(({ target, why }) => [target.statementId, why])).toEqual([
    [byNumber.id, ["The request named its number."]],
    [byAmount.id, ["The payer is named on its matter.", "Its balance is exactly this amount."]],
  ]);
});

test("what is closed, or another firm's, is never suggested", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 60_000n }]);
  await makeDesk(box, [{ balanceMinor: 60_000n }]);
  await setStatement(desk, first(desk.matter.statements).id, { state: "void" });
  const { suggestions } = await suggestionsFor(desk, {});
  expect(suggestions).toEqual([]);
});

test("one click lays the money on a suggestion", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 60_000n }]);
  const { posting } = await suggestionsFor(desk, {});
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  const page = await browser.get(`/postings/${posting.id}/statement`);
  expect(page.text).toContain("Lay $600.00 on it");
  const form = page.document.querySelector("table form");
  const fields = Object.fromEntries(
    (form?.querySelectorAll("input[type=hidden]") ?? []).map((each) => [
      each.getAttribute("name") ?? "",
      each.getAttribute("value") ?? "",
    ]),
  );
  const done = await browser.post(form?.getAttribute("action") ?? "", fields);
  expect(done.notice).toContain("The payment has its statement.");
  expect((await look(desk, posting)).state).toBe("ready");
});

test("a suggestion that was paid meanwhile says so, and other statements are offered", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 60_000n }, { balanceMinor: 90_000n }]);
  const { posting } = await suggestionsFor(desk, {});
  const statement = first(desk.matter.statements);
  await setStatement(desk, statement.id, { state: "paid", balance_minor: 0n });
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  const fields = { q: "", statement: statement.id, amount: "600.00" };
  const refused = await browser.post(`/postings/${posting.id}/statement`, fields);
  expect(refused.status).toBe(422);
  expect(refused.text).toContain(`Statement ${statement.number} is paid already.`);
  expect(refused.document.querySelectorAll("input[name=statement][type=radio]").length).toBeGreaterThan(1);
  const staff = await openBrowser(desk.cx, await makeMember(desk.cx, desk.firm.firmId, "staff"));
  expect((await staff.post(`/postings/${posting.id}/statement`, fields)).status).toBe(403);
});

test("a payment that is not what was asked for says both amounts", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 60_000n }]);
  const { posting } = await suggestionsFor(desk, { askedMinor: 50_000n });
  expect(posting.problem_text).toContain("The link asked for $500.00, and $600.00 came.");
});
