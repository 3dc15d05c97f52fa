import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Desk, openDesk, payment, receipt } from "./desk.ts";
import {
  call,
  type Entry,
  type Failure,
  FIRST_MATTER,
  type List,
  newFolder,
  readAll,
  removeFolders,
  type Statement,
} from "./harness.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk(newFolder());
});
afterAll(async () => {
  await desk.docket.close();
  removeFolders();
});

describe("a payment", () => {
  test("over two invoices lowers both balances, and one at zero is paid", async () => {
    const [one, two] = [await desk.newStatement("invoice", 100.1), await desk.newStatement("invoice", 200.2)];
    const made = await desk.post<Entry>(
      "/api/v1/payments",
      payment("two", 150.3, [one.id, 100.1], [two.id, 50.2]),
    );
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ reference: "two", amount: 150.3, reversed_amount: 0 });
    expect(made.body.allocations).toEqual([
      { statement_id: one.id, amount: 100.1 },
      { statement_id: two.id, amount: 50.2 },
    ]);
    expect(await desk.getStatement(one.id)).toMatchObject({ balance: 0, status: "paid" });
    expect(await desk.getStatement(two.id)).toMatchObject({ balance: 150, status: "open" });
  });

  test("is found by its reference, and sent twice is written twice", async () => {
    const { id } = await desk.newStatement("invoice", 50);
    const before = await desk.post<Entry>("/api/v1/payments", payment("again", 10, [id, 10]));
    await desk.post("/api/v1/payments", payment("again", 10, [id, 10]));
    const found = await call<List<Entry>>(desk.docket, desk.token, "/api/v1/payments?reference=again");
    expect(found.body.data).toHaveLength(2);
    expect(found.body.data[0]).toEqual(before.body);
    const none = await call<List<Entry>>(desk.docket, desk.token, "/api/v1/payments?reference=never");
    expect(none.body).toEqual({ data: [], next_cursor: null });
    expect((await desk.getStatement(id)).balance).toBe(30);
  });

  test("writes ledger lines with its reference", async () => {
    const { id } = await desk.newStatement("invoice", 50);
    const { body } = await desk.post<Entry>("/api/v1/payments", payment("lines", 20, [id, 20]));
    const lines = await readAll<Record<string, unknown>>(
      desk.docket,
      desk.token,
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
    const doors = await call<List<{ reference: string }>>(desk.docket, "", "/control/ledger");
    expect(doors.body.data.some((line) => line.reference === "lines")).toBe(true);
  });
});

describe("a payment is refused", () => {
  let invoice: Statement;
  let trustRequest: Statement;
  beforeEach(async () => {
    invoice = await desk.newStatement("invoice", 100);
    trustRequest = await desk.newStatement("trust_request", 100);
  });

  async function refusal(body: unknown, path = "/api/v1/payments"): Promise<string> {
    const answer = await desk.post<Failure>(path, body);
    expect(answer.status).toBe(422);
    expect((await desk.getStatement(invoice.id)).balance).toBe(100);
    return answer.body.error.code;
  }

  test("when its allocations do not add up", async () => {
    expect(await refusal(payment("r", 99, [invoice.id, 98]))).toBe("allocations_do_not_add_up");
  });
  test("when an allocation exceeds the balance, and then nothing of it is written", async () => {
    const other = await desk.newStatement("invoice", 5);
    const body = payment("r", 16, [invoice.id, 10], [other.id, 6]);
    expect(await refusal(body)).toBe("allocation_exceeds_balance");
  });
  test("when a statement is paid already", async () => {
    const paid = await desk.newStatement("invoice", 5);
    await desk.post("/api/v1/payments", payment("p", 5, [paid.id, 5]));
    expect(await refusal(payment("r", 5, [paid.id, 5]))).toBe("statement_not_open");
  });
  test("when a statement is void", async () => {
    const { id } = await desk.newStatement("invoice", 5);
    await desk.post("/control/statements", { id, status: "void" });
    expect(await refusal(payment("r", 5, [id, 5]))).toBe("statement_not_open");
  });
  test("when it is laid on a trust request", async () => {
    expect(await refusal(payment("r", 5, [trustRequest.id, 5]))).toBe("wrong_statement_kind");
  });
  test("when a statement is unknown or deleted", async () => {
    expect(await refusal(payment("r", 5, ["stm_none", 5]))).toBe("unknown_statement");
    const { id } = await desk.newStatement("invoice", 5);
    await desk.post("/control/statements", { id, deleted: true });
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
    const response = await fetch(`${desk.docket.origin}/api/v1/payments`, {
      method: "POST",
      headers: { authorization: `Bearer ${desk.token}` },
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
