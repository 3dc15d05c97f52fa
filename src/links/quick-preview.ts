import { z } from "zod";
import { type Day, formatLongDay } from "../base/day.ts";
import { formatMoney, type Money, parseAmount } from "../base/money.ts";
import { currencySymbol } from "../ui/money.tsx";
import type { QuickDraft } from "./quick-draft.ts";
import { chosenAccount, messageOf, type QuickFirm } from "./quick-issue.ts";

/** The email and the account as far as they can be said of what stands in the boxes, right or wrong. */
export type QuickPreview = {
  firmName: string;
  phone: string;
  to: string;
  payerName: string;
  paragraphs: string;
  description: string;
  /** The sign, apart from the figures, which follow what is typed. */
  symbol: string;
  figures: string;
  due: string;
  account: { kind: "operating" | "trust"; last4: string; name: string } | undefined;
};

const NO_FIGURES = "0.00";

/** Draws what the payer would read of a draft. Never fails: the check of the form says what is wrong. */
export function previewQuick(quick: QuickFirm, draft: QuickDraft): QuickPreview {
  const account = chosenAccount(quick.accounts, draft.accountId);
  const currency = account?.currency ?? quick.firm.currency;
  const dueOn = readDay(draft.dueOn);
  const payerName = draft.payerName === "" ? "payer" : draft.payerName;
  return {
    firmName: quick.firm.name,
    phone: quick.settings.phone,
    to: draft.payerEmails === "" ? "the payer" : draft.payerEmails,
    payerName,
    paragraphs: messageOf(quick, {
      message: draft.message,
      payerName,
      dueOn,
      invoiceNumber: draft.invoiceNumber,
      expiresOn: readDay(draft.expiresOn),
      amount: readAmount(draft.amount, currency),
    }),
    description: draft.description === "" ? "What it is for" : draft.description,
    symbol: currencySymbol(currency),
    figures: figuresOf(draft.amount, currency),
    due: dueOn === undefined ? "" : `Due ${formatLongDay(dueOn)}`,
    account: account && { kind: account.kind, last4: account.last4, name: account.name },
  };
}

function figuresOf(typed: string, currency: string): string {
  const parsed = parseAmount(typed);
  if (!parsed.ok) return typed === "" ? NO_FIGURES : typed;
  return formatMoney({ minor: parsed.minor, currency }).slice(currencySymbol(currency).length);
}

function readAmount(typed: string, currency: string): Money | undefined {
  const parsed = parseAmount(typed);
  return parsed.ok ? { minor: parsed.minor, currency } : undefined;
}

/** What was typed may be no day at all. */
function readDay(typed: string): Day | undefined {
  return z.iso.date().safeParse(typed).data;
}
