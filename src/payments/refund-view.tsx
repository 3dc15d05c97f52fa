import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { formatDecimal, formatMoney } from "../base/money.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { MoneyField, TextAreaField } from "../ui/fields.tsx";
import { PostForm } from "../ui/form.tsx";
import { ActionBar, Breadcrumb, PageHeader, Stack } from "../ui/layout.tsx";
import { KeyValues, Totals } from "../ui/lists.tsx";
import { type FieldErrors, Notice } from "../ui/notices.tsx";
import { AccountBadge } from "../ui/tags.tsx";
import type { UndonePart } from "./left.ts";
import { lineWords, type PageLine, type PaymentPage } from "./payment-page.ts";
import { AMOUNT_FIELD } from "./plan-refund.ts";
import { toLay } from "./undone-left.ts";

/** What the form holds: amounts as typed, by part, and the reason. */
export type RefundTyped = { refundId: string; amounts: ReadonlyMap<string, string>; note: string };

/** The whole of what is left, as the form first shows it. */
export function wholeOf(page: PaymentPage): Map<string, string> {
  const open = page.lines.filter((line) => line.leftMinor > 0n);
  return new Map(open.map((line) => [line.allocationId, formatDecimal(line.leftMinor)]));
}

/** How much of each line goes back, and why. */
export function RefundForm(props: {
  page: PaymentPage;
  typed: RefundTyped;
  errors?: FieldErrors | undefined;
}): JSX.Element {
  const { page, typed, errors } = props;
  const { payment } = page;
  return (
    <Frame page={page} title="Refund">
      <PostForm
        action={`/payments/${payment.id}/refund`}
        fields={{ refundId: typed.refundId }}
        class="stack"
        gap="l"
      >
        <LineFields page={page} amounts={typed.amounts} errors={errors} left="left of" />
        <TextAreaField
          name="note"
          label="Reason"
          hint="For your firm’s record. The payer does not read it."
          value={typed.note}
          rows={3}
          error={errors?.note}
        />
        <ActionBar>
          <ButtonLink href={`/payments/${payment.id}`}>Back</ButtonLink>
          <Button kind="primary" name="step" value="review">
            Review
          </Button>
        </ActionBar>
      </PostForm>
    </Frame>
  );
}

/** The last look before a refund is asked for. */
export function RefundReview(props: {
  page: PaymentPage;
  typed: RefundTyped;
  parts: readonly UndonePart[];
  totalMinor: bigint;
}): JSX.Element {
  const { page, typed, parts, totalMinor } = props;
  const { payment } = page;
  const money = (minor: bigint) => ({ minor, currency: payment.currency });
  const total = formatMoney(money(totalMinor));
  const lineOf = (part: UndonePart) => page.lines.find((line) => line.allocationId === part.allocationId);
  return (
    <Frame page={page} title={`Refund ${total}?`}>
      <KeyValues
        facts={[
          { name: "To", value: `${payment.payer_name}, ${payment.method_label}` },
          {
            name: "Out of",
            value: <AccountBadge kind={payment.account_kind} last4={payment.accountLast4} />,
          },
          { name: "Reason", value: typed.note },
        ]}
      />
      <Totals
        lines={parts.map((part) => {
          const line = lineOf(part);
          return { name: line ? lineWords(line, payment) : "", amount: money(part.amountMinor) };
        })}
        total={{ name: "Refund", amount: money(totalMinor) }}
      />
      <Notice tone="warn" title="A refund cannot be taken back.">
        {consequences(page)}
      </Notice>
      <PostForm action={`/payments/${payment.id}/refund`} fields={hiddenOf(typed)}>
        <ActionBar>
          <Button name="step" value="edit">
            Change
          </Button>
          <Button kind="danger" name="step" value="refund">
            {`Refund ${total}`}
          </Button>
        </ActionBar>
      </PostForm>
    </Frame>
  );
}

/** Which lines of a payment a refund or a dispute is for that was not asked for here. */
export function LinesForm(props: {
  page: PaymentPage;
  action: string;
  title: string;
  /** How much of it lies on no line yet, and how much on some. */
  waiting: { amountMinor: bigint; laidMinor: bigint };
  amounts: ReadonlyMap<string, string>;
  errors?: FieldErrors | undefined;
}): JSX.Element {
  const { page } = props;
  return (
    <Frame page={page} title={props.title}>
      <p>{sumWords(page, props.waiting)}</p>
      <PostForm action={props.action} class="stack" gap="l">
        <LineFields page={page} amounts={props.amounts} errors={props.errors} left="left of" />
        <ActionBar>
          <ButtonLink href={`/payments/${page.payment.id}`}>Back</ButtonLink>
          <Button kind="primary">Save</Button>
        </ActionBar>
      </PostForm>
    </Frame>
  );
}

function sumWords(page: PaymentPage, waiting: { amountMinor: bigint; laidMinor: bigint }): string {
  const money = (minor: bigint) => formatMoney({ minor, currency: page.payment.currency });
  const wantedMinor = toLay(waiting.amountMinor, page.lines);
  const excessMinor = waiting.amountMinor - wantedMinor;
  if (wantedMinor === 0n)
    return `Nothing is left of the payment: ${money(excessMinor)} went beyond it. Save, and nothing more is reversed.`;
  const known = waiting.laidMinor > 0n ? ` ${money(waiting.laidMinor)} lies on its lines already.` : "";
  const sum =
    excessMinor > 0n
      ? `The amounts must add up to ${money(wantedMinor)}, which is all that is left of the payment: ${money(excessMinor)} went beyond it.`
      : `The amounts must add up to ${money(wantedMinor)}.`;
  return `${sum}${known} Each line is then reversed in the matter system by what you enter.`;
}

function LineFields(props: {
  page: PaymentPage;
  amounts: ReadonlyMap<string, string>;
  errors: FieldErrors | undefined;
  left: string;
}): JSX.Element {
  const { payment } = props.page;
  const open = props.page.lines.filter(
    (line) => line.leftMinor > 0n || props.errors?.[`${AMOUNT_FIELD}${line.allocationId}`] !== undefined,
  );
  return (
    <>
      {open.map((line) => (
        <MoneyField
          name={`${AMOUNT_FIELD}${line.allocationId}`}
          label={lineWords(line, payment)}
          hint={hintOf(line, payment.currency)}
          currency={payment.currency}
          value={props.amounts.get(line.allocationId) ?? ""}
          error={props.errors?.[`${AMOUNT_FIELD}${line.allocationId}`]}
        />
      ))}
    </>
  );
}

function hintOf(line: PageLine, currency: string): string {
  const money = (minor: bigint) => formatMoney({ minor, currency });
  const left =
    line.leftMinor === line.amountMinor
      ? `${money(line.leftMinor)} was received.`
      : `${money(line.leftMinor)} of ${money(line.amountMinor)} is left.`;
  return line.statement ? `${left} ${line.statement.matterNumber} ${line.statement.matterDescription}` : left;
}

function consequences({ payment }: PaymentPage): string {
  const arrival =
    payment.method === "bank_debit"
      ? "Banks take two to five business days. Should the payer’s bank take the debit back as well, the payer would have the money twice."
      : "It reaches the payer’s card within a few business days.";
  const trust =
    payment.account_kind === "trust"
      ? " It comes out of the client trust account and the matter’s trust ledger."
      : "";
  return `${arrival}${trust} The statements are open again for what goes back. Processing fees are not returned.`;
}

function hiddenOf(typed: RefundTyped): Record<string, string> {
  const amounts = [...typed.amounts].map(([id, text]) => [`${AMOUNT_FIELD}${id}`, text]);
  return { refundId: typed.refundId, note: typed.note, ...Object.fromEntries(amounts) };
}

function Frame(props: { page: PaymentPage; title: string; children: Child }): JSX.Element {
  const { payment } = props.page;
  const amount = formatMoney({ minor: payment.amount_minor, currency: payment.currency });
  return (
    <Stack gap="l">
      <div>
        <Breadcrumb
          crumbs={[
            { label: "Manage Postings", href: "/postings" },
            { label: payment.reference, href: `/payments/${payment.id}` },
            { label: props.title },
          ]}
        />
        <PageHeader
          title={props.title}
          detail={`${amount} from ${payment.payer_name}, ${payment.method_label}`}
        />
      </div>
      {props.children}
    </Stack>
  );
}
