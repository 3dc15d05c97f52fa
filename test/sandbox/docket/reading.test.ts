import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Running } from "../../../src/sandbox/serve.ts";
import {
  type Answer,
  call,
  connect,
  type Failure,
  FIRST_MATTER,
  type List,
  type Matter,
  openStatements,
  readAll,
  removeFolders,
  type Statement,
  startTestDocket,
} from "./harness.ts";

let docket: Running;
let token: string;
beforeAll(async () => {
  docket = await startTestDocket({ matterCount: 120 });
  token = (await connect(docket)).access_token;
});
afterAll(async () => {
  await docket.close();
  removeFolders();
});

const read = <Body>(path: string): Promise<Answer<Body>> => call<Body>(docket, token, path);
const change = (body: object) => call<Statement>(docket, token, "/control/statements", body);

describe("the seeded firm", () => {
  test("has the promised proportions", async () => {
    expect(await readAll(docket, token, "/api/v1/clients")).toHaveLength(40);
    expect(await readAll(docket, token, "/api/v1/matters")).toHaveLength(120);
    const statements = await readAll<Statement>(docket, token, "/api/v1/statements");
    expect(statements.length).toBeGreaterThanOrEqual(300);
    expect(new Set(statements.map((statement) => statement.status))).toEqual(
      new Set(["open", "paid", "void"]),
    );
    const trust = statements.filter((statement) => statement.kind === "trust_request").length;
    expect(trust / statements.length).toBeGreaterThan(0.08);
    expect(new Set(statements.map((statement) => statement.number)).size).toBe(statements.length);
  });

  test("begins with a matter that has three open invoices, an open trust request and a payer with an address", async () => {
    const { body: matter } = await read<Matter>(`/api/v1/matters/${FIRST_MATTER}`);
    expect(matter).toMatchObject({ number: "10482-003", description: "Warehouse lease dispute" });
    expect(matter.payers[0]).toMatchObject({ assigned: true, email: "a.okafor@okaforlogistics.example" });
    expect((await openStatements(docket, token, "invoice")).length).toBeGreaterThanOrEqual(3);
    expect(await openStatements(docket, token, "trust_request")).toHaveLength(1);
    const { body } = await read<List<{ number: string; name: string }>>("/api/v1/clients?limit=1");
    expect(body.data[0]).toMatchObject({ number: "10482", name: "Okafor Logistics, Inc." });
  });

  test("has payers without an address, part-paid statements and old ones", async () => {
    const matters = await readAll<Matter>(docket, token, "/api/v1/matters");
    expect(matters.some((matter) => matter.payers.some((payer) => payer.email === null))).toBe(true);
    expect(matters.some((matter) => matter.payers.length > 1)).toBe(true);
    const statements = await readAll<Statement>(docket, token, "/api/v1/statements");
    expect(statements.some((item) => item.balance > 0 && item.balance < item.total)).toBe(true);
    const old = new Date(Date.now() - 120 * 86_400_000).toISOString().slice(0, 10);
    expect(statements.some((item) => item.status === "open" && item.issued_on < old)).toBe(true);
  });

  test("is the same in every data file of the same size", async () => {
    const other = await startTestDocket({ matterCount: 120 });
    const otherToken = (await connect(other)).access_token;
    const withoutTimes = (items: Matter[]) => items.map(({ updated_at: _, ...rest }) => rest);
    const [here, there] = await Promise.all([
      readAll<Matter>(docket, token, "/api/v1/matters"),
      readAll<Matter>(other, otherToken, "/api/v1/matters"),
    ]);
    await other.close();
    expect(withoutTimes(there)).toEqual(withoutTimes(here));
  });

  test.each([1, 2, 4, 5])("can be as small as %i matters", async (matterCount) => {
    const small = await startTestDocket({ matterCount });
    const smallToken = (await connect(small)).access_token;
    expect(await readAll(small, smallToken, "/api/v1/matters")).toHaveLength(matterCount);
    await small.close();
  });
});

describe("lists", () => {
  test("pages hold every record once, also when one changes on the way", async () => {
    const first = await read<List<Statement>>("/api/v1/statements?limit=100");
    await change({ id: first.body.data[3]?.id, due_on: null });
    const seen = first.body.data.map((item) => item.id);
    let cursor = first.body.next_cursor;
    while (cursor !== null) {
      const page: Answer<List<Statement>> = await read(`/api/v1/statements?limit=100&cursor=${cursor}`);
      seen.push(...page.body.data.map((item) => item.id));
      cursor = page.body.next_cursor;
    }
    const all = await readAll<Statement>(docket, token, "/api/v1/statements");
    expect(seen).toEqual(all.map((item) => item.id));
    expect(new Set(seen).size).toBe(seen.length);
  });

  test("a cursor of another query is refused", async () => {
    const { body } = await read<List<Statement>>("/api/v1/statements?limit=5");
    const answer = await read<Failure>(`/api/v1/matters?cursor=${body.next_cursor}`);
    expect(answer.status).toBe(400);
    expect(answer.body.error.code).toBe("invalid_cursor");
    expect((await read("/api/v1/matters?cursor=nonsense")).status).toBe(400);
  });

  test.each(["limit=0", "limit=501", "limit=many", "updated_since=yesterday"])(
    "%s is refused",
    async (query) => {
      const answer = await read<Failure>(`/api/v1/matters?${query}`);
      expect(answer.status).toBe(400);
      expect(answer.body.error.code).toBe("bad_request");
    },
  );

  test("updated_since gives what changed at or after an instant, in the order of the changes", async () => {
    const all = await readAll<Statement>(docket, token, "/api/v1/statements");
    const latest =
      all
        .map((item) => item.updated_at)
        .sort()
        .at(-1) ?? "";
    const [one, two] = [all[20], all[10]];
    await change({ id: one?.id, due_on: "2031-01-01" });
    await change({ id: two?.id, due_on: "2031-01-02" });
    const changed = await readAll<Statement>(
      docket,
      token,
      `/api/v1/statements?updated_since=${latest}&limit=1`,
    );
    expect(changed.slice(-2).map((item) => item.id)).toEqual([one?.id, two?.id]);
    expect(changed).toHaveLength(3);
    const times = changed.map((item) => item.updated_at);
    expect(times).toEqual([...times].sort());
    expect(new Set(times).size).toBe(times.length);
  });

  test("a deleted record leaves the list, is not found by id, and shows in updated_since", async () => {
    const all = await readAll<Statement>(docket, token, "/api/v1/statements");
    const gone = all.at(-1);
    const { body } = await change({ id: gone?.id, deleted: true });
    expect(body.deleted_at).not.toBeNull();
    expect((await read(`/api/v1/statements/${gone?.id}`)).status).toBe(404);
    const left = await readAll<Statement>(docket, token, "/api/v1/statements");
    expect(left.some((item) => item.id === gone?.id)).toBe(false);
    const changed = await readAll<Statement>(
      docket,
      token,
      `/api/v1/statements?updated_since=${body.updated_at}`,
    );
    expect(changed.map((item) => item.id)).toEqual([gone?.id]);
  });

  test("an unknown record and an unknown address are both not found, in the one shape of errors", async () => {
    for (const path of ["/api/v1/matters/mat_none", "/api/v1/nothing"]) {
      const answer = await read<Failure>(path);
      expect(answer.status).toBe(404);
      expect(answer.body.error.code).toBe("not_found");
    }
  });
});

describe("statements made by the sandbox's door", () => {
  test("a new one appears open with its full balance", async () => {
    const made = await change({
      matter_id: FIRST_MATTER,
      number: "90001",
      kind: "invoice",
      issued_on: "2030-01-01",
      due_on: "2030-01-31",
      total: 1234.56,
    });
    expect(made.status).toBe(201);
    const { body } = await read<Statement>(`/api/v1/statements/${made.body.id}`);
    expect(body).toMatchObject({ number: "90001", status: "open", total: 1234.56, balance: 1234.56 });
  });

  test("a balance set by hand is taken over, and zero makes it paid", async () => {
    const [statement] = await openStatements(docket, token, "invoice");
    const part = await change({ id: statement?.id, balance: 0.01 });
    expect(part.body).toMatchObject({ balance: 0.01, status: "open" });
    const paid = await change({ id: statement?.id, balance: 0 });
    expect(paid.body).toMatchObject({ balance: 0, status: "paid" });
  });

  test("what cannot be is refused with the field's name", async () => {
    const answer = await call<Failure>(docket, token, "/control/statements", { matter_id: FIRST_MATTER });
    expect(answer.status).toBe(422);
    expect(answer.body.error.message).toContain("issued_on");
  });
});
