import type { Selectable } from "kysely";
import type { z } from "zod";
import { dayOf } from "../base/day.ts";
import { conflict } from "../base/error.ts";
import type { MemberContext } from "../context.ts";
import type { FirmSettings } from "../db/schema.ts";
import { withFirm } from "../db/tenant.ts";
import { lockName, type Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { getFirm, getSettings } from "../settings/queries.ts";
import { defaultMessage } from "../settings/templates.ts";
import { listStatements, lockStatements, removeFromBasket } from "../statements/queries.ts";
import { demand } from "../web/env.ts";
import { endOfLife, makeLink } from "./make.ts";
import { fillMessage, ofStatements } from "./message.ts";
import { type PlannedLink, planLinks } from "./plan.ts";
import { findRequestLinks, type LinkRow } from "./queries.ts";
import { type IssueRequest, issueInput, parseInput } from "./request.ts";

type Issued = { requestId: string; links: LinkRow[] };

/**
 * Issues a link, or two when operating and trust money are asked for at once, and enqueues the email. The statements are locked, so
 * what is checked is what is sent. The same form again returns what the first made and sends nothing. Amounts in minor units. Throws
 * `invalid` by field, `conflict` when a statement was closed or a balance moved, or an account is missing.
 */
export async function issueLinks(cx: MemberContext, input: z.input<typeof issueInput>): Promise<Issued> {
  demand(cx, "links.send");
  const request = parseInput(issueInput, input);
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    await lockName(tx, `request:${cx.firmId}:${request.formId}`);
    const before = await findRequestLinks(tx, cx.firmId, request.formId);
    if (before.length > 0) return alreadyIssued(cx, request, before);
    const ids = request.lines.map((line) => line.statementId);
    await lockStatements(tx, cx.firmId, ids);
    const plans = planLinks(request, await listStatements(tx, cx.firmId, ids));
    const links = await makeLinks(tx, cx, request, plans);
    await removeFromBasket(tx, cx.firmId, cx.actor.id, ids);
    if (request.delivery === "email")
      await enqueue(tx, "delivery.request", { firmId: cx.firmId, requestId: request.formId });
    return { requestId: request.formId, links };
  });
}

function alreadyIssued(cx: MemberContext, request: IssueRequest, links: LinkRow[]): Issued {
  if (links.some((link) => link.created_by !== cx.actor.id))
    throw conflict("This form was sent by somebody else. Start again.");
  return { requestId: request.formId, links };
}

async function makeLinks(
  tx: Tx,
  cx: MemberContext,
  request: IssueRequest,
  plans: PlannedLink[],
): Promise<LinkRow[]> {
  const settings = await getSettings(tx, cx.firmId);
  const terms = {
    requestId: request.formId,
    payerName: request.payerName,
    payerEmails: request.payerEmails,
    message: await messageOf(tx, cx, request, plans, settings),
    dueOn: request.dueOn ?? null,
    delivery: request.delivery,
    remindersOn: request.remindersOn,
    trustPartAllowed: request.trustPartAllowed,
  };
  const links: LinkRow[] = [];
  for (const plan of plans) links.push(await makeLink(tx, cx, settings, plan, terms));
  return links;
}

/** What the member wrote, or the firm's own words, with every place filled that was left open until now. */
async function messageOf(
  tx: Tx,
  cx: MemberContext,
  request: IssueRequest,
  plans: PlannedLink[],
  settings: Selectable<FirmSettings>,
): Promise<string> {
  const firm = await getFirm(tx, cx.firmId);
  const text = request.message === "" ? await defaultMessage(tx, cx.firmId, "en") : request.message;
  const lines = plans.flatMap((plan) => plan.lines);
  const due = { dueOn: request.dueOn, timeZone: firm.time_zone };
  const expiresOn = dayOf(endOfLife(settings, cx.now(), due), firm.time_zone);
  const known = { firmName: firm.name, phone: settings.phone, payerName: request.payerName, expiresOn };
  return fillMessage(text, { ...known, ...ofStatements(lines), dueOn: request.dueOn });
}
