import { describe, expect, it } from "vitest";
import { readAccount } from "../../src/bulk/accounts.ts";
import { checkRow, type Rules, remarksText } from "../../src/bulk/check-row.ts";
import {
  columnLetter,
  needsHand,
  recognizeColumns,
  type TypedRow,
  typedRow,
} from "../../src/bulk/columns.ts";
import { duplicateKeyOf, fingerprintOf } from "../../src/bulk/fingerprint.ts";

const operating = { id: "a", name: "Operating", kind: "operating", last4: "4417", currency: "USD" } as const;
const trust = { id: "b", name: "Client trust", kind: "trust", last4: "8820", currency: "USD" } as const;
const rules: Rules = {
  today: "2026-11-23",
  dateOrder: "month_first",
  account: operating,
  accounts: [operating, trust],
  matters: new Map([["2026-0119", { id: "m", label: "2026-0119 Lease", clientName: "Okafor" }]]),
};
const good: TypedRow = {
  invoice: "20468",
  invoiceDate: "11/13/2026",
  dueDate: "12/13/2026",
  name: "Harlan & Pryce Construction",
  email: "ap@harlanpryce.example",
  amount: "14,820.00",
};
const faults = (change: TypedRow) => checkRow({ ...good, ...change }, rules).faults;

describe("columns", () => {
  it("are recognised by many names, whatever their case, accents and signs", () => {
    const headings = [
      "INVOICE_NO.",
      "Date",
      "Due",
      "Client Name",
      "E-mail address",
      "Balance due",
      "Notes",
      "File #",
    ];
    expect(recognizeColumns(headings)).toEqual({
      invoice: 0,
      invoiceDate: 1,
      dueDate: 2,
      name: 3,
      email: 4,
      amount: 5,
      message: 6,
      matter: 7,
    });
    expect(recognizeColumns(["Numéro de facture", "Courriel", "Nom", "Montant"])).toEqual({
      invoice: 0,
      email: 1,
      name: 2,
      amount: 3,
    });
  });

  it("go to a person when there is no name, no amount, or an unknown heading beside a missing address", () => {
    const asked = (headings: string[]) => needsHand(headings, recognizeColumns(headings));
    expect(asked(["Name", "Amount"])).toBe(false);
    expect(asked(["Name", "Amount", "Invoice", "Email", "Colour"])).toBe(false);
    expect(asked(["Name", "Email"])).toBe(true);
    expect(asked(["Name", "Amount", "Invoice", "Where to write"])).toBe(true);
    expect(asked(["Ana", "12.00"])).toBe(true);
  });

  it("take the first of two headings that mean the same, and the place that a person chose", () => {
    expect(recognizeColumns(["Email", "Mail", "Name"])).toEqual({ email: 0, name: 2 });
    expect(typedRow(["a", "b"], { name: 1, amount: 5 })).toEqual({ name: "b", amount: "" });
    expect([0, 25, 26, 52].map(columnLetter)).toEqual(["A", "Z", "AA", "BA"]);
  });
});

describe("a row", () => {
  it("that is good has no fault and no note", () => {
    const checked = checkRow(good, rules);
    expect(checked).toMatchObject({ faults: {}, notes: {}, dates: { ambiguous: 0, other: 0 } });
    expect(checked.values).toMatchObject({
      amountMinor: 1_482_000n,
      dueOn: "2026-12-13",
      account: operating,
    });
  });

  it.each<[string, TypedRow, string]>([
    [
      "no invoice number",
      { invoice: "" },
      "Invoice number: Enter the invoice number, so that the payment finds its statement",
    ],
    [
      "an invoice number that Excel shortened",
      { invoice: "1.23E+05" },
      "Invoice number: Excel has shortened this number. Enter it in full",
    ],
    ["a long invoice number", { invoice: "9".repeat(61) }, "Invoice number: Shorten this to 60 characters"],
    ["no name", { name: " " }, "Recipient name: Enter the recipient's name"],
    [
      "a web address as a name",
      { name: "www.pay-here.example" },
      "Recipient name: Enter a name without a web address",
    ],
    [
      "a web address in the message",
      { message: "see https://x.example" },
      "Message: Leave web addresses out: the email has its own button",
    ],
    ["a long message", { message: "a".repeat(4001) }, "Message: Shorten the message to 4000 characters"],
    ["a due date before the invoice", { dueDate: "11/03/2026" }, "Due date: Due before invoice date"],
    [
      "an unknown account",
      { account: "Petty cash" },
      "Merchant account: No account has this name. Accounts: Operating, Client trust",
    ],
    ["an unknown language", { language: "Klingon" }, "Language: Enter English, Spanish or French"],
    [
      "a damaged matter",
      { matter: "#REF!" },
      "Matter number: Excel shows the error #REF! here. Enter the value",
    ],
  ])("with %s says so at that cell", (_name, change, text) => {
    expect(remarksText(faults(change))).toBe(text);
  });

  it("gives every bad cell its own reason", () => {
    expect(Object.keys(faults({ email: "x", amount: "-1", dueDate: "soon", name: "" })).sort()).toEqual([
      "amount",
      "dueDate",
      "email",
      "name",
    ]);
  });

  it("may go without an invoice number into trust, and without an address as a link alone", () => {
    const checked = checkRow({ ...good, account: "trust", invoice: "", email: "" }, rules);
    expect(checked.faults).toEqual({});
    expect(checked.notes).toEqual({ email: "No address: a link only" });
    expect(checked.values.account).toEqual(trust);
  });

  it("finds its account by name, last four digits or kind", () => {
    const found = (text: string) => {
      const read = readAccount(text, [operating, trust]);
      return read.ok ? read.account.id : read.fault;
    };
    expect(["client TRUST", "··8820", "Trust account", "4417"].map(found)).toEqual(["b", "b", "b", "a"]);
    expect(readAccount("trust", [trust, { ...trust, id: "c", name: "Second trust" }])).toMatchObject({
      ok: false,
    });
  });

  it("finds its matter by number, and shows an unknown one as it was typed", () => {
    expect(checkRow({ ...good, matter: "2026-0119" }, rules).values).toMatchObject({
      matterId: "m",
      clientName: "Okafor",
    });
    const unknown = checkRow({ ...good, matter: "77" }, rules);
    expect(unknown.notes.matter).toMatch(/Not among your matters/);
    expect(unknown.values).toMatchObject({ matterId: undefined, matterLabel: "77" });
  });

  it("knows languages by name and code", () => {
    const languages = ["English", "español", "fr-CA", "FR", ""].map(
      (language) => checkRow({ ...good, language }, rules).values.language,
    );
    expect(languages).toEqual(["en", "es", "fr", "fr", undefined]);
  });
});

describe("what makes two rows one request", () => {
  const values = (change: TypedRow = {}) => checkRow({ ...good, ...change }, rules).values;

  it("is all that is asked of whom, but not how it is written", () => {
    expect(
      fingerprintOf(values({ amount: "$14820", name: "HARLAN & pryce construction", message: "Hi" })),
    ).toBe(fingerprintOf(values()));
    const others = [
      { amount: "1" },
      { invoice: "9" },
      { name: "B" },
      { email: "b@c.example" },
      { dueDate: "" },
      { account: "trust" },
    ];
    for (const other of others) expect(fingerprintOf(values(other))).not.toBe(fingerprintOf(values()));
  });

  it("is guessed within a file from the invoice and the amount", () => {
    expect(duplicateKeyOf(values({ name: "Other", email: "o@x.example" }))).toBe(duplicateKeyOf(values()));
    expect(duplicateKeyOf(values({ amount: "1" }))).not.toBe(duplicateKeyOf(values()));
    expect(duplicateKeyOf(values({ amount: "x" }))).toBeUndefined();
  });
});
