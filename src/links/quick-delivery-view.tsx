import type { JSX } from "hono/jsx/jsx-runtime";
import { Choices } from "../ui/choices.tsx";
import { SelectField, TextAreaField, TextField } from "../ui/fields.tsx";
import { Details, Stack } from "../ui/layout.tsx";
import type { FieldErrors } from "../ui/notices.tsx";
import { RemindersCheck } from "./compose-reminder-view.tsx";
import type { QuickDraft } from "./quick-draft.ts";
import type { QuickFirm } from "./quick-issue.ts";

type FieldsProps = { quick: QuickFirm; draft: QuickDraft; errors?: FieldErrors | undefined };

/** Who pays, and by which way the link gets there. */
export function DeliveryFields({ draft, errors }: FieldsProps): JSX.Element {
  return (
    <fieldset class="stack">
      <legend>
        <h2>How it reaches the payer</h2>
      </legend>
      <TextField
        name="payerName"
        label="Recipient’s name"
        value={draft.payerName}
        error={errors?.payerName}
      />
      <Choices
        name="delivery"
        label="Delivery"
        columns={2}
        value={draft.delivery}
        error={errors?.delivery}
        choices={[
          {
            value: "email",
            title: "Email the link",
            hint: "Sent now, with delivery tracking",
            icon: "mail",
            reveals: true,
          },
          {
            value: "copy",
            title: "Copy it myself",
            hint: "The next page shows it with a QR code",
            icon: "copy",
          },
        ]}
      >
        <Stack>
          <TextField
            name="payerEmails"
            label="Email addresses"
            hint="Up to five, separated by commas."
            inputmode="email"
            value={draft.payerEmails}
            error={errors?.payerEmails}
          />
          <TextAreaField
            name="message"
            label="Message"
            optional
            rows={6}
            hint="Starts from the firm’s words; leave it empty to send those. {payer}, {due} and {firm} are filled in."
            value={draft.message}
            error={errors?.message}
          />
        </Stack>
      </Choices>
    </fieldset>
  );
}

/** What is seldom changed: how long the link lives, whether it is reminded of and whether less may be paid. */
export function TermsFields({ quick, draft, errors }: FieldsProps): JSX.Element {
  const { link_lifetime_days: days, part_payments_allowed: isPartAllowed } = quick.settings;
  const firmPart = isPartAllowed ? "Allowed, but not into trust" : "Whole amount only";
  const hasReminders = quick.reminders.length > 0;
  const isTouched = draft.expiresOn !== "" || draft.part !== "firm" || (hasReminders && !draft.remindersOn);
  const reminders = hasReminders ? ` Reminders ${draft.remindersOn ? "on" : "off"}.` : "";
  return (
    <Details
      box
      summary={hasReminders ? "Expiry, reminders and part payments" : "Expiry and part payments"}
      detail={`Expires ${lifetimeWords(days)}.${reminders} ${firmPart}.`}
      open={isTouched || errors?.expiresOn !== undefined || errors?.part !== undefined}
    >
      <TextField
        name="expiresOn"
        type="date"
        label="Last day to pay"
        optional
        hint={`Empty is ${lifetimeWords(days)}.`}
        value={draft.expiresOn}
        error={errors?.expiresOn}
      />
      <RemindersCheck steps={quick.reminders} isOn={draft.remindersOn} />
      <SelectField
        name="part"
        label="Another amount"
        hint="Whether the payer may pay less than the whole."
        options={[
          { value: "firm", label: `As the firm’s settings say: ${firmPart.toLowerCase()}` },
          { value: "no", label: "Whole amount only" },
          { value: "yes", label: "The payer may pay another amount" },
        ]}
        value={draft.part}
        error={errors?.part}
      />
    </Details>
  );
}

function lifetimeWords(days: number): string {
  const minutes = Math.round(days * 24 * 60);
  const long = days < 1 ? `${minutes} minutes` : days < 2 ? "one day" : `${Math.round(days)} days`;
  return `${long} after the due date, or after sending where there is none`;
}
