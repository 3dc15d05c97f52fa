import type { JSX } from "hono/jsx/jsx-runtime";
import { formatLongDay, formatShortDay } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import { Choices } from "../ui/choices.tsx";
import { MoneyField, TextField } from "../ui/fields.tsx";
import { PostForm } from "../ui/form.tsx";
import type { FieldErrors } from "../ui/notices.tsx";
import { PayButton, PayLines, PaySummary } from "../ui/pay.tsx";
import type { OpenedLink } from "./open.ts";
import { leastOf, type TypedWish } from "./wish.ts";
import type { PayWords } from "./words.ts";

type FormProps = {
  opened: OpenedLink;
  words: PayWords;
  action: string;
  typed: TypedWish;
  errors?: FieldErrors | undefined;
};

/** What is asked for and the form that leads to the processor's page. */
export function PayableView(props: FormProps): JSX.Element {
  return (
    <>
      <Asked opened={props.opened} words={props.words} />
      <PayForm {...props} />
    </>
  );
}

function Asked({ opened, words }: Pick<FormProps, "opened" | "words">): JSX.Element {
  const { link, firm, statements } = opened;
  const isTrust = link.account_kind === "trust";
  const money = (minor: bigint) => formatMoney({ minor, currency: link.currency });
  // The lines below already say what the description does.
  const isListed = statements.length > 0 && link.client_name !== "";
  const subject = isListed
    ? link.client_name
    : [link.client_name, link.description].filter((part) => part !== "").join(", ");
  const into = isTrust ? words.intoTrust : words.intoOperating;
  return (
    <PaySummary id="due" title={words.due(firm.name)} amount={money(link.amount_minor)}>
      {link.due_on ? <p>{words.dueOn(formatLongDay(link.due_on, words.locale))}</p> : null}
      <p class="soft">{words.forClient(subject)}</p>
      {statements.length === 0 ? (
        <p>{into}</p>
      ) : (
        <PayLines
          lines={statements.map((line) => ({
            label: isTrust ? words.trustRequest(line.number) : words.statement(line.number),
            note: words.issued(formatShortDay(line.issuedOn, words.locale)),
            amount: money(line.amountMinor),
          }))}
          total={{ label: words.total, note: into, amount: money(link.amount_minor) }}
        />
      )}
    </PaySummary>
  );
}

function PayForm({ opened, words, action, typed, errors = {} }: FormProps): JSX.Element {
  const { link, firm } = opened;
  const amount = formatMoney({ minor: link.amount_minor, currency: link.currency });
  const isWhole = !link.part_payment_allowed;
  return (
    <PostForm
      action={action}
      class="pay-card stack"
      gap="l"
      labelledBy="due"
      fields={isWhole ? { how: "full" } : {}}
    >
      {isWhole ? null : <AmountChoice link={link} words={words} typed={typed} errors={errors} />}
      <MethodChoice methods={opened.account.methods} words={words} typed={typed} errors={errors} />
      <TextField
        name="receipt"
        type="email"
        label={words.receipt}
        value={typed.receipt}
        autocomplete="email"
        inputmode="email"
        error={errors.receipt}
      />
      <p class="fine-print">{words.fine(firm.name)}</p>
      <PayButton>{isWhole ? words.continueWith(amount) : words.continue}</PayButton>
    </PostForm>
  );
}

type PartProps = { words: PayWords; typed: TypedWish; errors: FieldErrors };

function AmountChoice({ link, words, typed, errors }: PartProps & { link: OpenedLink["link"] }): JSX.Element {
  const money = (minor: bigint) => formatMoney({ minor, currency: link.currency });
  return (
    <Choices
      name="how"
      label={words.how.label}
      error={errors.how}
      value={typed.how}
      choices={[
        {
          value: "full",
          title: words.how.full,
          aside: <span class="money">{money(link.amount_minor)}</span>,
        },
        { value: "other", title: words.how.other, hint: words.how.otherHint, reveals: true },
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
      />
    </Choices>
  );
}

function MethodChoice({
  methods,
  words,
  typed,
  errors,
}: PartProps & { methods: readonly string[] }): JSX.Element {
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
      value={typed.method}
      choices={[
        { value: "card", title: words.method.card, hint: words.method.cardHint, icon: "card" },
        { value: "bank", title: words.method.bank, hint: words.method.bankHint, icon: "bank" },
      ]}
    />
  );
}
