import type { Selectable } from "kysely";
import { type Day, dayOf } from "../base/day.ts";
import { conflict, invalid } from "../base/error.ts";
import { isId } from "../base/id.ts";
import type { Money } from "../base/money.ts";
import type { MemberContext } from "../context.ts";
import type { Firm, FirmSettings, MerchantAccount } from "../db/schema.ts";
import { withFirm } from "../db/tenant.ts";
import { lockName, type Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { getFirm, getSettings, listAccounts } from "../settings/queries.ts";
import { defaultMessage } from "../settings/templates.ts";
import { demand } from "../web/env.ts";
import { listReminderSteps, type ReminderStep } from "./compose-reminder-queries.ts";
import { endOfDay } from "./extend.ts";
import { endOfLife } from "./make.ts";
import { fillMessage } from "./message.ts";
import { findRequestLinks, type LinkRow } from "./queries.ts";
import { makeTypedLink } from "./quick-make.ts";
import { type QuickInput, type QuickRequest, quickSchema } from "./quick-request.ts";
import { parseInput } from "./request.ts";

/** What a request by hand depends on: the firm, its settings and the accounts that can receive money. */
export type QuickFirm = {
  firm: Selectable<Firm>;
  settings: Selectable<FirmSettings>;
  accounts: Selectable<MerchantAccount>[];
  /** The message that a request starts with, its placeholders not filled. */
  message: string;
  /** The reminders that a link made now gets; none where the firm sends none. */
  reminders: ReminderStep[];
  /** The last day of a link that is made now, unless its sender chooses another. */
  lastDayOf: (dueOn: Day | undefined) => Day;
};

/**
 * Makes one link from what a member typed and enqueues its email. The same form again returns the link that the first made and sends
 * nothing. Throws `invalid` by field, `conflict` when the form was sent by somebody else.
 */
export async function issueQuickLink(cx: MemberContext, input: QuickInput): Promise<LinkRow> {
  demand(cx, "links.send");
  if (!isId(input.formId)) throw invalid({ form: "Open the form again" });
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    await lockName(tx, `request:${cx.firmId}:${input.formId}`);
    const [before] = await findRequestLinks(tx, cx.firmId, input.formId);
    if (before) return alreadyIssued(cx, before);
    const quick = await readQuickFirm(tx, cx);
    const { request, account } = readRequest(cx, quick, input);
    const link = await makeTypedLink(tx, cx, quick.settings, account, {
      source: "quick",
      requestId: request.formId,
      amountMinor: request.amount,
      description: request.description,
      invoiceNumber: request.invoiceNumber,
      payerName: request.payerName,
      payerEmails: request.payerEmails,
      message: messageOf(quick, {
        ...request,
        amount: { minor: request.amount, currency: account.currency },
      }),
      dueOn: request.dueOn ?? null,
      delivery: request.delivery,
      partAllowed: mayPayPart(quick.settings, account.kind, request.part),
      remindersOn: request.remindersOn,
      expiresAt: request.expiresOn === undefined ? null : endOfDay(request.expiresOn, quick.firm.time_zone),
    });
    if (request.delivery === "email")
      await enqueue(tx, "delivery.request", { firmId: cx.firmId, requestId: request.formId });
    return link;
  });
}

export async function readQuickFirm(tx: Tx, cx: Pick<MemberContext, "firmId" | "now">): Promise<QuickFirm> {
  const firm = await getFirm(tx, cx.firmId);
  const settings = await getSettings(tx, cx.firmId);
  return {
    firm,
    settings,
    accounts: await listAccounts(tx, cx.firmId),
    message: await defaultMessage(tx, cx.firmId, "en"),
    reminders: await listReminderSteps(tx, cx.firmId),
    lastDayOf: (dueOn) => {
      const due = { dueOn, timeZone: firm.time_zone };
      return dayOf(endOfLife(settings, cx.now(), due), firm.time_zone);
    },
  };
}

/** The account that was chosen; the only one where there is no choice. */
export function chosenAccount(
  accounts: QuickFirm["accounts"],
  accountId: string,
): Selectable<MerchantAccount> | undefined {
  return accounts.length === 1 ? accounts[0] : accounts.find((account) => account.id === accountId);
}

/** The message as the payer reads it. Nobody named a matter, so its place closes up. */
export function messageOf(
  quick: Omit<QuickFirm, "accounts">,
  request: Pick<QuickRequest, "message" | "payerName" | "dueOn" | "invoiceNumber" | "expiresOn"> & {
    /** Undefined while what was typed is no amount. */
    amount: Money | undefined;
  },
): string {
  return fillMessage(request.message === "" ? quick.message : request.message, {
    firmName: quick.firm.name,
    phone: quick.settings.phone,
    payerName: request.payerName,
    matter: "",
    responsible: "",
    amount: request.amount,
    dueOn: request.dueOn,
    statementNumbers: [request.invoiceNumber],
    expiresOn: request.expiresOn ?? quick.lastDayOf(request.dueOn),
  });
}

/** Whether the payer may pay less. Into trust only where the sender said so for this link. */
function mayPayPart(
  settings: QuickFirm["settings"],
  kind: "operating" | "trust",
  part: QuickRequest["part"],
): boolean {
  if (part !== "firm") return part === "yes";
  return kind === "operating" && settings.part_payments_allowed;
}

function readRequest(cx: MemberContext, { firm, accounts }: QuickFirm, input: QuickInput) {
  const account = chosenAccount(accounts, input.accountId);
  const schema = quickSchema({
    today: dayOf(cx.now(), firm.time_zone),
    accountIds: accounts.map((each) => each.id),
    currency: account?.currency ?? firm.currency,
    isEmailed: input.delivery === "email",
  });
  const request = parseInput(schema, { ...input, accountId: account?.id ?? input.accountId });
  if (!account) throw new Error("an account passed the check that the firm does not have");
  return { request, account };
}

function alreadyIssued(cx: MemberContext, link: LinkRow): LinkRow {
  if (link.created_by !== cx.actor.id) throw conflict("This form was sent by somebody else. Start again.");
  return link;
}
