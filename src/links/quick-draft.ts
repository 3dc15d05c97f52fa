import { isId, newId } from "../base/id.ts";
import type { Form } from "../web/form.ts";
import { readReminders } from "./compose-reminder-view.tsx";
import { PART_CHOICES, type QuickInput } from "./quick-request.ts";
import { splitAddresses } from "./request.ts";

/** What stands in the boxes of Quick Link, as it was typed. It lives in its form alone. */
export type QuickDraft = {
  formId: string;
  accountId: string;
  amount: string;
  invoiceNumber: string;
  dueOn: string;
  description: string;
  payerName: string;
  delivery: "email" | "copy";
  payerEmails: string;
  message: string;
  expiresOn: string;
  part: (typeof PART_CHOICES)[number];
  remindersOn: boolean;
};

/** An empty form whose message is the firm's own, with its placeholders: they are filled when the other boxes are. */
export function startQuickDraft(quick: { message: string }): QuickDraft {
  return {
    formId: newId(),
    accountId: "",
    amount: "",
    invoiceNumber: "",
    dueOn: "",
    description: "",
    payerName: "",
    delivery: "email",
    payerEmails: "",
    message: quick.message,
    expiresOn: "",
    part: "firm",
    remindersOn: true,
  };
}

/** What a form carries. */
export function readQuickDraft(form: Form): QuickDraft {
  const formId = form.text("formId");
  const part = form.text("part");
  return {
    formId: isId(formId) ? formId : newId(),
    accountId: form.text("accountId"),
    amount: form.text("amount"),
    invoiceNumber: form.text("invoiceNumber"),
    dueOn: form.text("dueOn"),
    description: form.text("description"),
    payerName: form.text("payerName"),
    delivery: form.text("delivery") === "copy" ? "copy" : "email",
    payerEmails: form.text("payerEmails"),
    message: form.text("message").replaceAll("\r\n", "\n"),
    expiresOn: form.text("expiresOn"),
    part: PART_CHOICES.find((choice) => choice === part) ?? "firm",
    remindersOn: readReminders(form),
  };
}

/** A draft as the verb takes it. Who copies the link sees no boxes for the email, so what they hold does not count. */
export function toQuickInput(draft: QuickDraft): QuickInput {
  const isEmailed = draft.delivery === "email";
  return {
    ...draft,
    dueOn: draft.dueOn === "" ? undefined : draft.dueOn,
    expiresOn: draft.expiresOn === "" ? undefined : draft.expiresOn,
    payerEmails: isEmailed ? splitAddresses(draft.payerEmails) : [],
    message: isEmailed ? draft.message : "",
  };
}
