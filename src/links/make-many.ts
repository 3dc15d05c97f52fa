import type { Selectable } from "kysely";
import { recordAll } from "../audit/record.ts";
import { newId } from "../base/id.ts";
import type { MemberContext } from "../context.ts";
import type { FirmSettings } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";
import { getFirm } from "../settings/queries.ts";
import { endOfLife, leastPart } from "./make.ts";
import { insertLinks, type MadeLink, type NewLink } from "./make-many-queries.ts";
import type { TypedAccount, TypedLink } from "./quick-make.ts";

/** A link of a sheet: typed, with what the sheet says of its matter and of the payer's language. */
export type SheetLink = Omit<TypedLink, "source" | "predecessorId" | "expiresAt"> & {
  account: TypedAccount;
  matterId: string | null;
  matterLabel: string;
  clientName: string;
  language: "en" | "es" | "fr" | null;
};

/**
 * Inserts many links that lie on no statement and records each, in the caller's transaction and in a few statements. The caller has
 * checked what was typed. Returns the links in the order given.
 */
export async function makeSheetLinks(
  tx: Tx,
  cx: MemberContext,
  settings: Selectable<FirmSettings>,
  asked: readonly SheetLink[],
): Promise<MadeLink[]> {
  const { time_zone: timeZone } = await getFirm(tx, cx.firmId);
  const rows = asked.map((each) =>
    toRow(cx, settings, endOfLife(settings, cx.now(), { dueOn: each.dueOn, timeZone }), each),
  );
  const made = await insertLinks(tx, cx.firmId, rows);
  await recordAll(
    tx,
    cx,
    rows.map((row, index) => ({
      action: "link.issued",
      objectKind: "link",
      objectId: row.id,
      linkId: row.id,
      after: facts(row, made[index]?.reference ?? ""),
    })),
  );
  return made;
}

function toRow(
  cx: MemberContext,
  settings: Selectable<FirmSettings>,
  expiresAt: Date,
  asked: SheetLink,
): NewLink {
  const isEmailed = asked.delivery === "email";
  return {
    id: newId(),
    source: "bulk",
    request_id: asked.requestId,
    merchant_account_id: asked.account.id,
    account_kind: asked.account.kind,
    currency: asked.account.currency,
    amount_minor: asked.amountMinor,
    delivery: isEmailed ? "queued" : "not_emailed",
    send_count: isEmailed ? 1 : 0,
    description: asked.description,
    invoice_number: asked.invoiceNumber,
    client_name: asked.clientName,
    matter_id: asked.matterId,
    matter_label: asked.matterLabel,
    payer_name: asked.payerName,
    payer_emails: asked.payerEmails,
    message: asked.message,
    language: asked.language,
    due_on: asked.dueOn,
    part_payment_allowed: asked.partAllowed,
    least_amount_minor: asked.partAllowed
      ? leastPart(settings.least_part_payment_minor, asked.amountMinor)
      : null,
    created_by: cx.actor.id,
    created_at: cx.now().toISOString(),
    expires_at: expiresAt.toISOString(),
  };
}

/** No addresses: the record is kept for ever and read by many. */
function facts(row: NewLink, reference: string): Record<string, unknown> {
  return {
    reference,
    source: row.source,
    amountMinor: row.amount_minor,
    currency: row.currency,
    accountKind: row.account_kind,
    invoiceNumber: row.invoice_number,
    recipients: row.payer_emails.length,
    partAllowed: row.part_payment_allowed,
    expiresAt: row.expires_at,
  };
}
