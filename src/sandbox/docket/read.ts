import { type Context, Hono } from "hono";
import type { Docket } from "./docket.ts";
import { type ApiEnv, requireScope } from "./guard.ts";
import { type ListSource, listPage } from "./lists.ts";
import { ACCOUNT } from "./options.ts";
import { Refusal } from "./refusal.ts";
import {
  type ClientRow,
  clientRecord,
  type EntryRow,
  entryRecord,
  type LedgerRow,
  ledgerRecord,
  MATTER_COLUMNS,
  type MatterRow,
  matterRecord,
  reversalRecord,
  type StatementRow,
  statementRecord,
} from "./rows.ts";
import type { Store } from "./store.ts";

/** The reading half of the API. */
export function readRoutes(docket: Docket): Hono<ApiEnv> {
  const { store } = docket;
  const routes = new Hono<ApiEnv>();
  routes.get("/me", (context) => {
    const { id, name, email } = context.get("access").user;
    return context.json({ user: { id, name, email }, account: { ...ACCOUNT, web_origin: docket.origin } });
  });
  const mayRead = requireScope("matters.read");
  addRecords<ClientRow>(routes, store, "clients", "*", clientRecord);
  addRecords<MatterRow>(routes, store, "matters", MATTER_COLUMNS, matterRecord);
  addRecords<StatementRow>(routes, store, "statements", "*", statementRecord);
  routes.get("/ledger", mayRead, (context) => {
    const matterId = context.req.query("matter_id");
    const filters: Record<string, string> = matterId === undefined ? {} : { matter_id: matterId };
    return answerPage(context, store, { ...LEDGER, filters }, ledgerRecord);
  });
  const mayLookUp = requireScope("payments.write", "matters.read");
  routes.get("/payments", mayLookUp, (context) =>
    answerPage<EntryRow>(context, store, entrySource("payment", context), (row) => withLines(store, row)),
  );
  routes.get("/trust-deposits", mayLookUp, (context) =>
    answerPage<EntryRow>(context, store, entrySource("trust_deposit", context), (row) =>
      withLines(store, row),
    ),
  );
  routes.get("/reversals", mayLookUp, (context) =>
    answerPage<EntryRow>(context, store, entrySource("reversal", context), reversalRecord),
  );
  return routes;
}

/** A payment or a deposit as the API shows it. */
export function withLines(store: Store, row: EntryRow) {
  return entryRecord(
    row,
    store.all<LedgerRow>("select * from ledger where entry_id = ? order by id", row.id),
  );
}

const LEDGER = { table: "ledger", columns: "*", changeColumn: "at", keepsDeleted: false } as const;

function entrySource(kind: EntryRow["kind"], context: Context): ListSource {
  const reference = context.req.query("reference");
  return {
    table: "entries",
    columns: "*",
    changeColumn: "updated_at",
    keepsDeleted: false,
    filters: reference === undefined ? { kind } : { kind, reference },
  };
}

function addRecords<Row extends { id: string }>(
  routes: Hono<ApiEnv>,
  store: Store,
  table: "clients" | "matters" | "statements",
  columns: string,
  record: (row: Row) => object,
): void {
  const source: ListSource = {
    table,
    columns,
    changeColumn: "updated_at",
    keepsDeleted: true,
    filters: {},
  };
  const mayRead = requireScope("matters.read");
  routes.get(`/${table}`, mayRead, (context) => answerPage<Row>(context, store, source, record));
  routes.get(`/${table}/:id`, mayRead, (context) => {
    const id = context.req.param("id");
    const row = store.find<Row>(
      `select ${columns} from ${table} where id = ? and deleted_at is null`,
      id ?? "",
    );
    if (row === undefined) throw new Refusal(404, "not_found", `There is no ${id} in ${table}.`);
    return context.json(record(row));
  });
}

function answerPage<Row extends { id: string }>(
  context: Context,
  store: Store,
  source: ListSource,
  record: (row: Row) => object,
): Response {
  const page = listPage<Row>(store, source, context.req.query());
  return context.json({ data: page.rows.map(record), next_cursor: page.nextCursor });
}
