import type { JSX } from "hono/jsx/jsx-runtime";
import { dayOf, formatLongDay, formatShortDay } from "../base/day.ts";
import type { Widget } from "../captcha/port.ts";
import { Choices } from "../ui/choices.tsx";
import { MoneyField, TextField } from "../ui/fields.tsx";
import { PostForm } from "../ui/form.tsx";
import { type FieldErrors, Notice } from "../ui/notices.tsx";
import { PayButton, PayLines, PaySummary } from "../ui/pay.tsx";
import { CaptchaBox } from "./captcha-view.tsx";
import type { OpenedLink } from "./open.ts";
import { CAPTCHA_FIELD } from "./prove-person.ts";
import { statementWords, subjectOf } from "./subject.ts";
import { type Voice, waysToFirm } from "./voice.ts";
import { leastOf, type TypedWish, takesPart } from "./wish.ts";

type FormProps = {
  opened: OpenedLink;
  voice: Voice;
  action: string;
  typed: TypedWish;
  errors?: FieldErrors | undefined;
  /** The captcha of the firm, and the nonce that lets its script through; undefined where it is off. */
  captcha?: { widget: Widget; nonce: string } | undefined;
};

/** What is asked for and the form that leads to the processor's page. */
export function PayableView(props: FormProps): JSX.Element {
  return (
    <>
      <FailedBefore opened={props.opened} voice={props.voice} />
      <Asked opened={props.opened} voice={props.voice} />
      <PayForm {...props} />
    </>
  );
}

/** A bank debit came back: without a word the payer would think that the money is there. */
function FailedBefore({ opened, voice }: Pick<FormProps, "opened" | "voice">): JSX.Element | null {
  const { failedDebit, firm } = opened;
  if (!failedDebit) return null;
  const day = formatShortDay(dayOf(failedDebit.created_at, firm.time_zone), voice.locale);
  return <Notice tone="warn">{voice.words.failedBefore(voice.money(failedDebit.amount_minor), day)}</Notice>;
}

function Asked({ opened, voice }: Pick<FormProps, "opened" | "voice">): JSX.Element {
  const { link, firm, statements } = opened;
  const { words, locale, money } = voice;
  const isTrust = link.account_kind === "trust";
  // The lines below already say what the description does.
  const isListed = statements.length > 0 && link.client_name !== "";
  const subject = isListed
    ? link.client_name
    : [link.client_name, subjectOf(opened, words)].filter((part) => part !== "").join(", ");
  const into = isTrust ? words.intoTrust : words.intoOperating;
  return (
    <PaySummary id="due" title={words.due(firm.name)} amount={money(link.amount_minor)}>
      {link.due_on ? <p>{words.dueOn(formatLongDay(link.due_on, locale))}</p> : null}
      <p class="soft">{words.forClient(subject)}</p>
      {statements.length === 0 ? (
        <p>{into}</p>
      ) : (
        <PayLines
          lines={statements.map((line) => ({
            label: statementWords(link.account_kind, line.number, words),
            note: words.issued(formatShortDay(line.issuedOn, locale)),
            amount: money(line.amountMinor),
          }))}
          total={{ label: words.total, note: into, amount: money(link.amount_minor) }}
        />
      )}
    </PaySummary>
  );
}

function PayForm({ opened, voice, action, typed, errors = {}, captcha }: FormProps): JSX.Element {
  const { link, firm, settings } = opened;
  const { words, money } = voice;
  const isWhole = !takesPart(link);
  return (
    <PostForm
      action={action}
      class="pay-card stack"
      gap="l"
      labelledBy="due"
      fields={isWhole ? { how: "full" } : {}}
    >
      {isWhole ? null : <AmountChoice opened={opened} voice={voice} typed={typed} errors={errors} />}
      <MethodChoice methods={opened.account.methods} voice={voice} typed={typed} errors={errors} />
      <TextField
        name="receipt"
        type="email"
        label={words.receipt}
        value={typed.receipt}
        autocomplete="email"
        inputmode="email"
        error={errors.receipt}
        errorWord={words.frame.error}
      />
      {captcha ? (
        <CaptchaBox
          {...captcha}
          words={words}
          way={waysToFirm(words, settings)}
          error={errors[CAPTCHA_FIELD]}
        />
      ) : null}
      <p class="fine-print">{words.fine(firm.name)}</p>
      <PayButton>{isWhole ? words.continueWith(money(link.amount_minor)) : words.continue}</PayButton>
    </PostForm>
  );
}

type PartProps = { voice: Voice; typed: TypedWish; errors: FieldErrors };

function AmountChoice({ opened, voice, typed, errors }: PartProps & { opened: OpenedLink }): JSX.Element {
  const { link, statements } = opened;
  const { words, money } = voice;
  return (
    <Choices
      name="how"
      label={words.how.label}
      error={errors.how}
      errorWord={words.frame.error}
      value={typed.how}
      choices={[
        {
          value: "full",
          title: words.how.full,
          aside: <span class="money">{money(link.amount_minor)}</span>,
        },
        {
          value: "other",
          title: words.how.other,
          hint: statements.length > 1 ? words.how.otherHint : undefined,
          reveals: true,
        },
      ]}
    >
      <MoneyField
        name="other"
        label={words.how.otherLabel}
        hint={words.how.bounds(money(leastOf(link)), money(link.amount_minor))}
        currency={link.currency}
        size="l"
        value={typed.other}
        error={errors.other}
        errorWord={words.frame.error}
      />
    </Choices>
  );
}

function MethodChoice({
  methods,
  voice,
  typed,
  errors,
}: PartProps & { methods: readonly string[] }): JSX.Element {
  const { words } = voice;
  const takesCard = methods.includes("card");
  const takesBank = methods.includes("bank_debit");
  if (takesCard !== takesBank) {
    return (
      <>
        <input type="hidden" name="method" value={takesCard ? "card" : "bank"} />
        <p>{takesCard ? words.method.onlyCard : words.method.onlyBank}</p>
      </>
    );
  }
  return (
    <Choices
      name="method"
      label={words.method.label}
      error={errors.method}
      errorWord={words.frame.error}
      value={typed.method}
      choices={[
        { value: "card", title: words.method.card, hint: words.method.cardHint, icon: "card" },
        { value: "bank", title: words.method.bank, hint: words.method.bankHint, icon: "bank" },
      ]}
    />
  );
}
