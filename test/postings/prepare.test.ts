import { afterEach, describe, expect, test } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import { preparePostings } from "../../src/postings/prepare.ts";
import { asOwner, useDatabase } from "../support/database.ts";
import { waitingJobs } from "../support/world.ts";
import {
  first,
  historyOf,
  makeDesk,
  postingsOf,
  prepare,
  receivePayment,
  receivePosted,
  receivePrepared,
  setConnection,
  setStatement,
} from "./desk.ts";

const box = useDatabase();

async function writeJobs(): Promise<unknown[]> {
  return (await waitingJobs(box))
    .filter((job) => job.name === "postings.write")
    .map((job) => job.payload.connectionId);
}

test("each part of a payment gets a posting, ready and on its way", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }, { balanceMinor: 12_550n }]);
  const [one, two] = await receivePosted(desk);
  expect(one).toMatchObject({
    kind: "payment",
    state: "ready",
    amount_minor: 40_000n,
    currency: "USD",
    problem: null,
  });
  expect(two).toMatchObject({
    state: "ready",
    amount_minor: 12_550n,
    connection_id: desk.matter.connectionId,
  });
  expect(one?.reference).toMatch(/^SFP(-[0-9A-HJKMNP-TV-Z]{4}){4}$/);
  expect(await writeJobs()).toEqual([desk.matter.connectionId]);
});

test("preparing a payment twice makes nothing more", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  const before = await receivePosted(desk);
  const paymentId = first(before).payment_id;
  await Promise.all([prepare(desk, paymentId), prepare(desk, paymentId)]);
  expect(await postingsOf(desk, paymentId)).toEqual(before);
  expect(await historyOf(desk, first(before))).toEqual(["posting.prepared"]);
});

test("a payment that is still under way has no postings yet", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  const statementId = first(desk.matter.statements).id;
  const paymentId = await receivePayment(desk, [{ statementId, amountMinor: 40_000n }], {
    state: "processing",
  });
  await prepare(desk, paymentId);
  expect(await postingsOf(desk, paymentId)).toEqual([]);
});

test("money for a trust request becomes a deposit into trust", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 250_000n, kind: "trust_request" }]);
  const [posting] = await receivePosted(desk, { kind: "trust" });
  expect(posting).toMatchObject({ kind: "trust_deposit", state: "ready" });
});

test("where the firm releases by hand, a ready posting waits", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  await setConnection(desk, { posting_release: "manual" });
  const [posting] = await receivePosted(desk);
  expect(posting?.state).toBe("ready");
  expect(await writeJobs()).not.toContain(desk.matter.connectionId);
});

test("money that nobody has laid on a statement waits with that reason, beside a part that is ready", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  const [laid, unlaid] = await receivePrepared(desk, [
    { statementId: first(desk.matter.statements).id, amountMinor: 40_000n },
    { statementId: null, amountMinor: 60_000n },
  ]);
  expect(laid?.state).toBe("ready");
  expect(unlaid).toMatchObject({ state: "needs_attention", problem: "no_statement", connection_id: null });
});

describe("of payments that came together", () => {
  afterEach(() => asOwner(box, "drop trigger broken on posting; drop function refuse_posting()"));

  test("one that cannot be prepared holds up no other, laid or not, and is told of", async () => {
    const desk = await makeDesk(box, [{ balanceMinor: 40_000n }, { balanceMinor: 12_550n }]);
    const [one, two] = desk.matter.statements;
    const part = (statementId: string | null) => [{ statementId, amountMinor: 10_000n }];
    const broken = await receivePayment(desk, part(one?.id ?? null));
    const unlaid = await receivePayment(desk, part(null), { source: "quick", invoiceNumber: "none" });
    const laid = await receivePayment(desk, part(two?.id ?? null));
    await asOwner(
      box,
      `create function refuse_posting() returns trigger language plpgsql as $$ begin raise exception 'broken'; end $$;
       create trigger broken before insert on posting for each row
         when (new.payment_id = '${broken}') execute function refuse_posting()`,
    );
    const { firmId } = desk.firm;
    const paymentIds = [broken, unlaid, laid];
    await expect(preparePostings(desk.cx, { firmId, paymentIds })).rejects.toThrow("broken");
    expect(await postingsOf(desk, broken)).toEqual([]);
    expect(await postingsOf(desk, unlaid)).toMatchObject([{ problem: "no_statement" }]);
    expect(await postingsOf(desk, laid)).toMatchObject([{ state: "ready" }]);
  });
});

test("a second payment of one link waits for a person, whatever its statements", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  const [posting] = await receivePosted(desk, { isSurplus: true });
  expect(posting).toMatchObject({ state: "needs_attention", problem: "surplus" });
});

test("when it turns out to be the only payment of its link, it is prepared like any other", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  const parts = [
    { statementId: first(desk.matter.statements).id, amountMinor: 40_000n },
    { statementId: null, amountMinor: 100n },
  ];
  const { payment_id: paymentId } = first(await receivePrepared(desk, parts, { isSurplus: true }));
  await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx.updateTable("payment").set({ is_surplus: false }).where("id", "=", paymentId).execute(),
  );
  await prepare(desk, paymentId);
  const [laid, unlaid] = await postingsOf(desk, paymentId);
  expect(laid).toMatchObject({ state: "ready", problem: null });
  expect(unlaid).toMatchObject({ state: "needs_attention", problem: "no_statement" });
  expect(await writeJobs()).toContain(desk.matter.connectionId);
});

test.each([
  [{ state: "void" as const }, "statement_closed", /is void/],
  [{ state: "paid" as const }, "statement_closed", /is paid already/],
  [{ deleted_at: new Date() }, "statement_closed", /is no longer there/],
  [{ balance_minor: 39_999n }, "balance_changed", /Only \$399\.99 is open .* less than the \$400\.00/],
])("a statement that changed to %o keeps the posting back", async (change, problem, text) => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  await setStatement(desk, first(desk.matter.statements).id, change);
  const [posting] = await receivePrepared(desk, [
    { statementId: first(desk.matter.statements).id, amountMinor: 40_000n },
  ]);
  expect(posting).toMatchObject({ state: "needs_attention", problem });
  expect(posting?.problem_text).toMatch(text);
});

test("a disconnected system keeps the posting back", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  await setConnection(desk, { state: "disconnected" });
  expect((await receivePosted(desk))[0]).toMatchObject({
    state: "needs_attention",
    problem: "no_connection",
  });
});

test("a system that cannot be written to says what to enter by hand", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }], { capabilities: ["readStatements"] });
  const [posting] = await receivePosted(desk);
  expect(posting).toMatchObject({ state: "needs_attention", problem: "unsupported" });
  expect(posting?.problem_text).toMatch(/Enter \$400\.00 on statement \w+ of matter 10482-003 there/);
});

test("a payment of another firm is not prepared", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  const stranger = await makeDesk(box, []);
  const statementId = first(desk.matter.statements).id;
  const paymentId = await receivePayment(desk, [{ statementId, amountMinor: 40_000n }]);
  await prepare(stranger, paymentId);
  expect(await postingsOf(desk, paymentId)).toEqual([]);
});

test("the counters follow the states", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  await receivePosted(desk);
  await receivePrepared(desk, [{ statementId: null, amountMinor: 100n }]);
  const rows = await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx
      .selectFrom("tally")
      .select((eb) => ["state", eb.fn.sum<number>("delta").as("count")])
      .where("firm_id", "=", desk.firm.firmId)
      .where("family", "=", "posting")
      .groupBy("state")
      .orderBy("state")
      .execute(),
  );
  expect(rows.map((row) => [row.state, Number(row.count)])).toEqual([
    ["needs_attention", 1],
    ["ready", 1],
  ]);
});
