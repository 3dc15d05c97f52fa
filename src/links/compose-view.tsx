import type { JSX } from "hono/jsx/jsx-runtime";
import { formatLongDay } from "../base/day.ts";
import { formatMoney, sumMinor } from "../base/money.ts";
import { fillTemplate, hasGreeting } from "../settings/templates.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { Check, Choices } from "../ui/choices.tsx";
import { TextAreaField, TextField } from "../ui/fields.tsx";
import { PostForm } from "../ui/form.tsx";
import { ActionBar, PageHeader, Panel, Stack } from "../ui/layout.tsx";
import { Totals } from "../ui/lists.tsx";
import { type FieldErrors, Notice } from "../ui/notices.tsx";
import { Stepper } from "../ui/progress.tsx";
import { AccountBadge } from "../ui/tags.tsx";
import type { DefaultAccounts } from "./choices.ts";
import type { ReminderStep } from "./compose-reminder-queries.ts";
import { RemindersCheck } from "./compose-reminder-view.tsx";
import { type Draft, type DraftLine, draftFields } from "./draft.ts";
import { SEND_STEPS } from "./matters-view.tsx";
import { type AccountKind, accountKindOf } from "./plan.ts";
import { TrustPartCheck } from "./trust-part-view.tsx";

type ComposeViewProps = {
  draft: Draft;
  firmName: string;
  accounts: DefaultAccounts;
  /** The reminders that a link made now gets. */
  reminders: readonly ReminderStep[];
  errors?: FieldErrors | undefined;
};

/** To whom, in which words, and how the request goes out. */
export function ComposeView(props: ComposeViewProps): JSX.Element {
  const { draft, errors } = props;
  const { typed } = draft;
  const above = draft.lines.filter((line) => line.amountMinor > line.statement.balanceMinor);
  return (
    <>
      <PageHeader title="Message" detail="Say who pays, and how the link reaches them." />
      <Stepper steps={SEND_STEPS} current={1} />
      <PostForm action="/matters/send" class="split" companion="wide" fields={draftFields(draft)}>
        <Stack gap="l">
          {isForTwoAccounts(draft.lines) ? <TwoAccounts /> : null}
          <TextField name="payerName" label="Payer" value={typed.payerName} error={errors?.payerName} />
          <Choices
            name="delivery"
            label="How it reaches the payer"
            value={typed.delivery === "copy" ? "copy" : "email"}
            error={errors?.delivery}
            choices={[
              { value: "email", title: "Send by email", icon: "mail", reveals: true },
              {
                value: "copy",
                title: "Copy it myself",
                hint: "The next page shows the link and a QR code.",
                icon: "copy",
              },
            ]}
          >
            <TextField
              name="payerEmails"
              label="Email addresses"
              hint="Up to five, separated by commas."
              value={typed.payerEmails}
              error={errors?.payerEmails}
            />
          </Choices>
          <TextAreaField
            name="message"
            label="Message"
            rows={6}
            hint="Plain text. Empty takes the firm’s own words."
            value={typed.message}
            error={errors?.message}
          />
          <TextField
            name="dueOn"
            label="Due date"
            type="date"
            optional
            value={typed.dueOn}
            error={errors?.dueOn}
          />
          <TrustPartCheck lines={draft.lines} isOn={typed.trustPart} />
          <RemindersCheck steps={props.reminders} isOn={typed.remindersOn} />
          {above.length > 0 ? <AboveBalance lines={above} checked={typed.confirmAboveBalance} /> : null}
          <ActionBar words={`${lineCount(draft.lines)}, ${totalOf(draft.lines)}`}>
            <ButtonLink href="/matters">Back to the basket</ButtonLink>
            <Button kind="primary" name="step" value="review">
              Review
            </Button>
          </ActionBar>
        </Stack>
        <div class="companion stack">
          <RequestTotals lines={draft.lines} accounts={props.accounts} />
          <EmailPreview draft={draft} firmName={props.firmName} />
        </div>
      </PostForm>
    </>
  );
}

/** Operating and trust money never share a link. */
export function TwoAccounts(): JSX.Element {
  return (
    <Notice tone="warn" icon="shield" title="Two accounts, two links.">
      Trust requests are paid into the trust account and statements into the operating account. The payer gets
      one email with two buttons, and makes two payments.
    </Notice>
  );
}

/** What is asked for, by account. */
export function RequestTotals(props: {
  lines: readonly DraftLine[];
  accounts: DefaultAccounts;
}): JSX.Element {
  const kinds: AccountKind[] = ["operating", "trust"];
  const currency = props.lines[0]?.statement.currency ?? "USD";
  const sums = kinds.flatMap((kind) => {
    const lines = props.lines.filter((line) => accountKindOf(line.statement) === kind);
    const minor = sumMinor(lines.map((line) => line.amountMinor));
    return lines.length === 0
      ? []
      : [{ name: <AccountBadge kind={kind} last4={props.accounts[kind]} />, amount: { minor, currency } }];
  });
  const minor = sumMinor(props.lines.map((line) => line.amountMinor));
  return (
    <Panel id="request-totals" title="Request">
      <Totals lines={sums} total={{ name: "In all", amount: { minor, currency } }} />
    </Panel>
  );
}

/** What the payer reads, but for the drawing. Where the script runs, it follows what is typed. */
export function EmailPreview({ draft, firmName }: { draft: Draft; firmName: string }): JSX.Element {
  const { typed, lines } = draft;
  // The name may be typed after the message was begun; the sending fills what is still open.
  const message = fillTemplate(typed.message, typed.payerName === "" ? {} : { payer_name: typed.payerName });
  const kinds: AccountKind[] = ["operating", "trust"];
  const blocks = kinds.flatMap((kind) => {
    const own = lines.filter((line) => accountKindOf(line.statement) === kind);
    return own.length === 0 ? [] : [{ kind, own }];
  });
  return (
    <section class="stack" data-gap="s" aria-labelledby="preview-title">
      <h2 id="preview-title">Preview of the email</h2>
      <div class="preview">
        <div class="preview-head">
          <p>
            <span>From </span>
            {`${firmName} via Send for Payment`}
          </p>
          <p>
            <span>To </span>
            <bdi data-mirror="payerEmails">{typed.payerEmails === "" ? "the payer" : typed.payerEmails}</bdi>
          </p>
          <p>
            <span>Subject </span>
            <strong>{`Payment request from ${firmName}`}</strong>
          </p>
        </div>
        <div class="preview-letter">
          {hasGreeting(message) ? null : (
            <p>
              Dear <span data-mirror="payerName">{typed.payerName === "" ? "payer" : typed.payerName}</span>,
            </p>
          )}
          <pre data-mirror="message">{message}</pre>
          {blocks.map(({ own }) => (
            <>
              <div>
                <p class="soft">{own.map((line) => line.statement.number).join(", ")}</p>
                <p class="preview-amount">{totalOf(own)}</p>
                {typed.dueOn === "" ? null : <p class="soft">{dueWords(typed.dueOn)}</p>}
              </div>
              <p class="preview-button">Review and pay</p>
            </>
          ))}
        </div>
      </div>
    </section>
  );
}

function AboveBalance(props: { lines: readonly DraftLine[]; checked: boolean }): JSX.Element {
  const words = props.lines.map(
    ({ statement, amountMinor }) =>
      `${statement.number}: ${formatMoney({ minor: amountMinor, currency: statement.currency })} of ${formatMoney({ minor: statement.balanceMinor, currency: statement.currency })}`,
  );
  return (
    <Check
      name="confirmAboveBalance"
      id="confirmAboveBalance"
      label="Ask for more than the balance"
      hint={words.join("; ")}
      checked={props.checked}
    />
  );
}

/** Whether a request holds both kinds of money. */
export function isForTwoAccounts(lines: readonly DraftLine[]): boolean {
  return new Set(lines.map((line) => line.statement.kind)).size > 1;
}

/** `$9,000.00`. */
export function totalOf(lines: readonly DraftLine[]): string {
  const currency = lines[0]?.statement.currency ?? "USD";
  return formatMoney({ minor: sumMinor(lines.map((line) => line.amountMinor)), currency });
}

function lineCount(lines: readonly DraftLine[]): string {
  return lines.length === 1 ? "1 item" : `${lines.length} items`;
}

/** What was typed may be no day at all; the check of the form says so. */
function dueWords(dueOn: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(dueOn) && !Number.isNaN(Date.parse(dueOn))
    ? `Due ${formatLongDay(dueOn)}`
    : "";
}
