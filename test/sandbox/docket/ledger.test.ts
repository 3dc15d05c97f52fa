import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore } from "../../../src/sandbox/docket/store.ts";
import { type Desk, openDesk, payment, receipt } from "./desk.ts";
import {
  call,
  type Entry,
  type Failure,
  FIRST_MATTER,
  type List,
  type Matter,
  newFolder,
  openStatements,
  removeFolders,
} from "./harness.ts";

const folder = newFolder();
let desk: Desk;
beforeAll(async () => {
  desk = await openDesk(folder);
});
afterAll(async () => {
  await desk.docket.close();
  removeFolders();
});

describe("a trust deposit", () => {
  const trustBalance = async () =>
    (await call<Matter>(desk.docket, desk.token, `/api/v1/matters/${FIRST_MATTER}`)).body.trust_balance;

  test("raises the matter's trust balance and lowers what its request still asks for", async () => {
    const request = await desk.newStatement("trust_request", 1000);
    const before = await trustBalance();
    const body = {
      ...receipt,
      reference: "trust",
      matter_id: FIRST_MATTER,
      statement_id: request.id,
      amount: 250.5,
    };
    const made = await desk.post<Entry>("/api/v1/trust-deposits", body);
    expect(made.body).toMatchObject({ statement_id: request.id, matter_id: FIRST_MATTER, amount: 250.5 });
    expect(await trustBalance()).toBeCloseTo(before + 250.5, 2);
    expect((await desk.getStatement(request.id)).balance).toBe(749.5);
    const found = await call<List<Entry>>(desk.docket, desk.token, "/api/v1/trust-deposits?reference=trust");
    expect(found.body.data).toEqual([made.body]);

    const undo = { reference: "trust-back", reversed_on: "2030-02-02", reason: "returned", amount: 250.5 };
    const reversal = await desk.post(`/api/v1/trust-deposits/${made.body.id}/reversals`, undo);
    expect(reversal.status).toBe(201);
    expect(await trustBalance()).toBe(before);
    expect((await desk.getStatement(request.id)).balance).toBe(1000);
  });

  test("may come without a request", async () => {
    const before = await trustBalance();
    const body = { ...receipt, reference: "loose", matter_id: FIRST_MATTER, statement_id: null, amount: 1 };
    expect((await desk.post("/api/v1/trust-deposits", body)).status).toBe(201);
    expect(await trustBalance()).toBeCloseTo(before + 1, 2);
  });
});

describe("a reversal", () => {
  const undo = (amount: number, ...allocations: [string, number][]) => ({
    reference: "undo",
    reversed_on: "2030-02-02",
    reason: "refund",
    amount,
    allocations: allocations.map(([statement_id, part]) => ({ statement_id, amount: part })),
  });

  test("of a part reopens the paid statement, and no more than was paid can be reversed", async () => {
    const { id } = await desk.newStatement("invoice", 80);
    const { body: entry } = await desk.post<Entry>("/api/v1/payments", payment("whole", 80, [id, 80]));
    const path = `/api/v1/payments/${entry.id}/reversals`;
    const made = await desk.post<Record<string, unknown>>(path, undo(30, [id, 30]));
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ reference: "undo", entry_id: entry.id, amount: 30 });
    expect(await desk.getStatement(id)).toMatchObject({ balance: 30, status: "open" });
    const found = await call<List<Entry>>(desk.docket, desk.token, "/api/v1/payments?reference=whole");
    expect(found.body.data[0]?.reversed_amount).toBe(30);
    const reversals = await call<List<unknown>>(desk.docket, desk.token, "/api/v1/reversals?reference=undo");
    expect(reversals.body.data).toEqual([made.body]);
    const tooMuch = await desk.post<Failure>(path, undo(50.01, [id, 50.01]));
    expect(tooMuch.status).toBe(422);
    expect(tooMuch.body.error.code).toBe("reversal_exceeds_entry");
    expect((await desk.post(path, undo(50, [id, 50]))).status).toBe(201);
    expect((await desk.getStatement(id)).balance).toBe(80);
  });

  test("keeps to the payment's own lines and adds up", async () => {
    const [one, two] = [await desk.newStatement("invoice", 10), await desk.newStatement("invoice", 10)];
    const { body: entry } = await desk.post<Entry>("/api/v1/payments", payment("own", 10, [one.id, 10]));
    const path = `/api/v1/payments/${entry.id}/reversals`;
    expect((await desk.post<Failure>(path, undo(5, [two.id, 5]))).body.error.code).toBe("unknown_statement");
    expect((await desk.post<Failure>(path, undo(5, [one.id, 4]))).body.error.code).toBe(
      "allocations_do_not_add_up",
    );
    expect((await desk.post("/api/v1/payments/pay_none/reversals", undo(5, [one.id, 5]))).status).toBe(404);
  });
});

/** Statements and entries whose balances do not follow from the ledger, read from the data file itself. */
function contradictions(): unknown[] {
  const store = openStore(folder);
  const statements = store.all(
    `select id from statements where balance_cents <> total_cents - brought_forward_cents
       - (select coalesce(sum(case kind when 'reversal' then -amount_cents else amount_cents end), 0)
          from ledger where statement_id = statements.id)
       or (status = 'open') <> (balance_cents > 0)`,
  );
  const matters = store.all(
    `select id from matters where trust_balance_cents <> opening_trust_cents
       + (select coalesce(sum(case ledger.kind when 'trust_deposit' then amount_cents else -amount_cents end), 0)
          from ledger where matter_id = matters.id and (ledger.kind = 'trust_deposit' or reverses_id like 'dep_%'))`,
  );
  const entries = store.all(
    `select id from entries where amount_cents <> (select sum(amount_cents) from ledger where entry_id = entries.id)
       or reversed_cents <> (select coalesce(sum(amount_cents), 0) from ledger where reverses_id = entries.id)`,
  );
  store.close();
  return [...statements, ...matters, ...entries];
}

const step = fc.record({
  kind: fc.constantFrom("payment", "deposit", "payment reversal", "deposit reversal", "correction"),
  pick: fc.nat(),
  cents: fc.integer({ min: 1, max: 60_000 }),
});
type Step = { kind: string; pick: number; cents: number };
type Written = { payments: Entry[]; deposits: (Entry & { statement_id: string })[] };

/** Does one step; what Docket refuses is left at that. */
async function take({ kind, pick, cents }: Step, written: Written): Promise<void> {
  const amount = cents / 100;
  const choose = <Item>(items: Item[]) => items[pick % Math.max(1, items.length)];
  const invoice = choose(await openStatements(desk.docket, desk.token, "invoice"));
  const request = choose(await openStatements(desk.docket, desk.token, "trust_request"));
  const undo = { reference: "back", reversed_on: "2030-01-01", reason: null, amount };
  if (kind === "payment" && invoice !== undefined) {
    const made = await desk.post<Entry>("/api/v1/payments", payment("any", amount, [invoice.id, amount]));
    if (made.status === 201) written.payments.push(made.body);
  } else if (kind === "deposit") {
    const target = { matter_id: FIRST_MATTER, statement_id: request?.id ?? null };
    const body = { ...receipt, ...target, reference: "any", amount };
    const made = await desk.post<Written["deposits"][number]>("/api/v1/trust-deposits", body);
    if (made.status === 201) written.deposits.push(made.body);
  } else if (kind === "payment reversal") {
    const entry = choose(written.payments);
    const allocations = entry?.allocations.map((line) => ({ ...line, amount }));
    await desk.post(`/api/v1/payments/${entry?.id}/reversals`, { ...undo, allocations });
  } else if (kind === "deposit reversal") {
    await desk.post(`/api/v1/trust-deposits/${choose(written.deposits)?.id}/reversals`, undo);
  } else {
    await desk.post("/control/statements", { id: invoice?.id ?? request?.id, balance: amount });
  }
}

test("after any payments, deposits, reversals and corrections the balances follow from the ledger", async () => {
  const written: Written = { payments: [], deposits: [] };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (steps) => {
      for (const next of steps) await take(next, written);
      expect(contradictions()).toEqual([]);
    }),
    { numRuns: 8 },
  );
  expect(written.payments.length).toBeGreaterThan(0);
  expect(written.deposits.length).toBeGreaterThan(0);
});
