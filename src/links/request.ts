import { z } from "zod";
import { invalid } from "../base/error.ts";
import { LARGEST_AMOUNT_MINOR } from "../base/money.ts";
import { unknownPlaceholder } from "../settings/check-template.ts";

const ADDRESS_LIMIT = 5;
const LINE_LIMIT = 200;
const NAME_LIMIT = 100;
const MESSAGE_LIMIT = 4_000;
const ADDRESS_LENGTH_LIMIT = 254;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
const CONTROL = /[\u0000-\u001f\u007f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the same but for line breaks and tabs.
const CONTROL_IN_TEXT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
/** A request must not lead anywhere but to our page: a stolen account would send its own address to every client. */
const WEB_ADDRESS = /https?:\/\/|\bwww\./i;

/** A person's name, as it stands in a greeting: one line. */
export const payerName = z
  .string()
  .trim()
  .min(1, "Enter the payer's name")
  .max(NAME_LIMIT, `Enter a name of at most ${NAME_LIMIT} characters`)
  .refine((text) => !CONTROL.test(text), "Enter the name in one line")
  .refine((text) => !WEB_ADDRESS.test(text), "Enter a name without a web address");

const address = z
  .string()
  .trim()
  .max(ADDRESS_LENGTH_LIMIT, "Enter a shorter email address")
  .pipe(z.email("Enter each email address like name@example.com"));

/** The addresses of a payer, each once. */
export const payerEmails = z
  .array(address)
  .max(ADDRESS_LIMIT, `Enter at most ${ADDRESS_LIMIT} email addresses`)
  .transform((list) => [...new Map(list.map((each) => [each.toLowerCase(), each])).values()]);

export const message = z
  .string()
  .trim()
  .max(MESSAGE_LIMIT, `Shorten the message to ${MESSAGE_LIMIT} characters`)
  .refine((text) => !CONTROL_IN_TEXT.test(text), "Write the message in plain text")
  .refine((text) => !WEB_ADDRESS.test(text), "Leave web addresses out: the email has its own button")
  .superRefine((text, check) => {
    const fault = unknownPlaceholder(text);
    if (fault !== undefined) check.addIssue({ code: "custom", message: fault });
  });

export const issueInput = z
  .object({
    /** Made with the form: the same form sent twice is one request. */
    formId: z.uuid(),
    lines: z
      .array(
        z.object({
          statementId: z.uuid(),
          amountMinor: z.bigint().min(1n, "Enter an amount above zero").max(LARGEST_AMOUNT_MINOR),
        }),
      )
      .min(1, "Choose at least one statement")
      .max(LINE_LIMIT, `Choose at most ${LINE_LIMIT} statements`),
    payerName,
    payerEmails,
    /** Empty takes the firm's own words. */
    message,
    dueOn: z.iso.date("Enter the due date").optional(),
    delivery: z.enum(["email", "copy"], "Choose how the link reaches the payer"),
    confirmAboveBalance: z.boolean().default(false),
    /** Whether the firm's reminders go out for it, where it sends any. */
    remindersOn: z.boolean().default(true),
    /** Whether the payer of the trust requests may pay another amount than the one asked for. */
    trustPartAllowed: z.boolean().default(false),
    /** The fingerprint of the balances and amounts on the member's screen; a difference means that something moved meanwhile. */
    expected: z.string().max(64).optional(),
  })
  .refine((request) => request.delivery === "copy" || request.payerEmails.length > 0, {
    path: ["payerEmails"],
    message: "Enter at least one email address, or copy the link yourself",
  })
  .refine((request) => new Set(request.lines.map((line) => line.statementId)).size === request.lines.length, {
    path: ["lines"],
    message: "Choose each statement once",
  });

export type IssueRequest = z.output<typeof issueInput>;

/** Reads input by its schema. Throws `invalid` with one sentence per field; the key is the field's first name. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const fields: Record<string, string> = {};
  for (const issue of parsed.error.issues) {
    const field = String(issue.path[0] ?? "form");
    fields[field] ??= issue.message;
  }
  throw invalid(fields);
}

/** The addresses that were typed into one box, separated by commas, semicolons, spaces or lines. */
export function splitAddresses(text: string): string[] {
  return text.split(/[\s,;]+/).filter((part) => part !== "");
}
