import type { Selectable } from "kysely";
import { record } from "../audit/record.ts";
import { addDays, type Day } from "../base/day.ts";
import { conflict } from "../base/error.ts";
import { newId } from "../base/id.ts";
import type { FirmContext } from "../context.ts";
import type { FirmSettings } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";
import { findDefaultAccount, getFirm } from "../settings/queries.ts";
import { endOfDay, LONGEST_LIFE_DAYS } from "./extend.ts";
import { insertAllocations, insertLink } from "./issue-queries.ts";
import {
  type AccountKind,
  LEAST_LINK_MINOR,
  lesserMinor,
  type PlannedLine,
  type PlannedLink,
} from "./plan.ts";
import type { LinkRow } from "./queries.ts";

const DAY_MS = 86_400_000;
const LABEL_LIMIT = 200;

export type LinkTerms = {
  requestId: string;
  payerName: string;
  payerEmails: string[];
  message: string;
  dueOn: string | null;
  delivery: "email" | "copy";
  predecessorId?: string | undefined;
  /** Whether the firm's reminders go out for it; they do unless somebody says otherwise. */
  remindersOn?: boolean | undefined;
  /** Whether the payer of a trust request may pay less: only where its sender said so. Other links follow the firm's setting. */
  trustPartAllowed?: boolean | undefined;
  /** In whose name the link is made where nobody acts; else the acting member. */
  createdBy?: string | undefined;
};

/** Inserts one planned link with its allocations and records it, in the caller's transaction. Throws `conflict` without an account. */
export async function makeLink(
  tx: Tx,
  cx: FirmContext,
  settings: Selectable<FirmSettings>,
  plan: PlannedLink,
  terms: LinkTerms,
): Promise<LinkRow> {
  const account = await findDefaultAccount(tx, cx.firmId, plan.kind);
  if (!account) throw noAccount(plan.kind);
  if (account.currency !== plan.currency) throw otherCurrency(account.name, account.currency, plan.currency);
  const firm = await getFirm(tx, cx.firmId);
  const matterIds = [...new Set(plan.lines.map((line) => line.statement.matterId))];
  const partAllowed =
    plan.kind === "trust" ? terms.trustPartAllowed === true : settings.part_payments_allowed;
  const link = await insertLink(tx, {
    firm_id: cx.firmId,
    id: newId(),
    source: "matters",
    request_id: terms.requestId,
    merchant_account_id: account.id,
    account_kind: plan.kind,
    currency: plan.currency,
    amount_minor: plan.amountMinor,
    state: "outstanding",
    delivery: terms.delivery === "email" ? "queued" : "not_emailed",
    send_count: terms.delivery === "email" ? 1 : 0,
    description: describe(plan),
    client_name: label(plan, ({ statement }) => statement.clientName),
    matter_label: label(plan, ({ statement }) => `${statement.matterNumber} ${statement.matterDescription}`),
    matter_id: matterIds.length === 1 ? (matterIds[0] ?? null) : null,
    payer_name: terms.payerName,
    payer_emails: terms.payerEmails,
    message: terms.message,
    due_on: terms.dueOn,
    part_payment_allowed: partAllowed,
    least_amount_minor: partAllowed ? leastPart(settings.least_part_payment_minor, plan.amountMinor) : null,
    predecessor_id: terms.predecessorId ?? null,
    reminders_on: terms.remindersOn ?? true,
    created_by: creatorOf(cx, terms),
    created_at: cx.now(),
    expires_at: endOfLife(settings, cx.now(), { dueOn: terms.dueOn, timeZone: firm.time_zone }),
  });
  await insertAllocations(
    tx,
    plan.lines.map((line, position) => ({
      firm_id: cx.firmId,
      id: newId(),
      link_id: link.id,
      statement_id: line.statement.id,
      position,
      amount_minor: line.amountMinor,
      balance_at_sending_minor: line.statement.balanceMinor,
      above_balance_confirmed: line.isAboveBalance,
    })),
  );
  await record(tx, cx, {
    action: "link.issued",
    objectKind: "link",
    objectId: link.id,
    linkId: link.id,
    after: facts(link, plan),
  });
  return link;
}

/** The member whose link it is. */
export function creatorOf(cx: FirmContext, terms: Pick<LinkTerms, "createdBy">): string {
  if (terms.createdBy !== undefined) return terms.createdBy;
  if (cx.actor.kind === "member") return cx.actor.id;
  throw new Error("a link is made in a member's name");
}

/** `Statement 20391`, `Statements 20391, 20402 and 20418`, `Trust request TR-0612`: numbers only, for the payer's eyes. */
function describe(
  plan: Pick<PlannedLink, "kind"> & { lines: readonly { statement: { number: string } }[] },
): string {
  const numbers = plan.lines.map((line) => line.statement.number);
  const one = plan.kind === "trust" ? "Trust request" : "Statement";
  const last = numbers.at(-1) ?? "";
  return numbers.length === 1 ? `${one} ${last}` : `${one}s ${numbers.slice(0, -1).join(", ")} and ${last}`;
}

/** Each different text once, in the order of the lines. */
function label(plan: PlannedLink, text: (line: PlannedLine) => string): string {
  return [...new Set(plan.lines.map(text))].join(", ").slice(0, LABEL_LIMIT);
}

/**
 * When a link that is made now runs out, by the firm's setting: so long after the end of its due day, or from now where it has none or
 * the day is past. Never before the due day is over, and beyond that never later than a year from now.
 */
export function endOfLife(
  settings: Pick<Selectable<FirmSettings>, "link_lifetime_days">,
  now: Date,
  due: { dueOn: Day | null | undefined; timeZone: string },
): Date {
  const days = settings.link_lifetime_days;
  const fromNow = (count: number) => new Date(now.getTime() + count * DAY_MS);
  if (!due.dueOn) return fromNow(days);
  const dueEnd = endOfDay(due.dueOn, due.timeZone);
  if (dueEnd <= now) return fromNow(days);
  // Whole days by the calendar, so that a clock that changes in between moves nothing; minutes by the clock.
  const wholeDays = Math.floor(days);
  const lastDay = endOfDay(addDays(due.dueOn, wholeDays), due.timeZone);
  const wanted = new Date(lastDay.getTime() + (days - wholeDays) * DAY_MS);
  const latest = fromNow(LONGEST_LIFE_DAYS);
  if (wanted <= latest) return wanted;
  return dueEnd > latest ? dueEnd : latest;
}

/** The firm's least part payment, within what the card processor takes and the link asks for. Minor units. */
export function leastPart(wantedMinor: bigint, amountMinor: bigint): bigint {
  return lesserMinor(wantedMinor < LEAST_LINK_MINOR ? LEAST_LINK_MINOR : wantedMinor, amountMinor);
}

/** No addresses: the record is kept for ever and read by many. */
function facts(link: LinkRow, plan: PlannedLink): Record<string, unknown> {
  return {
    reference: link.reference,
    amountMinor: link.amount_minor,
    currency: link.currency,
    accountKind: link.account_kind,
    statements: plan.lines.map((line) => line.statement.number),
    aboveBalance: plan.lines.filter((line) => line.isAboveBalance).map((line) => line.statement.number),
    recipients: link.payer_emails.length,
    partAllowed: link.part_payment_allowed,
    remindersOn: link.reminders_on,
    expiresAt: link.expires_at.toISOString(),
  };
}

function noAccount(kind: AccountKind) {
  return conflict(
    `Your firm has no default ${kind} account to receive this. An administrator must add one and make it the default.`,
  );
}

function otherCurrency(name: string, takes: string, asked: string) {
  return conflict(
    `The account ${name} takes ${takes}, these statements are in ${asked}. An administrator must add an account for ${asked}.`,
  );
}
