import type { z } from "zod";
import type { Day } from "../base/day.ts";
import type { Language } from "../base/language.ts";
import { message as messageText, payerName } from "../links/request.ts";
import { type Account, readAccount } from "./accounts.ts";
import { parseAddresses } from "./addresses.ts";
import { parseCellAmount } from "./amounts.ts";
import { COLUMN_FACTS, type Column, type TypedRow } from "./columns.ts";
import { type DateOrder, parseDay } from "./dates.ts";
import { findLanguage } from "./languages.ts";
import { isShortenedNumber, readLine, readLines } from "./text-cells.ts";

const INVOICE_LENGTH_LIMIT = 60;
const MATTER_LENGTH_LIMIT = 100;
const NAME_LENGTH_LIMIT = 100;

export type Matter = { id: string; label: string; clientName: string };

/** What a firm's rows are checked by. */
export type Rules = {
  today: Day;
  dateOrder: DateOrder;
  /** Receives the rows that name no account. */
  account: Account;
  accounts: readonly Account[];
  /** By number; a number that two matters share is not among them. */
  matters: ReadonlyMap<string, Matter>;
};

/** What stands in a row, as far as it could be read. */
export type RowValues = {
  invoiceNumber: string;
  invoicedOn: Day | undefined;
  dueOn: Day | undefined;
  payerName: string;
  payerEmails: string[];
  amountMinor: bigint | undefined;
  account: Account;
  message: string;
  matterId: string | undefined;
  matterLabel: string;
  clientName: string;
  language: Language | undefined;
};

/** Column to sentence: faults keep a row from being sent, notes do not. */
export type Remarks = Partial<Record<Column, string>>;
export type CheckedRow = {
  values: RowValues;
  faults: Remarks;
  notes: Remarks;
  /** How many dates the order of month and day decided, and how many spoke for the other order. */
  dates: { ambiguous: number; other: number };
};

/** Reads a typed row. Every cell that cannot stay as it is gets a reason of its own. */
export function checkRow(typed: TypedRow, rules: Rules): CheckedRow {
  const faults: Remarks = {};
  const notes: Remarks = {};
  const dates = { ambiguous: 0, other: 0 };
  const account = accountOf(typed, rules, faults);
  const invoicedOn = dayOf("invoiceDate", typed, rules, faults, dates);
  const dueOn = dayOf("dueDate", typed, rules, faults, dates);
  if (invoicedOn !== undefined && dueOn !== undefined && dueOn < invoicedOn)
    faults.dueDate = "Due before invoice date";
  const matter = matterOf(typed, rules, faults, notes);
  const values: RowValues = {
    invoiceNumber: invoiceOf(typed, account, faults),
    invoicedOn,
    dueOn,
    payerName: nameOf(typed, faults),
    payerEmails: emailsOf(typed, faults, notes),
    amountMinor: amountOf(typed, account, faults),
    account,
    message: messageOf(typed, faults),
    ...matter,
    language: languageOf(typed, faults),
  };
  return { values, faults, notes, dates };
}

function accountOf(typed: TypedRow, rules: Rules, faults: Remarks): Account {
  const text = typed.account ?? "";
  if (text.trim() === "") return rules.account;
  const reading = readAccount(text, rules.accounts);
  if (reading.ok) return reading.account;
  faults.account = reading.fault;
  return rules.account;
}

function dayOf(
  column: "invoiceDate" | "dueDate",
  typed: TypedRow,
  rules: Rules,
  faults: Remarks,
  dates: CheckedRow["dates"],
): Day | undefined {
  const text = (typed[column] ?? "").trim();
  if (text === "") return undefined;
  const line = readLine(text, NAME_LENGTH_LIMIT);
  const reading = line.ok ? parseDay(line.text, rules.dateOrder, rules.today) : line;
  if (!reading.ok) {
    faults[column] = reading.fault;
    return undefined;
  }
  if (reading.reading !== "plain") dates[reading.reading] += 1;
  return reading.day;
}

/** Money that goes into trust may be asked for before there is an invoice. */
function invoiceOf(typed: TypedRow, account: Account, faults: Remarks): string {
  const reading = readLine(typed.invoice ?? "", INVOICE_LENGTH_LIMIT);
  if (!reading.ok) faults.invoice = reading.fault;
  else if (reading.text === "" && account.kind === "operating")
    faults.invoice = "Enter the invoice number, so that the payment finds its statement";
  else if (isShortenedNumber(reading.text))
    faults.invoice = "Excel has shortened this number. Enter it in full";
  return reading.ok ? reading.text : "";
}

function nameOf(typed: TypedRow, faults: Remarks): string {
  const reading = readLine(typed.name ?? "", NAME_LENGTH_LIMIT);
  if (!reading.ok) faults.name = reading.fault;
  else if (reading.text === "") faults.name = "Enter the recipient's name";
  else {
    const fault = faultOf(payerName, reading.text);
    if (fault !== undefined) faults.name = fault;
  }
  return reading.ok ? reading.text : "";
}

function emailsOf(typed: TypedRow, faults: Remarks, notes: Remarks): string[] {
  const lines = readLines(typed.email ?? "");
  const reading = lines.ok ? parseAddresses(lines.text) : lines;
  if (!reading.ok) {
    faults.email = reading.fault;
    return [];
  }
  if (reading.addresses.length === 0) notes.email = "No address: a link only";
  return reading.addresses;
}

function amountOf(typed: TypedRow, account: Account, faults: Remarks): bigint | undefined {
  const line = readLine(typed.amount ?? "", NAME_LENGTH_LIMIT);
  const reading = line.ok ? parseCellAmount(line.text, account.currency) : line;
  if (reading.ok) return reading.minor;
  faults.amount = reading.fault;
  return undefined;
}

function messageOf(typed: TypedRow, faults: Remarks): string {
  const reading = readLines(typed.message ?? "");
  const fault = reading.ok ? faultOf(messageText, reading.text) : reading.fault;
  if (fault !== undefined) faults.message = fault;
  return reading.ok ? reading.text : "";
}

function matterOf(
  typed: TypedRow,
  rules: Rules,
  faults: Remarks,
  notes: Remarks,
): Pick<RowValues, "matterId" | "matterLabel" | "clientName"> {
  const none = { matterId: undefined, matterLabel: "", clientName: "" };
  const reading = readLine(typed.matter ?? "", MATTER_LENGTH_LIMIT);
  if (!reading.ok) {
    faults.matter = reading.fault;
    return none;
  }
  if (reading.text === "") return none;
  const matter = rules.matters.get(reading.text);
  if (matter) return { matterId: matter.id, matterLabel: matter.label, clientName: matter.clientName };
  notes.matter = "Not among your matters: shown as typed";
  return { ...none, matterLabel: reading.text };
}

function languageOf(typed: TypedRow, faults: Remarks): Language | undefined {
  const text = (typed.language ?? "").trim();
  if (text === "") return undefined;
  const language = findLanguage(text);
  if (language === undefined) faults.language = "Enter English, Spanish or French";
  return language;
}

function faultOf(schema: z.ZodType, text: string): string | undefined {
  const parsed = schema.safeParse(text);
  return parsed.success ? undefined : parsed.error.issues[0]?.message;
}

/** `Invoice number: Enter …; Amount: Enter …`, for the sheet of bad rows. */
export function remarksText(remarks: Remarks): string {
  return Object.entries(remarks)
    .map(([column, sentence]) => `${COLUMN_FACTS[column as Column].title}: ${sentence}`)
    .join("; ");
}
