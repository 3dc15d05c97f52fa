import { expect, test } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import { useDatabase } from "../support/database.ts";
import { makeMatter, makeMember } from "../support/world.ts";
import { openBrowser } from "./browser.ts";
import { first, look, postingsOf, prepare, receivePayment, setStatement, write } from "./desk.ts";
import { isWriteAsked } from "./desk-jobs.ts";
import { openDesk, paymentFacts, receiveTyped, renumber } from "./match-desk.ts";

const box = useDatabase();

test("what waits for a person stays with the person when its statement turns up later", async () => {
  const { desk, statement } = await openDesk(box);
  await setStatement(desk, statement.id, { state: "void" });
  const posting = await receiveTyped(desk, 40_000n, { invoiceNumber: statement.number });
  expect(posting).toMatchObject({ state: "needs_attention", problem: "no_statement", statement_id: null });
  expect(posting.problem_text).toContain("is void");
  await setStatement(desk, statement.id, { state: "open" });
  await prepare(desk, posting.payment_id);
  expect(await look(desk, posting)).toMatchObject({ state: "needs_attention", statement_id: null });
});

test("money that differs from what was asked waits, whatever it names", async () => {
  const { desk, statement } = await openDesk(box);
  const facts = { invoiceNumber: statement.number, askedMinor: 30_000n };
  const posting = await receiveTyped(desk, 20_000n, facts);
  expect(posting).toMatchObject({ state: "needs_attention", problem: "no_statement" });
  expect(posting.problem_text).toContain("The link asked for $300.00, and $200.00 came.");
});

test("a link that names nothing leaves its money to a person, with that reason", async () => {
  const { desk } = await openDesk(box);
  const posting = await receiveTyped(desk, 40_000n, {});
  expect(posting).toMatchObject({ state: "needs_attention", problem: "no_statement" });
  expect(posting.problem_text).toContain("named no invoice number");
});

test("two statements with one number leave it to a person", async () => {
  const { desk, statement } = await openDesk(box);
  const { statements } = await makeMatter(desk.cx, desk.firm.firmId, [{ balanceMinor: 40_000n }]);
  await renumber(desk, first(statements).id, statement.number);
  const posting = await receiveTyped(desk, 40_000n, { invoiceNumber: statement.number });
  expect(posting.problem_text).toContain(`2 open statements have the number ${statement.number}`);
});

test("a statement of another firm is never found", async () => {
  const { statement } = await openDesk(box);
  const { desk } = await openDesk(box, 99_000n);
  const posting = await receiveTyped(desk, 40_000n, { invoiceNumber: statement.number });
  expect(posting).toMatchObject({ problem: "no_statement", statement_id: null });
});

test("of two payments that name one statement at once only the first is laid, until its balance is read again", async () => {
  const { desk, statement } = await openDesk(box);
  const facts = { invoiceNumber: statement.number };
  const ids = [];
  for (let count = 0; count < 2; count++)
    ids.push(await receivePayment(desk, [{ statementId: null, amountMinor: 40_000n }], facts));
  await Promise.all(ids.map((id) => prepare(desk, id)));
  const postings = (await Promise.all(ids.map((id) => postingsOf(desk, id)))).flat();
  expect(postings.map((posting) => posting.state).sort()).toEqual(["needs_attention", "ready"]);
  expect(postings.find((posting) => posting.state === "needs_attention")?.problem_text).toContain(
    "other payments on their way",
  );
});

test("what was posted counts against the balance until a sync that began afterwards is done", async () => {
  const { desk, statement } = await openDesk(box, 100_000n);
  const facts = { invoiceNumber: statement.number };
  const one = await receiveTyped(desk, 60_000n, facts);
  await write(desk, one);
  const { firmId } = desk.firm;
  const { connectionId } = desk.matter;
  // Our copy says $1,000.00 still, the matter system $400.00.
  expect((await receiveTyped(desk, 50_000n, facts)).problem_text).toContain("Only $400.00 is left");
  await withFirm(desk.cx.database, firmId, (tx) =>
    tx
      .insertInto("sync_run")
      .values({
        firm_id: firmId,
        id: one.id,
        connection_id: connectionId,
        kind: "incremental",
        state: "done",
        started_at: new Date(desk.clock.at + 60_000),
      })
      .execute(),
  );
  await setStatement(desk, statement.id, { balance_minor: 40_000n });
  expect(await receiveTyped(desk, 40_000n, facts)).toMatchObject({ state: "ready" });
});

test("money in trust waits for a person, who reads which request seems meant", async () => {
  const { desk, statement } = await openDesk(box, 250_000n, "trust_request");
  const posting = await receiveTyped(desk, 250_000n, { kind: "trust", invoiceNumber: statement.number });
  expect(posting).toMatchObject({
    kind: "trust_deposit",
    state: "needs_attention",
    problem: "no_statement",
    statement_id: null,
  });
  expect(posting.problem_text).toContain(`Trust request ${statement.number} of matter 10482-003`);
  const { allocations, actions } = await paymentFacts(desk, posting.payment_id);
  expect([allocations, actions]).toEqual([[{ statement_id: null, amount_minor: 250_000n }], []]);
  expect(await isWriteAsked(box, desk)).toBe(false);
});

test("a link that lies on statements is never laid by a number", async () => {
  const { desk, statement } = await openDesk(box);
  const other = first((await makeMatter(desk.cx, desk.firm.firmId, [{ balanceMinor: 40_000n }])).statements);
  const paymentId = await receivePayment(desk, [{ statementId: null, amountMinor: 40_000n }], {
    invoiceNumber: statement.number,
  });
  await withFirm(desk.cx.database, desk.firm.firmId, async (tx) => {
    const { link_id } = await tx
      .selectFrom("payment")
      .select("link_id")
      .where("id", "=", paymentId)
      .executeTakeFirstOrThrow();
    await tx
      .insertInto("link_allocation")
      .values({
        firm_id: desk.firm.firmId,
        id: paymentId,
        link_id,
        statement_id: other.id,
        position: 0,
        amount_minor: 40_000n,
        balance_at_sending_minor: 40_000n,
      })
      .execute();
  });
  await prepare(desk, paymentId);
  expect(await postingsOf(desk, paymentId)).toMatchObject([
    { state: "needs_attention", problem: "no_statement", statement_id: null },
  ]);
});

test("the bookkeeper who chooses finds the request that seems meant, and nothing chosen beforehand", async () => {
  const { desk, statement } = await openDesk(box, 250_000n, "trust_request");
  await renumber(desk, statement.id, "TR-0619");
  const posting = await receiveTyped(desk, 250_000n, { kind: "trust", invoiceNumber: "TR-0619" });
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  expect((await browser.get("/postings")).text).toContain("Trust request TR-0619 of matter");
  const page = await browser.get(`/postings/${posting.id}/statement`);
  expect(page.text).toContain("The request named its number.");
  const choices = page.document.querySelectorAll('input[name="statement"]');
  expect(choices.map((choice) => choice.getAttribute("value"))).toEqual([statement.id]);
  expect(choices.some((choice) => choice.hasAttribute("checked"))).toBe(false);
  const fields = { statement: statement.id, amount: "2,500.00", q: "tr-0619" };
  expect((await browser.post(`/postings/${posting.id}/statement`, fields)).status).toBe(303);
  expect(await look(desk, posting)).toMatchObject({ state: "ready", statement_id: statement.id });
});

test("where the number finds nothing, the bookkeeper sees every open statement", async () => {
  const { desk, statement } = await openDesk(box);
  const posting = await receiveTyped(desk, 40_000n, { invoiceNumber: "no such number" });
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  const page = await browser.get(`/postings/${posting.id}/statement`);
  expect(page.document.querySelector('input[name="statement"]')?.getAttribute("value")).toBe(statement.id);
});

test("staff and other firms do not choose", async () => {
  const { desk, statement } = await openDesk(box);
  const posting = await receiveTyped(desk, 40_000n, {});
  const staff = await makeMember(desk.cx, desk.firm.firmId, "staff");
  const stranger = (await openDesk(box)).desk.bookkeeper;
  const fields = { statement: statement.id, amount: "400.00" };
  for (const [member, status] of [
    [staff, 403],
    [stranger, 404],
  ] as const) {
    const browser = await openBrowser(desk.cx, member);
    expect((await browser.get(`/postings/${posting.id}/statement`)).status).toBe(status);
    expect((await browser.post(`/postings/${posting.id}/statement`, fields)).status).toBe(status);
  }
  expect(await look(desk, posting)).toMatchObject({ state: "needs_attention", statement_id: null });
});
