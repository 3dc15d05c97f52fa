import type { JSX } from "hono/jsx/jsx-runtime";
import { formatDecimal, formatMoney } from "../base/money.ts";
import type { PayerRow } from "../matters/queries.ts";
import type { BasketFacts, BasketLineFacts } from "../statements/read-basket.ts";
import { Basket, BasketGroup, BasketLine } from "../ui/basket.tsx";
import { Button, LinkButton } from "../ui/buttons.tsx";
import { Choices } from "../ui/choices.tsx";
import { PostForm } from "../ui/form.tsx";
import { Cluster, Details, Stack } from "../ui/layout.tsx";
import { type SumLine, Totals } from "../ui/lists.tsx";
import { MoneyInput } from "../ui/money.tsx";
import { EmptyState, type FieldErrors } from "../ui/notices.tsx";
import { AccountBadge } from "../ui/tags.tsx";
import type { DefaultAccounts } from "./choices.ts";
import type { AccountKind } from "./plan.ts";

export type BasketViewProps = {
  facts: BasketFacts;
  payers: readonly PayerRow[];
  accounts: DefaultAccounts;
  back: string;
  /** What was typed, where a check failed: field name to text. */
  typed?: ReadonlyMap<string, string> | undefined;
  errors?: FieldErrors | undefined;
};

/** What is ticked, by account, with the amounts that are asked for. One form: each button sends all of it. */
export function BasketView(props: BasketViewProps): JSX.Element {
  const { facts } = props;
  if (facts.lines.length === 0) {
    return (
      <div class="companion" id="basket-panel">
        <EmptyState icon="receipt" title="The basket is empty" id="basket-empty">
          Tick statements and add them. The basket is kept while you search.
        </EmptyState>
      </div>
    );
  }
  const kinds: AccountKind[] = ["operating", "trust"];
  const groups = kinds.flatMap((kind) => {
    const lines = facts.lines.filter(
      (line) => (line.statement.kind === "trust_request") === (kind === "trust"),
    );
    return lines.length === 0 ? [] : [<Group kind={kind} lines={lines} {...props} />];
  });
  const hasInvoices = facts.lines.some((line) => line.statement.kind === "invoice");
  return (
    <PostForm
      action="/matters/basket"
      class="companion"
      fields={{ back: props.back }}
      labelledBy="basket-panel-title"
    >
      {/* Enter in a box presses the first button of a form: this one only works the sums out anew. */}
      <button type="submit" class="visually-hidden" name="do" value="update" tabindex={-1}>
        Update the amounts
      </button>
      <Basket
        id="basket-panel"
        count={facts.lines.length}
        empty={
          <LinkButton name="do" value="empty">
            <small>Empty</small>
          </LinkButton>
        }
        groups={hasInvoices ? [...groups, <Spread {...props} />] : groups}
      >
        <Sums {...props} />
        <Choices
          name="payer"
          label="Payer"
          value={props.payers[0]?.id ?? "other"}
          choices={payerChoices(props.payers)}
        />
        <Stack gap="s">
          <Button kind="primary" name="do" value="continue" wide>
            {`Continue with ${totalOf(facts)}`}
          </Button>
          <Button name="do" value="update" wide>
            Update the sums
          </Button>
        </Stack>
        <p class="fine-print">
          {facts.makesTwoLinks ? "Two accounts: one email with two links, one for each. " : ""}
          The basket is kept while you search.
        </p>
      </Basket>
    </PostForm>
  );
}

/** `Basket: 4 items, $9,000.00`. */
export function basketWords(facts: BasketFacts): string {
  const count = facts.lines.length;
  return `Basket: ${count === 1 ? "1 item" : `${count} items`}, ${totalOf(facts)}`;
}

function Group(props: BasketViewProps & { kind: AccountKind; lines: BasketLineFacts[] }): JSX.Element {
  const last4 = props.accounts[props.kind];
  const name = props.kind === "trust" ? "Trust" : "Operating";
  return (
    <BasketGroup title={last4 === undefined ? name : `${name} ··${last4}`}>
      {props.lines.map((line) => (
        <Line {...props} line={line} />
      ))}
    </BasketGroup>
  );
}

function Line({ line, typed, errors }: BasketViewProps & { line: BasketLineFacts }): JSX.Element {
  const { statement } = line;
  const name = `amount-${statement.id}`;
  return (
    <BasketLine
      number={statement.number}
      detail={statement.matterNumber}
      balance={{ minor: statement.balanceMinor, currency: statement.currency }}
      name={name}
      value={typed?.get(name) ?? formatDecimal(line.amountMinor)}
      error={errors?.[name] ?? line.fault?.text}
      remove={{ name: "remove", value: statement.id }}
    />
  );
}

function Spread({ facts, typed, errors }: BasketViewProps): JSX.Element {
  const error = errors?.spread;
  return (
    <Details summary="Spread one amount, oldest first" open={error !== undefined}>
      <div class="field" data-invalid={error ? "" : undefined}>
        <label for="spread" class="visually-hidden">
          Amount to spread
        </label>
        {error ? (
          <p class="error" id="spread-error">
            {error}
          </p>
        ) : null}
        <Cluster>
          <MoneyInput
            name="spread"
            currency={facts.currency ?? "USD"}
            value={typed?.get("spread") ?? ""}
            size="s"
            invalid={error !== undefined}
            describedBy={error ? "spread-error spread-hint" : "spread-hint"}
          />
          <Button size="s" name="do" value="spread">
            Apply
          </Button>
        </Cluster>
        <p class="hint" id="spread-hint">
          Trust requests are never filled automatically.
        </p>
      </div>
    </Details>
  );
}

function Sums({ facts, accounts }: BasketViewProps): JSX.Element {
  const currency = facts.currency ?? "USD";
  const sum = (kind: AccountKind, minor: bigint): SumLine[] =>
    minor > 0n
      ? [{ name: <AccountBadge kind={kind} last4={accounts[kind]} />, amount: { minor, currency } }]
      : [];
  return (
    <Totals
      lines={[...sum("operating", facts.operatingMinor), ...sum("trust", facts.trustMinor)]}
      total={{ name: "Request", amount: { minor: facts.totalMinor, currency } }}
    />
  );
}

function payerChoices(payers: readonly PayerRow[]) {
  const known = payers.map((payer) => ({
    value: payer.id,
    title: payer.name,
    hint: [payer.is_assigned ? "Assigned payer" : "", payer.email ?? "No email address"]
      .filter((part) => part !== "")
      .join(", "),
  }));
  return [...known, { value: "other", title: "Somebody else" }];
}

function totalOf(facts: BasketFacts): string {
  return formatMoney({ minor: facts.totalMinor, currency: facts.currency ?? "USD" });
}
