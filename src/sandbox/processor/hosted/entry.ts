import { bankAccountFor, TEST_ROUTING_NUMBER } from "./banks.ts";
import { cardFor, fitsChecksum } from "./cards.ts";
import type { BankEntry, CardEntry, Payer } from "./methods.ts";

/** The fields of the payment form, as they were typed. */
export type Typed = Record<string, string>;

/** What is wrong, by field. */
export type FieldErrors = Partial<Record<string, string>>;

type Entry =
  | { type: "card"; entry: CardEntry; payer: Payer }
  | { type: "us_bank_account"; entry: BankEntry; payer: Payer }
  | { type: "wrong"; errors: FieldErrors };

const MONTHS_IN_YEAR = 12;
const MAX_YEARS_AHEAD = 50;
const CENTURY = 2000;

/** Reads the payment form; `now` in milliseconds since 1970. */
export function readEntry(typed: Typed, method: "card" | "us_bank_account", now: number): Entry {
  const payer = { email: field(typed, "email"), name: field(typed, "name") };
  const errors: FieldErrors = {};
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(payer.email)) errors.email = "Enter an e-mail address.";
  if (payer.name === "") errors.name = "Enter the name of the account holder.";
  return method === "card" ? readCard(typed, payer, errors, now) : readBankAccount(typed, payer, errors);
}

function readCard(typed: Typed, payer: Payer, errors: FieldErrors, now: number): Entry {
  const number = field(typed, "number").replace(/[\s-]/g, "");
  const expiry = readExpiry(field(typed, "expiry"));
  if (!fitsChecksum(number)) errors.number = "Your card number is invalid.";
  if (expiry === undefined) errors.expiry = "Enter the month and the year, such as 12 / 34.";
  else if (!isAhead(expiry, now))
    errors.expiry = "Your card's expiration date is in the past, or too far ahead.";
  if (!/^\d{3,4}$/.test(field(typed, "cvc"))) errors.cvc = "Enter the 3 or 4 digits of the security code.";
  if (expiry === undefined || Object.keys(errors).length > 0) return { type: "wrong", errors };
  const entry = { card: cardFor(number), expiryMonth: expiry.month, expiryYear: expiry.year };
  return { type: "card", entry, payer };
}

function readBankAccount(typed: Typed, payer: Payer, errors: FieldErrors): Entry {
  const account = bankAccountFor(field(typed, "account_number"));
  const routingNumber = field(typed, "routing_number");
  if (routingNumber !== TEST_ROUTING_NUMBER)
    errors.routing_number = `Use the test number ${TEST_ROUTING_NUMBER}.`;
  if (account === undefined) errors.account_number = "Use one of the test account numbers.";
  if (account === undefined || Object.keys(errors).length > 0) return { type: "wrong", errors };
  const entry: BankEntry = {
    account,
    routingNumber,
    accountType: field(typed, "account_type") === "savings" ? "savings" : "checking",
    holderType: field(typed, "holder_type") === "company" ? "company" : "individual",
  };
  return { type: "us_bank_account", entry, payer };
}

function field(typed: Typed, name: string): string {
  return (typed[name] ?? "").trim();
}

type Expiry = { month: number; year: number };

function readExpiry(text: string): Expiry | undefined {
  const match = /^(\d{1,2})\s*[/-]?\s*(\d{2}|\d{4})$/.exec(text);
  const month = Number(match?.[1]);
  if (match === null || month < 1 || month > MONTHS_IN_YEAR) return undefined;
  const year = Number(match[2]);
  return { month, year: year < 100 ? CENTURY + year : year };
}

function isAhead({ month, year }: Expiry, now: number): boolean {
  const today = new Date(now);
  const months = (year - today.getUTCFullYear()) * MONTHS_IN_YEAR + month - 1 - today.getUTCMonth();
  return months >= 0 && months <= MAX_YEARS_AHEAD * MONTHS_IN_YEAR;
}
