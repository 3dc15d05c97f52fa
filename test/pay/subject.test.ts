import { expect, test } from "vitest";
import type { OpenedLink } from "../../src/pay/open.ts";
import { subjectOf } from "../../src/pay/subject.ts";
import { wordsFor } from "../../src/pay/words.ts";

const opened = (link: object, numbers: string[] = []) =>
  ({
    link: { account_kind: "operating", ...link },
    statements: numbers.map((number) => ({ number })),
  }) as unknown as OpenedLink;

test("a receipt names statements, and a sheet's invoice, in the payer's language", () => {
  const french = wordsFor("fr");
  expect(subjectOf(opened({ source: "matters" }, ["20391", "20402"]), french)).toBe(
    "Relevé 20391, Relevé 20402",
  );
  expect(subjectOf(opened({ source: "matters", account_kind: "trust" }, ["TR-1"]), french)).toBe(
    "Demande de provision en fidéicommis TR-1",
  );
  const row = { source: "bulk", invoice_number: "88", description: "Invoice 88" };
  expect(subjectOf(opened(row), french)).toBe("Facture 88");
  expect(subjectOf(opened({ ...row, invoice_number: "", description: "Payment" }), french)).toBe("Paiement");
});

test("what a member typed stays as it was typed", () => {
  const typed = { source: "quick", invoice_number: "88", description: "Retainer for the lease" };
  expect(subjectOf(opened(typed), wordsFor("es"))).toBe("Retainer for the lease");
});
