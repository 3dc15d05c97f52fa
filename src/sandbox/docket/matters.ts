import { type LedgerRow, MATTER_COLUMNS, type MatterRow, type StatementRow } from "./rows.ts";
import type { Store } from "./store.ts";

const MATTERS_PER_PAGE = 25;

export type MatterLine = {
  id: string;
  number: string;
  description: string;
  client: string;
  status: "open" | "closed";
  responsible: string;
  open_cents: number;
};

/** One screen of matters whose number, description or client has the words; the page counts from 1. */
export function searchMatters(
  store: Store,
  words: string,
  page: number,
): { lines: MatterLine[]; more: boolean } {
  const pattern = `%${words.replaceAll(/[\\%_]/g, "\\$&")}%`;
  const rows = store.all<MatterLine>(
    `select matters.id, matters.number, description, clients.name as client, status, responsible,
       (select coalesce(sum(balance_cents), 0) from statements
        where matter_id = matters.id and status = 'open' and deleted_at is null) as open_cents
     from matters join clients on clients.id = matters.client_id
     where matters.deleted_at is null and (matters.number like ?1 escape '\\' or description like ?1 escape '\\'
       or clients.name like ?1 escape '\\')
     order by matters.number limit ?2 offset ?3`,
    pattern,
    MATTERS_PER_PAGE + 1,
    (page - 1) * MATTERS_PER_PAGE,
  );
  return { lines: rows.slice(0, MATTERS_PER_PAGE), more: rows.length > MATTERS_PER_PAGE };
}

export type LedgerLine = LedgerRow & { statement_number: string | null };
export type MatterScreen = {
  matter: MatterRow & { client: string };
  statements: StatementRow[];
  ledger: LedgerLine[];
};

/** All that a matter's page shows, or undefined when there is no such matter. */
export function findMatterScreen(store: Store, id: string): MatterScreen | undefined {
  const matter = store.find<MatterRow & { client: string }>(
    `select ${MATTER_COLUMNS}, (select name from clients where id = matters.client_id) as client
     from matters where id = ? and deleted_at is null`,
    id,
  );
  if (matter === undefined) return undefined;
  return {
    matter,
    statements: store.all<StatementRow>(
      "select * from statements where matter_id = ? and deleted_at is null order by issued_on, number",
      id,
    ),
    ledger: store.all<LedgerLine>(
      `select ledger.*, statements.number as statement_number from ledger
       left join statements on statements.id = ledger.statement_id
       where ledger.matter_id = ? order by ledger.id desc limit 200`,
      id,
    ),
  };
}
