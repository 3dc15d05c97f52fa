import type { JSX } from "hono/jsx/jsx-runtime";
import { type Day, formatNearDay } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import { ButtonLink } from "../ui/buttons.tsx";
import { SelectField } from "../ui/fields.tsx";
import { PageHeader } from "../ui/layout.tsx";
import { formatCount, Pagination, type Tab, Tabs } from "../ui/listing.tsx";
import { EmptyState, type FieldErrors, Notice } from "../ui/notices.tsx";
import { DataTable, Row, RowHead, TableBody, TableHead, Td, Th } from "../ui/table.tsx";
import { AccountBadge } from "../ui/tags.tsx";
import type { DepositFilter, DepositTab } from "./filter.ts";
import { depositsHref, fieldsOf, PAGE, TABS } from "./filter.ts";
import type { ListedDeposit } from "./list-queries.ts";
import { PeriodForm } from "./period-form-view.tsx";
import { DepositTag, TieTag } from "./tags-view.tsx";

export type AccountChoice = { id: string; name: string; kind: "operating" | "trust"; last4: string };

export type DepositsProps = {
  filter: DepositFilter;
  deposits: readonly ListedDeposit[];
  counts: ReadonlyMap<DepositTab, number>;
  accounts: readonly AccountChoice[];
  hasEarlier: boolean;
  hasLater: boolean;
  /** Open differences, and how many of them are alarms about client money. */
  open: { all: number; alarms: number };
  today: Day;
  errors?: FieldErrors | undefined;
  typed?: { from: string; to: string } | undefined;
};

/** Deposits: what the processor paid out to each account, and whether it adds up. */
export function DepositsView(props: DepositsProps): JSX.Element {
  return (
    <>
      <PageHeader
        title="Deposits"
        detail="What the card processor paid into your bank accounts, and the payments, refunds and fees it is made of."
        actions={
          <>
            <ButtonLink icon="download" href={`${PAGE}/reconciliation`}>
              Three-way reconciliation
            </ButtonLink>
            <ButtonLink icon="shield" href={`${PAGE}/trust`}>
              Trust report
            </ButtonLink>
          </>
        }
      />
      <OpenDifferences open={props.open} />
      <Tabs label="Deposits by state" tabs={tabsOf(props)} />
      <FilterForm {...props} />
      {props.deposits.length === 0 ? <Nothing {...props} /> : <Table {...props} />}
    </>
  );
}

/** Leads to the differences where there are any; alarms about client money in their own words. */
export function OpenDifferences({ open }: { open: { all: number; alarms: number } }): JSX.Element | null {
  if (open.all === 0) return null;
  const words = open.all === 1 ? "1 difference is open." : `${formatCount(open.all)} differences are open.`;
  const title =
    open.alarms === 0
      ? words
      : open.alarms === 1
        ? "Money left a trust account that may not."
        : `Money left trust accounts ${formatCount(open.alarms)} times that may not.`;
  return (
    <Notice
      tone={open.alarms > 0 ? "bad" : "warn"}
      title={title}
      actions={
        <ButtonLink size="s" href={`${PAGE}/differences`}>
          Show differences
        </ButtonLink>
      }
    >
      {open.alarms > 0 && open.all > open.alarms ? words : null}
    </Notice>
  );
}

function tabsOf({ filter, counts }: DepositsProps): Tab[] {
  return TABS.map(({ tab, label }) => ({
    label,
    href: depositsHref({ ...filter, tab, after: undefined, before: undefined }),
    current: tab === filter.tab,
    count: counts.get(tab) ?? 0,
    ...((tab === "untied" || tab === "failed") && (counts.get(tab) ?? 0) > 0 ? { tone: "bad" as const } : {}),
  }));
}

function FilterForm(props: DepositsProps): JSX.Element {
  const { filter, errors, typed } = props;
  const options = [
    { value: "", label: "Any account" },
    ...props.accounts.map((account) => ({ value: account.id, label: accountLabel(account) })),
  ];
  const tab = fieldsOf({ tab: filter.tab }).tab;
  return (
    <PeriodForm
      action={PAGE}
      labels={{ from: "Arrives from", to: "Arrives until" }}
      period={filter}
      typed={typed}
      errors={errors}
    >
      {tab === undefined ? null : <input type="hidden" name="tab" value={tab} />}
      <SelectField name="account" label="Account" options={options} value={filter.account ?? ""} />
    </PeriodForm>
  );
}

/** `Main ··4417 (trust)`: how a choice names an account, with its kind where the name does not say it. */
export function accountLabel({ name, kind, last4 }: AccountChoice): string {
  const isSaid = name.toLowerCase().includes(kind);
  return `${name} ··${last4}${isSaid ? "" : ` (${kind})`}`;
}

function Table(props: DepositsProps): JSX.Element {
  const { filter, deposits } = props;
  const [first, last] = [deposits[0], deposits.at(-1)];
  return (
    <>
      <DataTable label="Deposits">
        <TableHead>
          <Th>Deposit</Th>
          <Th>Account</Th>
          <Th>Arrives</Th>
          <Th>State</Th>
          <Th num>Fees</Th>
          <Th num>Amount</Th>
          <Th>Our books</Th>
        </TableHead>
        <TableBody>
          {deposits.map((deposit) => (
            <DepositRow deposit={deposit} today={props.today} />
          ))}
        </TableBody>
      </DataTable>
      <Pagination
        summary={deposits.length === 1 ? "1 deposit" : `${formatCount(deposits.length)} deposits`}
        previous={
          props.hasEarlier && first
            ? depositsHref({ ...filter, after: undefined, before: first.id })
            : undefined
        }
        next={
          props.hasLater && last ? depositsHref({ ...filter, before: undefined, after: last.id }) : undefined
        }
      />
    </>
  );
}

function DepositRow({ deposit, today }: { deposit: ListedDeposit; today: Day }): JSX.Element {
  const money = (minor: bigint) => formatMoney({ minor, currency: deposit.currency });
  return (
    <Row>
      <RowHead href={`${PAGE}/${deposit.id}`} note={madeOf(deposit)}>
        {deposit.reference}
      </RowHead>
      <Td label="Account">
        <AccountBadge kind={deposit.account_kind} last4={deposit.last4} />
      </Td>
      <Td label="Arrives" nowrap>
        {formatNearDay(deposit.arrives_on, today)}
      </Td>
      <Td label="State">
        <DepositTag state={deposit.state} />
      </Td>
      <Td label="Fees" num>
        {deposit.contents === "complete" ? money(deposit.feesMinor) : "Not known yet"}
      </Td>
      <Td label="Amount" amount>
        {money(deposit.amount_minor)}
      </Td>
      <Td label="Our books">
        <TieTag deposit={deposit} />
        {deposit.ties === false && deposit.difference_minor !== 0n ? (
          <small>{`${money(deposit.difference_minor)} differs`}</small>
        ) : null}
      </Td>
    </Row>
  );
}

/** `12 payments, 1 refund`: what a deposit holds. */
function madeOf(deposit: ListedDeposit): string {
  if (deposit.contents === "not_told") return "The processor does not say what it is made of";
  if (deposit.contents !== "complete") return "Its contents are not known yet";
  const parts = [
    count(deposit.payments, "payment"),
    count(deposit.refunds, "refund"),
    count(deposit.disputes, "dispute"),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? "No payments" : parts.join(", ");
}

function count(number: number, word: string): string | undefined {
  if (number === 0) return undefined;
  return number === 1 ? `1 ${word}` : `${formatCount(number)} ${word}s`;
}

function Nothing({ filter, counts }: DepositsProps): JSX.Element {
  if ((counts.get("all") ?? 0) === 0) {
    return (
      <EmptyState icon="bank" title="No deposits yet">
        When the card processor pays out to your bank account, the deposit stands here with what it is made
        of.
      </EmptyState>
    );
  }
  const isNarrowed = Object.keys(fieldsOf({ ...filter, tab: "all" })).length > 0;
  return (
    <EmptyState
      icon={isNarrowed ? "search" : "check"}
      title={isNarrowed ? "Nothing matches" : "Nothing here"}
      actions={<ButtonLink href={PAGE}>Show all deposits</ButtonLink>}
    >
      {filter.tab === "untied" && !isNarrowed
        ? "Every deposit adds up to the cent."
        : "No deposit is in this state, account and period."}
    </EmptyState>
  );
}
