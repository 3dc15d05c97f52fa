import { createHash } from "node:crypto";
import type { RowValues } from "./check-row.ts";

/**
 * Stands for one request: rows with the same are the same request, so that the same file again sends nothing twice. The message does
 * not belong to it: a corrected typing error makes no other request.
 */
export function fingerprintOf(values: RowValues): string {
  const parts = [
    values.account.id,
    values.amountMinor?.toString() ?? "",
    values.invoiceNumber.toLowerCase(),
    values.invoicedOn ?? "",
    values.dueOn ?? "",
    values.payerName.toLowerCase(),
    values.payerEmails.map((address) => address.toLowerCase()).sort(),
  ];
  return hash(parts);
}

/**
 * Stands for what two rows of one file share when one of them is probably too many: the invoice and the amount; without an invoice
 * number the recipient and the amount. Undefined for a row that has too little to compare.
 */
export function duplicateKeyOf(values: RowValues): string | undefined {
  if (values.amountMinor === undefined) return undefined;
  const amount = values.amountMinor.toString();
  if (values.invoiceNumber !== "") return hash(["invoice", values.invoiceNumber.toLowerCase(), amount]);
  const who = values.payerEmails.map((address) => address.toLowerCase()).sort();
  return hash(["recipient", values.payerName.toLowerCase(), who, amount, values.dueOn ?? ""]);
}

function hash(parts: unknown): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
}
