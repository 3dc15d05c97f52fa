import { dayOf } from "../base/day.ts";
import { sumMinor } from "../base/money.ts";
import type { Tx } from "../db/tx.ts";
import { listAllocations } from "../links/issue-queries.ts";
import { fillMessage, type MessageFacts, ofStatements } from "../links/message.ts";
import type { LinkRow } from "../links/queries.ts";
import { readTemplate, type TemplateUse } from "../settings/templates.ts";
import { listStatements } from "../statements/queries.ts";
import type { Sender } from "./facts-queries.ts";
import type { Tongue } from "./words.ts";

/** What a letter about a link may say of it; the amount is the one asked for. */
export async function linkFacts(tx: Tx, sender: Sender, link: LinkRow): Promise<MessageFacts> {
  const allocations = await listAllocations(tx, link.firm_id, link.id);
  const ids = allocations.map((allocation) => allocation.statement_id);
  const statements = await listStatements(tx, link.firm_id, ids);
  const lines = allocations.flatMap((allocation) => {
    const statement = statements.find((each) => each.id === allocation.statement_id);
    return statement ? [{ statement, amountMinor: allocation.amount_minor }] : [];
  });
  const typed = {
    matter: link.matter_label,
    responsible: "",
    statementNumbers: link.invoice_number === "" ? [] : [link.invoice_number],
  };
  return {
    ...(lines.length > 0 ? ofStatements(lines) : typed),
    firmName: sender.firmName,
    phone: sender.phone,
    payerName: link.payer_name,
    amount: { minor: link.amount_minor, currency: link.currency },
    dueOn: link.due_on ?? undefined,
    expiresOn: dayOf(link.expires_at, sender.timeZone),
  };
}

/** What a letter about all links of a request may say of them: amounts added up, what differs side by side, the earliest last day. */
export async function requestFacts(tx: Tx, sender: Sender, links: readonly LinkRow[]): Promise<MessageFacts> {
  const all: MessageFacts[] = [];
  for (const link of links) all.push(await linkFacts(tx, sender, link));
  const [first] = all;
  const [link] = links;
  if (!first || !link) throw new Error("a letter about links has one at least");
  const each = (text: (facts: MessageFacts) => string) =>
    [...new Set(all.map(text))].filter((part) => part !== "").join(", ");
  return {
    ...first,
    matter: each((facts) => facts.matter),
    responsible: each((facts) => facts.responsible),
    statementNumbers: all.flatMap((facts) => facts.statementNumbers),
    amount: { minor: sumMinor(links.map((one) => one.amount_minor)), currency: link.currency },
    expiresOn: all.flatMap((facts) => facts.expiresOn ?? []).toSorted()[0],
  };
}

/** The firm's words for a use, in a language, with every placeholder filled. */
export async function writeTemplate(
  tx: Tx,
  firmId: string,
  use: TemplateUse,
  facts: MessageFacts,
  tongue: Tongue,
): Promise<{ subject: string; body: string }> {
  const template = await readTemplate(tx, firmId, use, tongue.language);
  return {
    subject: fillMessage(template.subject, facts, tongue.language),
    body: fillMessage(template.body, facts, tongue.language),
  };
}
