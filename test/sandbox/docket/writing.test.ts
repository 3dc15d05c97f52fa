import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openStore } from "../../../src/sandbox/docket/store.ts";
import type { Running } from "../../../src/sandbox/serve.ts";
import {
  type Answer,
  call,
  connect,
  type Entry,
  type Failure,
  FIRST_MATTER,
  type List,
  type Matter,
  newFolder,
  openStatements,
  readAll,
  removeFolders,
  type Statement,
  startTestDocket,
} from "./harness.ts";

let docket: Running;
let token: string;
let folder: string;
beforeAll(async () => {
  folder = newFolder();
  docket = await startTestDocket({ folder, requestsPerMinute: 100_000 });
  token = (await connect(docket)).access_token;
});
afterAll(async () => {
  await docket.close();
  removeFolders();
});

const post = <Body>(path: string, body: unknown): Promise<Answer<Body>> => call(docket, token, path, body);
const getStatement = async (id: string) =>
  (await call<Statement>(docket, token, `/api/v1/statements/${id}`)).body;

async function newStatement(kind: Statement["kind"], total: number): Promise<Statement> {
  const body = { matter_id: FIRST_MATTER, kind, issued_on: "2030-01-01", due_on: null, total };
  return (await post<Statement>("/control/statements", body)).body;
}

const receipt = { received_on: "2030-02-01", method: "card", memo: "Link 12", payer_name: "Adaeze Okafor" };

function payment(reference: string, amount: number, ...allocations: [string, number][]) {
  const lines = allocations.map(([statement_id, part]) => ({ statement_id, amount: part }));
  return { ...receipt, reference, amount, allocations: lines };
}

describe("a payment", () => {
  test("over two invoices lowers both balances, and one at zero is paid", async () => {
    const [one, two] = [await newStatement("invoice", 100.1), await newStatement("invoice", 200.2)];
    const made = await post<Entry>(
      "/api/v1/payments",
      payment("two", 150.3, [one.id, 100.1], [two.id, 50.2]),
    );
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ reference: "two", amount: 150.3, reversed_amount: 0 });
    expect(made.body.allocations).toEqual([
      { statement_id: one.id, amount: 100.1 },
      { statement_id: two.id, amount: 50.2 },
    ]);
    expect(await getStatement(one.id)).toMatchObject({ balance: 0, status: "paid" });
    expect(await getStatement(two.id)).toMatchObject({ balance: 150, status: "open" });
  });

  test("is found by its reference, and sent twice is written twice", async () => {
    const { id } = await newStatement("invoice", 50);
    const before = await post<Entry>("/api/v1/payments", payment("again", 10, [id, 10]));
    await post("/api/v1/payments", payment("again", 10, [id, 10]));
    const found = await call<List<Entry>>(docket, token, "/api/v1/payments?reference=again");
    expect(found.body.data).toHaveLength(2);
    expect(found.body.data[0]).toEqual(before.body);
    const none = await call<List<Entry>>(docket, token, "/api/v1/payments?reference=never");
    expect(none.body).toEqual({ data: [], next_cursor: null });
    expect((await getStatement(id)).balance).toBe(30);
  });

  test("writes ledger lines with its reference", async () => {
    const { id } = await newStatement("invoice", 50);
    const { body } = await post<Entry>("/api/v1/payments", payment("lines", 20, [id, 20]));
    const lines = await readAll<Record<string, unknown>>(
      docket,
      token,
      `/api/v1/ledger?matter_id=${FIRST_MATTER}`,
    );
    expect(lines.at(-1)).toMatchObject({
      matter_id: FIRST_MATTER,
      statement_id: id,
      kind: "payment",
      amount: 20,
      reference: "lines",
      entry_id: body.id,
    });
    const doors = await call<List<{ reference: string }>>(docket, "", "/control/ledger");
    expect(doors.body.data.some((line) => line.reference === "lines")).toBe(true);
  });
});

describe("a payment is refused", () => {
  let invoice: Statement;
  let trustRequest: Statement;
  beforeEach(async () => {
    invoice = await newStatement("invoice", 100);
    trustRequest = await newStatement("trust_request", 100);
  });

  async function refusal(body: unknown, path = "/api/v1/payments"): Promise<string> {
    const answer = await post<Failure>(path, body);
    expect(answer.status).toBe(422);
    expect((await getStatement(invoice.id)).balance).toBe(100);
    return answer.body.error.code;
  }

  test("when its allocations do not add up", async () => {
    expect(await refusal(payment("r", 99, [invoice.id, 98]))).toBe("allocations_do_not_add_up");
  });
  test("when an allocation exceeds the balance, and then nothing of it is written", async () => {
    const other = await newStatement("invoice", 5);
    const body = payment("r", 16, [invoice.id, 10], [other.id, 6]);
    expect(await refusal(body)).toBe("allocation_exceeds_balance");
  });
  test("when a statement is paid already", async () => {
    const paid = await newStatement("invoice", 5);
    await post("/api/v1/payments", payment("p", 5, [paid.id, 5]));
    expect(await refusal(payment("r", 5, [paid.id, 5]))).toBe("statement_not_open");
  });
  test("when a statement is void", async () => {
    const { id } = await newStatement("invoice", 5);
    await post("/control/statements", { id, status: "void" });
    expect(await refusal(payment("r", 5, [id, 5]))).toBe("statement_not_open");
  });
  test("when it is laid on a trust request", async () => {
    expect(await refusal(payment("r", 5, [trustRequest.id, 5]))).toBe("wrong_statement_kind");
  });
  test("when a statement is unknown or deleted", async () => {
    expect(await refusal(payment("r", 5, ["stm_none", 5]))).toBe("unknown_statement");
    const { id } = await newStatement("invoice", 5);
    await post("/control/statements", { id, deleted: true });
    expect(await refusal(payment("r", 5, [id, 5]))).toBe("unknown_statement");
  });
  test.each([
    ["three decimals", { amount: 1.001 }],
    ["nothing", { amount: 0 }],
    ["less than nothing", { amount: -5 }],
    ["an amount in words", { amount: "5" }],
    ["no reference", { reference: "" }],
    ["a long reference", { reference: "x".repeat(65) }],
    ["a day that never was", { received_on: "2030-02-30" }],
    ["no allocations", { allocations: [] }],
  ])("for %s", async (_, wrong) => {
    expect(await refusal({ ...payment("r", 5, [invoice.id, 5]), ...wrong })).toBe("invalid");
  });
  test("when a statement is named twice", async () => {
    expect(await refusal(payment("r", 10, [invoice.id, 5], [invoice.id, 5]))).toBe("invalid");
  });
  test("with 400 when the body is not JSON", async () => {
    const response = await fetch(`${docket.origin}/api/v1/payments`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: "amount=5",
    });
    expect(response.status).toBe(400);
  });
  test("a deposit on an invoice, a foreign matter or beyond what is asked", async () => {
    const deposit = { ...receipt, reference: "d", matter_id: FIRST_MATTER, amount: 5 };
    const path = "/api/v1/trust-deposits";
    expect(await refusal({ ...deposit, statement_id: invoice.id }, path)).toBe("wrong_statement_kind");
    expect(await refusal({ ...deposit, matter_id: "mat_none", statement_id: null }, path)).toBe(
      "unknown_matter",
    );
    const foreign = { ...deposit, matter_id: "mat_000000002", statement_id: trustRequest.id };
    expect(await refusal(foreign, path)).toBe("unknown_statement");
    expect(await refusal({ ...deposit, statement_id: trustRequest.id, amount: 101 }, path)).toBe(
      "allocation_exceeds_balance",
    );
  });
});

describe("a trust deposit", () => {
  const trustBalance = async () =>
    (await call<Matter>(docket, token, `/api/v1/matters/${FIRST_MATTER}`)).body.trust_balance;

  test("raises the matter's trust balance and lowers what its request still asks for", async () => {
    const request = await newStatement("trust_request", 1000);
    const before = await trustBalance();
    const body = {
      ...receipt,
      reference: "trust",
      matter_id: FIRST_MATTER,
      statement_id: request.id,
      amount: 250.5,
    };
    const made = await post<Entry>("/api/v1/trust-deposits", body);
    expect(made.body).toMatchObject({ statement_id: request.id, matter_id: FIRST_MATTER, amount: 250.5 });
    expect(await trustBalance()).toBeCloseTo(before + 250.5, 2);
    expect((await getStatement(request.id)).balance).toBe(749.5);
    const found = await call<List<Entry>>(docket, token, "/api/v1/trust-deposits?reference=trust");
    expect(found.body.data).toEqual([made.body]);

    const undo = { reference: "trust-back", reversed_on: "2030-02-02", reason: "returned", amount: 250.5 };
    const reversal = await post(`/api/v1/trust-deposits/${made.body.id}/reversals`, undo);
    expect(reversal.status).toBe(201);
    expect(await trustBalance()).toBe(before);
    expect((await getStatement(request.id)).balance).toBe(1000);
  });

  test("may come without a request", async () => {
    const before = await trustBalance();
    const body = { ...receipt, reference: "loose", matter_id: FIRST_MATTER, statement_id: null, amount: 1 };
    expect((await post("/api/v1/trust-deposits", body)).status).toBe(201);
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
    const { id } = await newStatement("invoice", 80);
    const { body: entry } = await post<Entry>("/api/v1/payments", payment("whole", 80, [id, 80]));
    const path = `/api/v1/payments/${entry.id}/reversals`;
    const made = await post<Record<string, unknown>>(path, undo(30, [id, 30]));
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ reference: "undo", entry_id: entry.id, amount: 30 });
    expect(await getStatement(id)).toMatchObject({ balance: 30, status: "open" });
    const found = await call<List<Entry>>(docket, token, "/api/v1/payments?reference=whole");
    expect(found.body.data[0]?.reversed_amount).toBe(30);
    const reversals = await call<List<unknown>>(docket, token, "/api/v1/reversals?reference=undo");
    expect(reversals.body.data).toEqual([made.body]);
    const tooMuch = await post<Failure>(path, undo(50.01, [id, 50.01]));
    expect(tooMuch.status).toBe(422);
    expect(tooMuch.body.error.code).toBe("reversal_exceeds_entry");
    expect((await post(path, undo(50, [id, 50]))).status).toBe(201);
    expect((await getStatement(id)).balance).toBe(80);
  });

  test("keeps to the payment's own lines and adds up", async () => {
    const [one, two] = [await newStatement("invoice", 10), await newStatement("invoice", 10)];
    const { body: entry } = await post<Entry>("/api/v1/payments", payment("own", 10, [one.id, 10]));
    const path = `/api/v1/payments/${entry.id}/reversals`;
    expect((await post<Failure>(path, undo(5, [two.id, 5]))).body.error.code).toBe("unknown_statement");
    expect((await post<Failure>(path, undo(5, [one.id, 4]))).body.error.code).toBe(
      "allocations_do_not_add_up",
    );
    expect((await post("/api/v1/payments/pay_none/reversals", undo(5, [one.id, 5]))).status).toBe(404);
  });
});

test("through any payments, deposits, reversals and corrections the balances follow from the ledger", async () => {
  const invoices = await openStatements(docket, token, "invoice");
  const entries: Entry[] = [];
  const step = fc.record({
    kind: fc.constantFrom("payment", "reversal", "correction"),
    pick: fc.nat(),
    cents: fc.integer({ min: 1, max: 40_000 }),
  });
  for (const { kind, pick, cents } of fc.sample(step, 150)) {
    const statement = invoices[pick % invoices.length];
    if (statement === undefined) throw new Error("no open invoice");
    const amount = cents / 100;
    if (kind === "payment") {
      const made = await post<Entry>("/api/v1/payments", payment("any", amount, [statement.id, amount]));
      if (made.status === 201) entries.push(made.body);
    } else if (kind === "correction") {
      await post("/control/statements", { id: statement.id, balance: amount });
    } else {
      const entry = entries[pick % Math.max(1, entries.length)];
      const line = entry?.allocations[0];
      if (entry === undefined || line === undefined) continue;
      const body = { reference: "back", reversed_on: "2030-01-01", reason: null, amount };
      await post(`/api/v1/payments/${entry.id}/reversals`, {
        ...body,
        allocations: [{ ...line, amount }],
      });
    }
  }
  const store = openStore(folder);
  const wrong = store.all(
    `select id from statements where balance_cents <> total_cents - brought_forward_cents
       - (select coalesce(sum(case kind when 'reversal' then -amount_cents else amount_cents end), 0)
          from ledger where statement_id = statements.id)
       or (status = 'open') <> (balance_cents > 0)`,
  );
  const wrongTrust = store.all(
    `select id from matters where trust_balance_cents <> opening_trust_cents
       + (select coalesce(sum(case ledger.kind when 'trust_deposit' then amount_cents else -amount_cents end), 0)
          from ledger where matter_id = matters.id and (ledger.kind = 'trust_deposit' or reverses_id like 'dep_%'))`,
  );
  const wrongEntries = store.all(
    `select id from entries where amount_cents <> (select sum(amount_cents) from ledger where entry_id = entries.id)`,
  );
  store.close();
  expect(entries.length).toBeGreaterThan(10);
  expect([wrong, wrongTrust, wrongEntries]).toEqual([[], [], []]);
});
