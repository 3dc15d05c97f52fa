import type { z } from "zod";
import { type Day, dayOf } from "../base/day.ts";
import { conflict } from "../base/error.ts";
import { isId, newId } from "../base/id.ts";
import { parseAmount, toDecimalText } from "../base/money.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { getFirm, getSettings } from "../settings/queries.ts";
import { defaultMessage } from "../settings/templates.ts";
import { listStatements, type StatementFacts } from "../statements/queries.ts";
import { readBasket } from "../statements/read-basket.ts";
import type { Form } from "../web/form.ts";
import { listPayerChoices } from "./choices.ts";
import { readReminders } from "./compose-reminder-view.tsx";
import { fillMessage, ofStatements } from "./message.ts";
import { fingerprint } from "./plan.ts";
import { type issueInput, splitAddresses } from "./request.ts";
import { TRUST_PART } from "./trust-part-view.tsx";

const LINE = "line-";

export type DraftLine = { statement: StatementFacts; amountMinor: bigint };

/** What stands in the boxes, as it was typed. */
type Typed = {
  payerName: string;
  payerEmails: string;
  message: string;
  dueOn: string;
  delivery: string;
  confirmAboveBalance: boolean;
  remindersOn: boolean;
  trustPart: boolean;
};

/** A request between the basket and the sending. It lives in its form alone. */
export type Draft = { formId: string; lines: DraftLine[]; typed: Typed };

/** A new draft of what is in the basket, for one of the matter's payers or, without one, for somebody else. */
export async function startDraft(cx: MemberContext, payerId: string): Promise<Draft> {
  const basket = await readBasket(cx);
  const lines = basket.lines
    .filter((line) => line.fault === undefined || line.fault.code === "above_balance")
    .map(({ statement, amountMinor }) => ({ statement, amountMinor }));
  const matterIds = [...new Set(lines.map((line) => line.statement.matterId))];
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const firm = await getFirm(tx, cx.firmId);
    const settings = await getSettings(tx, cx.firmId);
    const payer = (await listPayerChoices(tx, cx.firmId, matterIds)).find((each) => each.id === payerId);
    const dueOn = suggestDueOn(lines, dayOf(cx.now(), firm.time_zone));
    const message = fillMessage(await defaultMessage(tx, cx.firmId, "en"), {
      firmName: firm.name,
      phone: settings.phone,
      payerName: payer?.name,
      ...ofStatements(lines),
      dueOn,
      expiresOn: undefined,
    });
    const typed = {
      payerName: payer?.name ?? "",
      payerEmails: payer?.email ?? "",
      message,
      dueOn: dueOn ?? "",
      delivery: "email",
      confirmAboveBalance: false,
      remindersOn: true,
      trustPart: false,
    };
    return { formId: newId(), lines, typed };
  });
}

/** The draft that a form carries, with the statements as they are now. Throws `conflict` when one is gone. */
export async function readDraft(cx: MemberContext, form: Form): Promise<Draft> {
  const carried = [...form.withPrefix(LINE)].filter(([id]) => isId(id));
  const statements = await withFirm(cx.database, cx.firmId, (tx) =>
    listStatements(
      tx,
      cx.firmId,
      carried.map(([id]) => id),
    ),
  );
  const byId = new Map(statements.map((statement) => [statement.id, statement]));
  const lines = carried.map(([id, text]) => {
    const statement = byId.get(id);
    const amount = parseAmount(text);
    if (!statement || !amount.ok)
      throw conflict("The basket changed meanwhile. Start again from the basket.");
    return { statement, amountMinor: amount.minor };
  });
  const formId = form.text("formId");
  return {
    formId: isId(formId) ? formId : newId(),
    lines,
    typed: {
      payerName: form.text("payerName"),
      payerEmails: form.text("payerEmails"),
      message: form.text("message").replaceAll("\r\n", "\n"),
      dueOn: form.text("dueOn"),
      delivery: form.text("delivery"),
      confirmAboveBalance: form.has("confirmAboveBalance"),
      remindersOn: readReminders(form),
      trustPart: form.has(TRUST_PART),
    },
  };
}

/** The hidden fields that carry a draft from page to page: its id, its lines, and what the member saw of them. */
export function draftFields(draft: Draft): Record<string, string> {
  return {
    formId: draft.formId,
    expected: draftFingerprint(draft),
    ...Object.fromEntries(
      draft.lines.map((line) => [`${LINE}${line.statement.id}`, toDecimalText(line.amountMinor)]),
    ),
  };
}

/** A draft as the verb takes it. `expected` is what the form says that the member saw. */
export function toIssueInput(draft: Draft, expected: string): z.input<typeof issueInput> {
  const { typed } = draft;
  return {
    formId: draft.formId,
    lines: draft.lines.map((line) => ({ statementId: line.statement.id, amountMinor: line.amountMinor })),
    payerName: typed.payerName,
    payerEmails: splitAddresses(typed.payerEmails),
    message: typed.message,
    dueOn: typed.dueOn === "" ? undefined : typed.dueOn,
    delivery: typed.delivery === "copy" ? "copy" : "email",
    confirmAboveBalance: typed.confirmAboveBalance,
    remindersOn: typed.remindersOn,
    trustPartAllowed: typed.trustPart,
    expected,
  };
}

/** Stands for the balances and amounts of a draft. */
export function draftFingerprint(draft: Pick<Draft, "lines">): string {
  return fingerprint(
    draft.lines.map(({ statement, amountMinor }) => ({
      statementId: statement.id,
      balanceMinor: statement.balanceMinor,
      amountMinor,
    })),
  );
}

/** The latest due date of the lines that is still to come: an earlier one would ask for what is late already. */
export function suggestDueOn(lines: readonly DraftLine[], today: Day): Day | undefined {
  const days = lines.flatMap((line) => line.statement.dueOn ?? []).filter((day) => day >= today);
  return days.toSorted().at(-1);
}
