import type { Selectable } from "kysely";
import { record } from "../audit/record.ts";
import { newId } from "../base/id.ts";
import type { FirmContext } from "../context.ts";
import type { FirmSettings, MerchantAccount } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";
import { getFirm } from "../settings/queries.ts";
import { insertLink } from "./issue-queries.ts";
import { creatorOf, endOfLife, leastPart } from "./make.ts";
import type { LinkRow } from "./queries.ts";

export type TypedAccount = Pick<Selectable<MerchantAccount>, "id" | "kind" | "currency">;

/** A link as somebody typed it, without statements behind it. */
export type TypedLink = {
  source: "quick" | "bulk" | "api";
  requestId: string;
  amountMinor: bigint;
  description: string;
  /** Empty when nobody named one. */
  invoiceNumber: string;
  payerName: string;
  payerEmails: string[];
  message: string;
  dueOn: string | null;
  delivery: "email" | "copy";
  partAllowed: boolean;
  /** Whether the firm's reminders go out for it; they do unless somebody says otherwise. */
  remindersOn?: boolean | undefined;
  /** Null is the firm's lifetime of links. */
  expiresAt: Date | null;
  predecessorId?: string | undefined;
  /** In whose name the link is made where nobody acts; else the acting member. */
  createdBy?: string | undefined;
  /** What an earlier link knew of the matter and of the payer's language. */
  known?: Pick<LinkRow, "client_name" | "matter_id" | "matter_label" | "language"> | undefined;
};

/**
 * Inserts a link that lies on no statement and records it, in the caller's transaction. Its payment looks for its statement by the
 * invoice number. The caller has checked what was typed.
 */
export async function makeTypedLink(
  tx: Tx,
  cx: FirmContext,
  settings: Selectable<FirmSettings>,
  account: TypedAccount,
  typed: TypedLink,
): Promise<LinkRow> {
  const isEmailed = typed.delivery === "email";
  const firm = await getFirm(tx, cx.firmId);
  const link = await insertLink(tx, {
    firm_id: cx.firmId,
    id: newId(),
    source: typed.source,
    request_id: typed.requestId,
    merchant_account_id: account.id,
    account_kind: account.kind,
    currency: account.currency,
    amount_minor: typed.amountMinor,
    state: "outstanding",
    delivery: isEmailed ? "queued" : "not_emailed",
    send_count: isEmailed ? 1 : 0,
    description: typed.description,
    invoice_number: typed.invoiceNumber,
    payer_name: typed.payerName,
    payer_emails: typed.payerEmails,
    message: typed.message,
    due_on: typed.dueOn,
    part_payment_allowed: typed.partAllowed,
    least_amount_minor: typed.partAllowed
      ? leastPart(settings.least_part_payment_minor, typed.amountMinor)
      : null,
    predecessor_id: typed.predecessorId ?? null,
    reminders_on: typed.remindersOn ?? true,
    ...typed.known,
    created_by: creatorOf(cx, typed),
    created_at: cx.now(),
    expires_at:
      typed.expiresAt ?? endOfLife(settings, cx.now(), { dueOn: typed.dueOn, timeZone: firm.time_zone }),
  });
  await record(tx, cx, {
    action: "link.issued",
    objectKind: "link",
    objectId: link.id,
    linkId: link.id,
    after: facts(link),
  });
  return link;
}

/** No addresses: the record is kept for ever and read by many. */
function facts(link: LinkRow): Record<string, unknown> {
  return {
    reference: link.reference,
    source: link.source,
    amountMinor: link.amount_minor,
    currency: link.currency,
    accountKind: link.account_kind,
    invoiceNumber: link.invoice_number,
    recipients: link.payer_emails.length,
    partAllowed: link.part_payment_allowed,
    remindersOn: link.reminders_on,
    expiresAt: link.expires_at.toISOString(),
  };
}
