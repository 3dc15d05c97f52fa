import { formatMoney } from "../base/money.ts";
import type { LinkRow } from "../links/queries.ts";
import type { PaymentRow } from "./facts-queries.ts";

/** Where a notice leads who may see the link only. */
export function toLink(link: LinkRow): { label: string; path: string } {
  return { label: `See ${link.reference}`, path: `/links/${link.id}` };
}

/** Where a notice leads who may see postings. */
export function toPostings(payment: PaymentRow) {
  const path = `/postings?q=${encodeURIComponent(payment.reference)}`;
  return { label: "Open its postings", path, needs: "postings.see" } as const;
}

export function askedOf(link: LinkRow): string {
  return moneyOf(link.amount_minor, link);
}

export function paidOf(payment: PaymentRow): string {
  return moneyOf(payment.amount_minor, payment);
}

export function moneyOf(minor: bigint, of: { currency: string }): string {
  return formatMoney({ minor, currency: of.currency });
}

/** A sentence with its full stop, once. */
export function stop(text: string): string {
  return text === "" || text.endsWith(".") ? text : `${text}.`;
}
