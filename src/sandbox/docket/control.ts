import { Hono } from "hono";
import { z } from "zod";
import { revokeAllGrants } from "./adapter.ts";
import { readBody } from "./body.ts";
import { recordChange } from "./changes.ts";
import type { Docket } from "./docket.ts";
import { FAULT_KINDS } from "./faults.ts";
import { toCents } from "./money.ts";
import { Refusal } from "./refusal.ts";
import { type LedgerRow, ledgerRecord, type StatementRow, statementRecord } from "./rows.ts";
import type { Store } from "./store.ts";

const MAX_FAULT_COUNT = 100_000;
const MAX_LATENCY_MS = 120_000;

const faultBody = z.object({
  kind: z.enum([...FAULT_KINDS, "revoke_grants"]),
  count: z.int().min(1).max(MAX_FAULT_COUNT).default(1),
  path: z.string().startsWith("/").default("/api/v1/"),
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]).optional(),
  milliseconds: z.int().min(0).max(MAX_LATENCY_MS).default(1000),
  retry_after: z.int().min(0).default(1),
});

const centsField = z.number().transform((amount, context) => {
  const cents = toCents(amount);
  if (cents === undefined || cents < 0) {
    context.addIssue({ code: "custom", message: "must not be negative nor have more than two decimals" });
    return z.NEVER;
  }
  return cents;
});

const statementBody = z.object({
  id: z.string().optional(),
  number: z.string().min(1).max(64).optional(),
  matter_id: z.string().optional(),
  kind: z.enum(["invoice", "trust_request"]).optional(),
  issued_on: z.iso.date().optional(),
  due_on: z.iso.date().nullable().optional(),
  total: centsField.optional(),
  balance: centsField.optional(),
  status: z.enum(["open", "paid", "void"]).optional(),
  deleted: z.boolean().optional(),
});
type StatementBody = z.infer<typeof statementBody>;

/** The sandbox's own doors: trouble on demand, and changes that a person would make inside Docket. */
export function controlRoutes(docket: Docket): Hono {
  const { store, faults } = docket;
  const routes = new Hono();
  routes.get("/health", (context) => context.json({ ok: true }));
  routes.get("/faults", (context) => context.json({ data: faults.list() }));
  routes.delete("/faults", (context) => {
    faults.clear();
    return context.body(null, 204);
  });
  routes.post("/faults", async (context) => {
    const { kind, ...rest } = await readBody(context, faultBody);
    if (kind === "revoke_grants") return context.json({ kind, revoked: revokeAllGrants(store) }, 201);
    return context.json(faults.add({ kind, ...rest }), 201);
  });
  routes.get("/ledger", (context) => {
    const data = store.all<LedgerRow>("select * from ledger order by id").map(ledgerRecord);
    return context.json({ data, next_cursor: null });
  });
  routes.get("/statements/:id", (context) =>
    context.json(statementRecord(getStatement(store, context.req.param("id")))),
  );
  routes.post("/statements", async (context) => {
    const body = await readBody(context, statementBody);
    const id = store.transact(() =>
      body.id === undefined ? insertStatement(store, body) : changeStatement(store, body.id, body),
    );
    return context.json(statementRecord(getStatement(store, id)), body.id === undefined ? 201 : 200);
  });
  return routes;
}

function getStatement(store: Store, id: string): StatementRow {
  const row = store.find<StatementRow>("select * from statements where id = ?", id);
  if (row === undefined) throw new Refusal(404, "not_found", `There is no statement ${id}.`);
  return row;
}

type Amounts = { total: number; balance: number; status: StatementRow["status"] };

/** A void statement asks for nothing; else the status follows the balance where it is not given. */
function settle(total: number, balance: number, status: StatementRow["status"] | undefined): Amounts {
  if (status === "void") return { total, balance: 0, status };
  if (balance > total) throw new Refusal(422, "invalid", "balance: must not exceed the total");
  const implied = balance === 0 ? "paid" : "open";
  if (status !== undefined && status !== implied) {
    throw new Refusal(422, "invalid", `status: a balance of ${balance / 100} makes it ${implied}`);
  }
  return { total, balance, status: implied };
}

function insertStatement(store: Store, body: StatementBody): string {
  const { matter_id: matterId, kind, issued_on: issuedOn, total } = body;
  if (matterId === undefined || kind === undefined || issuedOn === undefined || total === undefined) {
    throw new Refusal(422, "invalid", "A new statement needs matter_id, kind, issued_on and total.");
  }
  assertMatter(store, matterId);
  const amounts = settle(
    total,
    body.status === "paid" ? (body.balance ?? 0) : (body.balance ?? total),
    body.status,
  );
  const id = store.nextId("stm");
  store.run(
    `insert into statements (id, number, matter_id, kind, status, issued_on, due_on, currency, total_cents,
       brought_forward_cents, balance_cents, updated_at, deleted_at) values (?, ?, ?, ?, ?, ?, ?, 'USD', ?, ?, ?, 0, ?)`,
    id,
    body.number ?? id.toUpperCase(),
    matterId,
    kind,
    amounts.status,
    issuedOn,
    body.due_on ?? null,
    amounts.total,
    amounts.total - amounts.balance,
    amounts.balance,
    body.deleted === true ? Date.now() : null,
  );
  recordChange(store, "statement", id);
  return id;
}

/** A total or balance set by hand moves what was brought forward, so that the ledger still adds up. */
function changeStatement(store: Store, id: string, body: StatementBody): string {
  const row = getStatement(store, id);
  if (body.matter_id !== undefined) assertMatter(store, body.matter_id);
  const settledByLedger = row.total_cents - row.brought_forward_cents - row.balance_cents;
  const amounts = changedAmounts(row, body, settledByLedger);
  store.run(
    `update statements set number = ?, matter_id = ?, kind = ?, status = ?, issued_on = ?, due_on = ?, total_cents = ?,
       brought_forward_cents = ?, balance_cents = ?, deleted_at = ? where id = ?`,
    body.number ?? row.number,
    body.matter_id ?? row.matter_id,
    body.kind ?? row.kind,
    amounts.status,
    body.issued_on ?? row.issued_on,
    body.due_on === undefined ? row.due_on : body.due_on,
    amounts.total,
    amounts.total - settledByLedger - amounts.balance,
    amounts.balance,
    body.deleted === undefined ? row.deleted_at : body.deleted ? (row.deleted_at ?? Date.now()) : null,
    id,
  );
  recordChange(store, "statement", id);
  return id;
}

function changedAmounts(row: StatementRow, body: StatementBody, settledByLedger: number): Amounts {
  const total = body.total ?? row.total_cents;
  const touchesAmounts = body.total !== undefined || body.balance !== undefined || body.status !== undefined;
  if (!touchesAmounts) return { total, balance: row.balance_cents, status: row.status };
  // What a void statement no longer asks for was not paid, so it does not count when the statement opens again.
  const settled = row.status === "void" ? settledByLedger : row.total_cents - row.balance_cents;
  const follows = body.status === "paid" ? 0 : Math.max(0, total - settled);
  return settle(total, body.balance ?? follows, body.status);
}

function assertMatter(store: Store, id: string): void {
  if (store.find("select 1 from matters where id = ? and deleted_at is null", id) !== undefined) return;
  throw new Refusal(422, "unknown_matter", `There is no matter ${id}.`);
}
