import type { Selectable } from "kysely";
import { record } from "../audit/record.ts";
import { conflict } from "../base/error.ts";
import { newId } from "../base/id.ts";
import type { MemberContext } from "../context.ts";
import type { FirmSettings } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";
import { findDefaultAccount } from "../settings/queries.ts";
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
};

/** Inserts one planned link with its allocations and records it, in the caller's transaction. Throws `conflict` without an account. */
export async function makeLink(
  tx: Tx,
  cx: MemberContext,
  settings: Selectable<FirmSettings>,
  plan: PlannedLink,
  terms: LinkTerms,
): Promise<LinkRow> {
  const account = await findDefaultAccount(tx, cx.firmId, plan.kind);
  if (!account) throw noAccount(plan.kind);
  if (account.currency !== plan.currency) throw otherCurrency(account.name, account.currency, plan.currency);
  const matterIds = [...new Set(plan.lines.map((line) => line.statement.matterId))];
  // A trust request is paid as it was asked: only its sender could allow less, and this form has no such choice.
  const partAllowed = plan.kind === "operating" && settings.part_payments_allowed;
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
    created_by: cx.actor.id,
    created_at: cx.now(),
    expires_at: endOfLife(settings, cx.now()),
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

/** `Statement 20391`, `Statements 20391, 20402 and 20418`, `Trust request TR-0612`: numbers only, for the payer's eyes. */
export function describe(
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

/** When a link that is made now runs out, by the firm's setting. */
export function endOfLife(settings: Pick<Selectable<FirmSettings>, "link_lifetime_days">, now: Date): Date {
  return new Date(now.getTime() + settings.link_lifetime_days * DAY_MS);
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
