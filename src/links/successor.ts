import { z } from "zod";
import { record } from "../audit/record.ts";
import { conflict } from "../base/error.ts";
import { newId } from "../base/id.ts";
import { sumMinor } from "../base/money.ts";
import type { FirmContext, MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { getAccount, getSettings } from "../settings/queries.ts";
import { isOpen, listStatements, lockStatements, type StatementFacts } from "../statements/queries.ts";
import { demand } from "../web/env.ts";
import { type AllocationRow, listAllocations, listReceived } from "./issue-queries.ts";
import { type LinkTerms, makeLink } from "./make.ts";
import { checkLinkAmount, lesserMinor, type PlannedLine, type PlannedLink } from "./plan.ts";
import { findSuccessor, type LinkRow, lockLink } from "./queries.ts";
import { makeTypedLink } from "./quick-make.ts";
import { parseInput } from "./request.ts";
import { restMessage } from "./rest-message.ts";
import { takesSuccessor } from "./state.ts";

const successorInput = z.object({
  linkId: z.string(),
  delivery: z.enum(["email", "copy"], "Choose how the link reaches the payer"),
});

/**
 * Makes a new link for what a part payment left, or for the whole of an expired link: to the same payer, with a life of its own. Each
 * line asks for what was not received, never more than the statement's balance. A link has one successor: asked again, it is returned.
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
 * is in whose name where nobody acts. Throws `conflict` when the link is neither paid in part nor expired, or nothing is left to ask for.
 */
export async function succeed(
  tx: Tx,
  cx: FirmContext,
  link: LinkRow,
  wanted: "email" | "copy",
  createdBy?: string,
): Promise<LinkRow> {
  if (!takesSuccessor(link.state))
    throw conflict("A new link follows one that was paid in part or ran out. This one is neither.");
  const delivery = link.payer_emails.length === 0 ? "copy" : wanted;
  const successor = await makeRest(tx, cx, link, {
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
async function makeRest(tx: Tx, cx: FirmContext, link: LinkRow, terms: LinkTerms): Promise<LinkRow> {
  const settings = await getSettings(tx, cx.firmId);
  const allocations = await listAllocations(tx, cx.firmId, link.id);
  if (link.source === "matters" || allocations.length > 0) {
    const { plan, before } = await planRest(tx, link, allocations);
    const message = await restMessage(tx, cx, settings, link, { ...plan, before });
    return await makeLink(tx, cx, settings, plan, { ...terms, message });
  }
  const received = sumMinor((await listReceived(tx, cx.firmId, link.id)).map((part) => part.amountMinor));
  const amountMinor = link.amount_minor - received;
  checkLinkAmount(amountMinor, link.currency);
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

async function planRest(tx: Tx, link: LinkRow, allocations: readonly AllocationRow[]): Promise<PlannedRest> {
  const firmId = link.firm_id;
  const received = await listReceived(tx, firmId, link.id);
  const ids = allocations.map((allocation) => allocation.statement_id);
  await lockStatements(tx, firmId, ids);
  const statements = await listStatements(tx, firmId, ids);
  const lines: PlannedLine[] = [];
  const before: PlannedRest["before"] = [];
  for (const allocation of allocations) {
    const statement = statements.find((each) => each.id === allocation.statement_id);
    if (statement) before.push({ statement, amountMinor: allocation.amount_minor });
    if (!statement || !isOpen(statement)) continue;
    const paid = sumMinor(
      received.filter((part) => part.statementId === statement.id).map((part) => part.amountMinor),
    );
    const left = allocation.amount_minor - paid;
    const amountMinor = lesserMinor(left, statement.balanceMinor);
    if (amountMinor > 0n) lines.push({ statement, amountMinor, isAboveBalance: false });
  }
  if (lines.length === 0) throw conflict("Nothing is left to ask for: the statements are settled.");
  const amountMinor = sumMinor(lines.map((line) => line.amountMinor));
  checkLinkAmount(amountMinor, link.currency);
  return { plan: { kind: link.account_kind, currency: link.currency, amountMinor, lines }, before };
}
