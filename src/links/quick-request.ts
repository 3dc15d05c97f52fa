import { z } from "zod";
import { addDays, type Day } from "../base/day.ts";
import { amountFaultText, formatMoney, parseAmount } from "../base/money.ts";
import { LONGEST_LIFE_DAYS } from "./extend.ts";
import { LEAST_LINK_MINOR } from "./plan.ts";
import { message, payerEmails, payerName } from "./request.ts";

const DESCRIPTION_LIMIT = 200;
/** As long as the longest numbers of matter systems; the database holds no more. */
const INVOICE_NUMBER_LIMIT = 60;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
const CONTROL = /[\u0000-\u001f\u007f]/;
const WEB_ADDRESS = /https?:\/\/|\bwww\./i;

/** What a payment is for, as its payer reads it: one line. */
const description = z
  .string()
  .trim()
  .min(1, "Enter what the payment is for")
  .max(DESCRIPTION_LIMIT, `Enter at most ${DESCRIPTION_LIMIT} characters`)
  .refine((text) => !CONTROL.test(text), "Enter what it is for in one line")
  .refine((text) => !WEB_ADDRESS.test(text), "Enter what it is for without a web address");

/** The number of the statement that a payment is meant for; empty when nobody knows it. */
const invoiceNumber = z
  .string()
  .trim()
  .max(INVOICE_NUMBER_LIMIT, `Enter a number of at most ${INVOICE_NUMBER_LIMIT} characters`)
  .refine((text) => !CONTROL.test(text), "Enter the number in one line")
  .refine((text) => !WEB_ADDRESS.test(text), "Enter the number without a web address")
  .default("");

/** Whether the payer may pay less: as the firm's settings say, or as the sender says for this link. */
export const PART_CHOICES = ["firm", "no", "yes"] as const;

/** What the check of a request needs to know of the firm, and of the choices that other answers depend on. */
type QuickTerms = {
  /** The day it is in the firm's zone. */
  today: Day;
  accountIds: readonly string[];
  /** Of the chosen account. */
  currency: string;
  isEmailed: boolean;
};

/** How a request that is typed by hand must look in a firm. Everything that is wrong is said at once, in the form's order. */
export function quickSchema(terms: QuickTerms) {
  // As text days are in their order, also those that no calendar has: their own sentence comes first.
  const isToCome = (day: string) => day >= terms.today;
  const lastDay = addDays(terms.today, LONGEST_LIFE_DAYS);
  const isWithinLife = (day: string) => day <= lastDay;
  const fields = z.object({
    /** Made with the form: the same form sent twice is one request. */
    formId: z.uuid(),
    accountId: z
      .string()
      .refine((id) => terms.accountIds.includes(id), "Choose the account that receives the payment"),
    /** As it was typed; minor units afterwards. */
    amount: amountIn(terms.currency),
    invoiceNumber,
    dueOn: z.iso
      .date("Enter the due date, like 2026-11-30")
      .refine(isToCome, "Due date must be today or later")
      .optional(),
    description,
    payerName,
    delivery: z.enum(["email", "copy"], "Choose how the link reaches the payer"),
    payerEmails: payerEmails.refine(
      (addresses) => addresses.length > 0 || !terms.isEmailed,
      "Enter at least one email address, or copy the link yourself",
    ),
    /** Empty takes the firm's own words. */
    message,
    expiresOn: z.iso
      .date("Enter the last day, like 2026-12-30")
      .refine(isToCome, "The last day must be today or later")
      .refine(isWithinLife, "Enter a day within one year")
      .optional(),
    part: z.enum(PART_CHOICES, "Choose whether the payer may pay another amount").default("firm"),
    /** Whether the firm's reminders go out for it, where it sends any. */
    remindersOn: z.boolean().default(true),
  });
  return fields.refine(
    ({ dueOn, expiresOn }) => dueOn === undefined || expiresOn === undefined || expiresOn >= dueOn,
    { path: ["expiresOn"], message: "Choose a last day on or after the due date" },
  );
}

export type QuickRequest = z.output<ReturnType<typeof quickSchema>>;
export type QuickInput = z.input<ReturnType<typeof quickSchema>>;

/** An amount as people type it, in minor units afterwards, that the card processor takes. */
function amountIn(currency: string) {
  return z.string().transform((typed, check) => {
    const parsed = parseAmount(typed);
    if (parsed.ok && parsed.minor >= LEAST_LINK_MINOR) return parsed.minor;
    const least = formatMoney({ minor: LEAST_LINK_MINOR, currency });
    const words = parsed.ok ? `Enter an amount of at least ${least}` : amountFaultText(parsed.fault);
    check.addIssue({ code: "custom", message: words });
    return z.NEVER;
  });
}
