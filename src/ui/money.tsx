import type { JSX } from "hono/jsx/jsx-runtime";
import { formatMoney, type Money } from "../base/money.ts";

/** An amount in running text or a cell: tabular digits, two decimals, a real minus sign. */
export function MoneyText({ money }: { money: Money }): JSX.Element {
  return <span class="money">{formatMoney(money)}</span>;
}

/** An amount as a headline: the cents step back. */
export function MoneyHeadline({ money }: { money: Money }): JSX.Element {
  const text = formatMoney(money);
  const point = text.lastIndexOf(".");
  return (
    <>
      {text.slice(0, point)}
      <span class="cents">{text.slice(point)}</span>
    </>
  );
}

type MoneyInputProps = {
  name: string;
  currency: string;
  /** What was typed, or `formatDecimal` of an amount. Kept as it is when a check fails. */
  value?: string | undefined;
  id?: string | undefined;
  size?: "s" | "l" | undefined;
  /** A name for screen readers where no label element is on screen. */
  label?: string | undefined;
  describedBy?: string | undefined;
  invalid?: boolean | undefined;
  readonly?: boolean | undefined;
  /** Shows the code behind the box, where a firm bills in several currencies. */
  showCurrency?: boolean | undefined;
};

/** A box for an amount: the symbol outside the text, digits to the right. Never a number input, which scrolling changes. */
export function MoneyInput(props: MoneyInputProps): JSX.Element {
  return (
    <div class="money-input" data-size={props.size}>
      <span aria-hidden="true">{currencySymbol(props.currency)}</span>
      <input
        type="text"
        inputmode="decimal"
        autocomplete="off"
        spellcheck={false}
        id={props.id ?? props.name}
        name={props.name}
        value={props.value ?? ""}
        readonly={props.readonly}
        aria-label={props.label}
        aria-invalid={props.invalid ? "true" : undefined}
        aria-describedby={props.describedBy}
      />
      {props.showCurrency ? <span>{props.currency}</span> : null}
    </div>
  );
}

/** `$`, `CA$`, `£`, or the code of another currency: what stands before an amount. */
export function currencySymbol(currency: string): string {
  return formatMoney({ minor: 0n, currency })
    .replace(/[\d.]+$/, "")
    .trim();
}
