import { z } from "zod";
import { record } from "../audit/record.ts";
import { conflict } from "../base/error.ts";
import { newId } from "../base/id.ts";
import type { FirmContext, MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { getAccount, getSettings } from "../settings/queries.ts";
import { listStatements, lockStatements, type StatementFacts } from "../statements/queries.ts";
import { demand } from "../web/env.ts";
import { type AllocationRow, listAllocations } from "./issue-queries.ts";
import { type LinkTerms, makeLink } from "./make.ts";
import { checkLinkAmount, type PlannedLink } from "./plan.ts";
import { findSuccessor, type LinkRow, lockLink } from "./queries.ts";
import { makeTypedLink } from "./quick-make.ts";
import type { Received } from "./received.ts";
import { readReceived } from "./received-queries.ts";
import { parseInput } from "./request.ts";
import { restOf } from "./rest.ts";
import { restMessage } from "./rest-message.ts";
import { takesSuccessor } from "./state.ts";

const successorInput = z.object({
  linkId: z.string(),
  delivery: z.enum(["email", "copy"], "Choose how the link reaches the payer"),
});

/**
 * Makes a new link for what a part payment left, for what went back of a payment, or for the whole of an expired link: to the same payer,
 * with a life of its own. Each line asks for what is not there, never more than the statement's balance. A link has one successor: asked again, it is returned.
 */
export async function makeSuccessor(
  cx: MemberContext,
  input: z.input<typeof successorInput>,
): Promise<LinkRow> {
  demand(cx, "links.send");
  const request = parseInput(successorInput, input);
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const link = await lockLink(tx, cx.firmId, request.linkId);
    return (await findSuccessor(tx, cx.firmId, link.id)) ?? (await succeed(tx, cx, link, request.delivery));
  });
}

/**
 * Makes the successor of a locked link that has none, and sends it where it is to be emailed, in the caller's transaction. `createdBy`
 * is in whose name where nobody acts. Throws `conflict` when the link is neither paid in part nor expired and nothing of it went back, or nothing can be asked for.
 */
export async function succeed(
  tx: Tx,
  cx: FirmContext,
  link: LinkRow,
  wanted: "email" | "copy",
  createdBy?: string,
): Promise<LinkRow> {
  const received = await readReceived(tx, cx.firmId, link.id);
  if (!takesSuccessor(link.state, received.goneMinor))
    throw conflict(
      "A new link follows one that was paid in part or ran out, or whose money went back. This one is none of these.",
    );
  const delivery = link.payer_emails.length === 0 ? "copy" : wanted;
  const successor = await makeRest(tx, cx, link, received, {
    requestId: newId(),
    payerName: link.payer_name,
    payerEmails: link.payer_emails,
    message: link.message,
    dueOn: link.due_on,
    delivery,
    predecessorId: link.id,
    remindersOn: link.reminders_on,
    trustPartAllowed: link.part_payment_allowed,
    createdBy,
  });
  await record(tx, cx, {
    action: "link.succeeded",
    objectKind: "link",
    objectId: link.id,
    linkId: link.id,
    after: {
      successor: successor.reference,
      amountMinor: successor.amount_minor,
      currency: successor.currency,
    },
  });
  if (delivery === "email")
    await enqueue(tx, "delivery.request", { firmId: cx.firmId, requestId: successor.request_id });
  return successor;
}

/** The rest as the first link asked for it: on its statements, or as it was typed where there are none. */
async function makeRest(
  tx: Tx,
  cx: FirmContext,
  link: LinkRow,
  received: Received,
  terms: LinkTerms,
): Promise<LinkRow> {
  const settings = await getSettings(tx, cx.firmId);
  const allocations = await listAllocations(tx, cx.firmId, link.id);
  const { plan, before } = await planRest(tx, link, allocations, received);
  if (link.source === "matters" || allocations.length > 0) {
    const message = await restMessage(tx, cx, settings, link, { ...plan, before });
    return await makeLink(tx, cx, settings, plan, { ...terms, message });
  }
  const { amountMinor } = plan;
  const account = await getAccount(tx, cx.firmId, link.merchant_account_id);
  if (account.archived_at !== null)
    throw conflict(`The account ${account.name} takes no more money. Make a new Quick Link into another.`);
  return await makeTypedLink(tx, cx, settings, account, {
    ...terms,
    message: await restMessage(tx, cx, settings, link, { amountMinor, lines: [], before: [] }),
    source: link.source,
    amountMinor,
    description: link.description,
    invoiceNumber: link.invoice_number,
    partAllowed: link.part_payment_allowed,
    expiresAt: null,
    known: {
      client_name: link.client_name,
      matter_id: link.matter_id,
      matter_label: link.matter_label,
      language: link.language,
    },
  });
}

type PlannedRest = {
  plan: PlannedLink;
  /** What the first link asked for, of the statements that are there still. */
  before: { statement: StatementFacts; amountMinor: bigint }[];
};

async function planRest(
  tx: Tx,
  link: LinkRow,
  allocations: readonly AllocationRow[],
  received: Received,
): Promise<PlannedRest> {
  const asked = allocations.map((row) => ({ statementId: row.statement_id, amountMinor: row.amount_minor }));
  const ids = asked.map((line) => line.statementId);
  await lockStatements(tx, link.firm_id, ids);
  const statements = await listStatements(tx, link.firm_id, ids);
  const { amountMinor, lines, hindrance } = restOf(link, asked, statements, received);
  if (hindrance !== undefined) throw conflict(hindrance);
  checkLinkAmount(amountMinor, link.currency);
  const before = asked.flatMap((line) => {
    const statement = statements.find((each) => each.id === line.statementId);
    return statement ? [{ statement, amountMinor: line.amountMinor }] : [];
  });
  return { plan: { kind: link.account_kind, currency: link.currency, amountMinor, lines }, before };
}
