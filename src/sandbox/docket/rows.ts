import { toAmount } from "./money.ts";

/** The rows of the data file and the records of the public interface that are made of them. */

export type ClientRow = {
  id: string;
  number: string;
  name: string;
  email: string | null;
  updated_at: number;
  deleted_at: number | null;
};

export type MatterRow = {
  id: string;
  number: string;
  description: string;
  client_id: string;
  status: "open" | "closed";
  responsible: string;
  office: string;
  trust_balance_cents: number;
  /** JSON text of the payers in their order, from MATTER_COLUMNS. */
  payers: string;
  updated_at: number;
  deleted_at: number | null;
};

export type StatementRow = {
  id: string;
  number: string;
  matter_id: string;
  kind: "invoice" | "trust_request";
  status: "open" | "paid" | "void";
  issued_on: string;
  due_on: string | null;
  currency: string;
  total_cents: number;
  brought_forward_cents: number;
  balance_cents: number;
  updated_at: number;
  deleted_at: number | null;
};

export type EntryRow = {
  id: string;
  kind: "payment" | "trust_deposit" | "reversal";
  reference: string;
  dated_on: string;
  amount_cents: number;
  reversed_cents: number;
  reverses_id: string | null;
  created_at: number;
  updated_at: number;
};

export type LedgerRow = {
  id: string;
  entry_id: string;
  reverses_id: string | null;
  at: number;
  matter_id: string;
  statement_id: string | null;
  kind: EntryRow["kind"];
  amount_cents: number;
  reference: string;
};

export const MATTER_COLUMNS = `id, number, description, client_id, status, responsible, office, trust_balance_cents,
  updated_at, deleted_at,
  (select json_group_array(json_object('contact_id', contact_id, 'name', name, 'email', email, 'assigned', assigned))
   from (select * from payers where matter_id = matters.id order by position)) as payers`;

type PayerRow = { contact_id: string; name: string; email: string | null; assigned: number };

function showInstant(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}

export function clientRecord(row: ClientRow) {
  return { ...row, updated_at: showInstant(row.updated_at), deleted_at: showInstant(row.deleted_at) };
}

export function matterRecord(row: MatterRow) {
  const { trust_balance_cents, payers, ...rest } = row;
  const payerRows = JSON.parse(payers) as PayerRow[];
  return {
    ...rest,
    trust_balance: toAmount(trust_balance_cents),
    payers: payerRows.map((payer) => ({ ...payer, assigned: payer.assigned === 1 })),
    updated_at: showInstant(row.updated_at),
    deleted_at: showInstant(row.deleted_at),
  };
}

export function statementRecord(row: StatementRow) {
  const { total_cents, brought_forward_cents: _, balance_cents, ...rest } = row;
  return {
    ...rest,
    total: toAmount(total_cents),
    balance: toAmount(balance_cents),
    updated_at: showInstant(row.updated_at),
    deleted_at: showInstant(row.deleted_at),
  };
}

/** A payment with its lines, or a trust deposit with its one line. */
export function entryRecord(row: EntryRow, lines: LedgerRow[]) {
  const record = {
    id: row.id,
    reference: row.reference,
    received_on: row.dated_on,
    amount: toAmount(row.amount_cents),
    reversed_amount: toAmount(row.reversed_cents),
    created_at: showInstant(row.created_at),
  };
  if (row.kind === "trust_deposit") {
    return {
      ...record,
      matter_id: lines[0]?.matter_id ?? null,
      statement_id: lines[0]?.statement_id ?? null,
    };
  }
  const allocations = lines.map((line) => ({
    statement_id: line.statement_id,
    amount: toAmount(line.amount_cents),
  }));
  return { ...record, allocations };
}

export function reversalRecord(row: EntryRow) {
  return {
    id: row.id,
    reference: row.reference,
    entry_id: row.reverses_id,
    amount: toAmount(row.amount_cents),
    created_at: showInstant(row.created_at),
  };
}

export function ledgerRecord(row: LedgerRow) {
  const { amount_cents, reverses_id: _, ...rest } = row;
  return { ...rest, amount: toAmount(amount_cents), at: showInstant(row.at) };
}
