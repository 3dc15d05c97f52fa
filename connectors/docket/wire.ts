import { z } from "zod";
import { CURRENCIES, toDecimalText } from "../../src/base/money.ts";
import type { ClientRecord, Family, FamilyRecord, MatterRecord, StatementRecord } from "../contract.ts";
import { numeralOf, type VendorWords } from "../http.ts";

/** Docket's names, money and dates, and what they are to us; nothing outside this file spells them. */

const MINOR_DIGITS = 2;
/** Well inside what a stored amount can hold. */
const LARGEST_WHOLE_DIGITS = 15;
const AMOUNT = new RegExp(`^(-?)(\\d{1,${LARGEST_WHOLE_DIGITS}})(?:\\.(\\d{1,${MINOR_DIGITS}}))?$`);

const text = z.string();
const identifier = z.string().min(1);
const instant = z.iso.datetime().transform((value) => new Date(value));
const optionalText = text.nullish().transform((value) => (value?.trim() ? value.trim() : undefined));
const deletion = instant.nullable().transform((value) => value !== null);

const amount = z
  .object({ numeral: z.string() }, { error: "not a number" })
  .transform(({ numeral }, context) => {
    const match = AMOUNT.exec(numeral);
    if (match?.[2] === undefined) {
      context.addIssue({ code: "custom", message: "not an amount with at most two decimals" });
      return z.NEVER;
    }
    const minor = BigInt(match[2] + (match[3] ?? "").padEnd(MINOR_DIGITS, "0"));
    return match[1] === "-" ? -minor : minor;
  });

const client = z
  .object({
    id: identifier,
    number: text,
    name: text,
    email: optionalText,
    updated_at: instant,
    deleted_at: deletion,
  })
  .transform(
    (wire): ClientRecord => ({
      externalId: wire.id,
      number: wire.number,
      name: wire.name,
      email: wire.email,
      changedAt: wire.updated_at,
      deleted: wire.deleted_at,
    }),
  );

const payer = z
  .object({ contact_id: identifier, name: text, email: optionalText, assigned: z.boolean() })
  .transform((wire) => ({
    externalId: wire.contact_id,
    name: wire.name,
    email: wire.email,
    assigned: wire.assigned,
  }));

const matter = z
  .object({
    id: identifier,
    number: text,
    description: text,
    client_id: identifier,
    status: z.enum(["open", "closed"]),
    responsible: optionalText,
    office: optionalText,
    trust_balance: amount.nullish(),
    payers: z.array(payer),
    updated_at: instant,
    deleted_at: deletion,
  })
  .transform(
    (wire): MatterRecord => ({
      externalId: wire.id,
      number: wire.number,
      description: wire.description,
      clientExternalId: wire.client_id,
      open: wire.status === "open",
      responsible: wire.responsible,
      office: wire.office,
      trustBalanceMinor: wire.trust_balance ?? undefined,
      payers: wire.payers,
      changedAt: wire.updated_at,
      deleted: wire.deleted_at,
    }),
  );

const statement = z
  .object({
    id: identifier,
    number: text,
    matter_id: identifier,
    kind: z.enum(["invoice", "trust_request"]),
    status: z.enum(["open", "paid", "void"]),
    issued_on: z.iso.date(),
    due_on: z.iso.date().nullable(),
    // The currencies whose minor unit is a hundredth: an amount in another would be misread.
    currency: z.enum(CURRENCIES),
    total: amount,
    balance: amount,
    updated_at: instant,
    deleted_at: deletion,
  })
  .transform(
    (wire): StatementRecord => ({
      externalId: wire.id,
      number: wire.number,
      matterExternalId: wire.matter_id,
      kind: wire.kind,
      state: wire.status,
      issuedOn: wire.issued_on,
      dueOn: wire.due_on ?? undefined,
      currency: wire.currency,
      totalMinor: wire.total,
      balanceMinor: wire.balance,
      changedAt: wire.updated_at,
      deleted: wire.deleted_at,
    }),
  );

/** How a record of each family is read. */
export const records: { [F in Family]: z.ZodType<FamilyRecord[F]> } = {
  clients: client,
  matters: matter,
  statements: statement,
};

/** A list's envelope; its records are read one by one, so that one bad record costs only itself. */
export const list = z
  .object({ data: z.array(z.unknown()), next_cursor: z.string().min(1).nullable() })
  .transform((wire) => ({ data: wire.data, nextCursor: wire.next_cursor ?? undefined }));

/** The part of any record that names it. */
export const identified = z.object({ id: identifier });

/** A payment, a deposit or a reversal: what is needed to know it again. */
export const entry = z.object({ id: identifier, reference: text });

/** The same with what it is about: what is needed to compare it with our books. */
export const listedEntry = entry.extend({ amount });

export const me = z.object({
  user: z.object({ id: identifier, name: text, email: text }),
  account: z.object({ id: identifier, name: text, web_origin: z.url() }),
});

/** Who signed in, from the ID token. */
export const identity = z.object({
  sub: identifier,
  email: text,
  name: text,
  account_id: identifier,
  account_name: text,
});

export const webhook = z.object({ id: identifier, secret: identifier });
export const webhookAddress = z.object({ id: identifier, url: text });

const EVENT_FAMILIES = {
  "client.changed": "clients",
  "matter.changed": "matters",
  "statement.changed": "statements",
} as const satisfies Record<string, Family>;

export const eventTypes = ["client.changed", "matter.changed", "statement.changed"] as const;

export const event = z
  .object({ id: identifier, type: z.enum(eventTypes), data: identified })
  .transform((wire) => ({
    eventId: wire.id,
    family: EVENT_FAMILIES[wire.type],
    externalId: wire.data.id,
  }));

/** The claims of a launch ticket. */
export const launch = z.object({
  jti: identifier,
  sub: identifier,
  email: text,
  name: text,
  account_id: identifier,
  matter_id: identifier.nullish(),
  iat: z.number().int(),
  exp: z.number().int(),
});

const refusal = z.object({ error: z.object({ code: text, message: text }) });

/** The words of an error answer; undefined when it is not one of Docket's. */
export function readWords(body: unknown): VendorWords | undefined {
  return refusal.safeParse(body).data?.error;
}

/** Minor units as the JSON number that Docket takes, always with two decimals. */
export function wireAmount(minor: bigint): unknown {
  return numeralOf(toDecimalText(minor));
}

/** What is wrong with a record, in words: the fields and why, never their contents. */
export function faultOf(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join(".") || "record"}: ${issue.message}`).join("; ");
}
