// biome-ignore-all lint/a11y/noRedundantRoles: without it Safari does not call an unmarked list a list.
import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { formatMoney, type Money } from "../base/money.ts";
import { IconButton } from "./buttons.tsx";
import { Icon } from "./icons.tsx";
import { MoneyInput } from "./money.tsx";

/** The basket's frame: the lines by account, then `children` with totals, payer and the main button. Wrap it in a form. */
export function Basket(props: {
  id: string;
  count: number;
  empty?: Child | undefined;
  groups: readonly Child[];
  children?: Child;
}): JSX.Element {
  return (
    <div class="panel basket" id={props.id}>
      <div class="panel-head">
        <h2 id={`${props.id}-title`}>
          Basket <span class="soft">{props.count === 1 ? "1 item" : `${props.count} items`}</span>
        </h2>
        {props.empty}
      </div>
      <ul class="basket-lines" role="list">
        {props.groups.map((group) => (
          <li>{group}</li>
        ))}
      </ul>
      {props.children ? <div class="panel-body stack">{props.children}</div> : null}
    </div>
  );
}

/** The lines that go into one account. */
export function BasketGroup(props: { title: string; children: Child }): JSX.Element {
  return (
    <>
      <h3>{props.title}</h3>
      <div class="stack">{props.children}</div>
    </>
  );
}

type BasketLineProps = {
  /** The statement's number, as people know it. */
  number: string;
  detail: string;
  balance: Money;
  /** The input's name; its id too. */
  name: string;
  /** What was typed, or the amount by `formatDecimal`. */
  value: string;
  error?: string | undefined;
  /** The submit button that takes the line out. */
  remove: { name: string; value: string; formAction?: string | undefined };
};

/** One statement in the basket with the amount laid on it. An error stands under the box and is tied to it. */
export function BasketLine(props: BasketLineProps): JSX.Element {
  const errorId = `${props.name}-error`;
  return (
    <div class="basket-line">
      <span>
        <strong>{props.number}</strong>
        <br />
        <small>{props.detail}</small>
      </span>
      <IconButton icon="x" label={`Remove ${props.number} from the basket`} {...props.remove} />
      <div class="basket-allocation">
        <small>of {formatMoney(props.balance)}</small>
        <MoneyInput
          name={props.name}
          currency={props.balance.currency}
          value={props.value}
          size="s"
          label={`Amount for ${props.number}, balance ${formatMoney(props.balance)}`}
          invalid={props.error !== undefined}
          describedBy={props.error === undefined ? undefined : errorId}
        />
      </div>
      {props.error === undefined ? null : (
        <p class="cell-error basket-error" id={errorId}>
          <Icon name="s-alert" />
          <span>
            <span class="visually-hidden">Error: </span>
            {props.error}
          </span>
        </p>
      )}
    </div>
  );
}

/** A link to the basket on small screens, where it stands under the results. */
export function BasketJump(props: { href: string; words: string }): JSX.Element {
  return (
    <a class="basket-jump" href={props.href}>
      <Icon name="arrow-down" />
      {props.words}
    </a>
  );
}

type StatementChoice = {
  value: string;
  number: string;
  detail: string;
  balance: Money;
  /** The statement's total, when part of it is paid. */
  total?: Money | undefined;
  checked?: boolean | undefined;
};

/** Open statements to tick, in the narrow panel. */
export function StatementChoices(props: {
  name: string;
  statements: readonly StatementChoice[];
}): JSX.Element {
  return (
    <div>
      {props.statements.map((statement) => (
        <label class="statement">
          <input type="checkbox" name={props.name} value={statement.value} checked={statement.checked} />
          <span>
            <strong>{statement.number}</strong>
            <small>{statement.detail}</small>
          </span>
          <span class="money">
            {formatMoney(statement.balance)}
            {statement.total ? <small>of {formatMoney(statement.total)}</small> : null}
          </span>
        </label>
      ))}
    </div>
  );
}
