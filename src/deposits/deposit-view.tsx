import type { JSX } from "hono/jsx/jsx-runtime";
import { formatInstant, formatShortDay } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import { postingsHref } from "../postings/filter.ts";
import { ButtonLink } from "../ui/buttons.tsx";
import { Breadcrumb, Cluster, PageHeader, Panel, Section, Split, Stack } from "../ui/layout.tsx";
import { formatCount, Pagination } from "../ui/listing.tsx";
import { KeyValues, Totals } from "../ui/lists.tsx";
import { EmptyState, Notice } from "../ui/notices.tsx";
import { AccountBadge } from "../ui/tags.tsx";
import type { KindTotal, ShownLine } from "./detail-queries.ts";
import { PAGE } from "./filter.ts";
import { LineTable } from "./line-view.tsx";
import type { ListedDeposit } from "./list-queries.ts";
import { DepositTag, TieTag } from "./tags-view.tsx";
import { KIND_WORDS } from "./words.ts";

export type DepositProps = {
  deposit: ListedDeposit;
  totals: readonly KindTotal[];
  /** One page of its lines, and those that our books do not explain. */
  lines: readonly ShownLine[];
  unexplained: readonly ShownLine[];
  nextHref: string | undefined;
  isFirstPage: boolean;
  timeZone: string;
  mayManage: boolean;
};

/** One deposit: the bank's line, what it is made of, and whether both are the same. */
export function DepositView(props: DepositProps): JSX.Element {
  const { deposit } = props;
  return (
    <>
      <Breadcrumb crumbs={[{ label: "Deposits", href: PAGE }, { label: deposit.reference }]} />
      <PageHeader
        title={`Deposit ${deposit.reference}`}
        tag={<DepositTag state={deposit.state} />}
        detail={arrivalWords(deposit)}
        actions={
          deposit.contents === "complete" ? (
            <>
              <ButtonLink href={postingsHref({ tab: "all", deposit: deposit.id })}>
                Show its postings
              </ButtonLink>
              <ButtonLink icon="download" href={`${PAGE}/${deposit.id}/lines.xlsx`}>
                Export to Excel
              </ButtonLink>
              <ButtonLink href={`${PAGE}/${deposit.id}/lines.csv`}>CSV</ButtonLink>
            </>
          ) : undefined
        }
      />
      <Stack gap="l">
        <Verdict {...props} />
        <Split>
          <Stack gap="l">
            {props.unexplained.length > 0 && props.isFirstPage ? <Unexplained {...props} /> : null}
            <Lines {...props} />
          </Stack>
          <Stack gap="l">
            <SumPanel {...props} />
            <FactsPanel {...props} />
          </Stack>
        </Split>
      </Stack>
    </>
  );
}

function arrivalWords(deposit: ListedDeposit): string {
  const day = formatShortDay(deposit.arrives_on);
  switch (deposit.state) {
    case "paid":
      return `Arrived on ${day}`;
    case "failed":
      return `Came back from the bank${deposit.failure_reason ? `: ${deposit.failure_reason}` : "."}`;
    case "cancelled":
      return "Called back before it reached the bank";
    default:
      return `Expected on ${day}`;
  }
}

function Verdict({ deposit, unexplained }: DepositProps): JSX.Element | null {
  const money = (minor: bigint) => formatMoney({ minor, currency: deposit.currency });
  if (deposit.state === "failed")
    return (
      <Notice tone="bad" title="This money did not reach your bank.">
        The card processor puts it into a later deposit. Check the bank account at the processor first.
      </Notice>
    );
  if (deposit.contents === "not_told")
    return (
      <Notice tone="warn" title="The card processor does not say what this deposit is made of.">
        It was asked for by hand, and only deposits of the processor’s own timetable are told with their
        contents. Compare it there.
      </Notice>
    );
  if (deposit.contents !== "complete")
    return (
      <Notice tone="info" title="What it is made of is not known yet.">
        The card processor tells it within a day. The page shows it by itself then.
      </Notice>
    );
  if (deposit.ties)
    return (
      <Notice tone="good" title={`It ties to the cent: ${money(deposit.amount_minor)}.`}>
        Every line is in our books with the same amount.
      </Notice>
    );
  const listed = deposit.amount_minor - deposit.lines_minor;
  return (
    <Notice tone="bad" title={differenceTitle(deposit)}>
      {listed === 0n ? null : `Its own lines add up to ${money(deposit.lines_minor)}. `}
      {unexplained.length > 0 ? "The lines that our books do not explain stand first." : null}
    </Notice>
  );
}

function differenceTitle(deposit: ListedDeposit): string {
  const difference = deposit.difference_minor;
  if (difference === 0n) return "It does not tie: lines without an explanation happen to cancel out.";
  const amount = formatMoney({
    minor: difference < 0n ? -difference : difference,
    currency: deposit.currency,
  });
  return `It does not tie: it is ${amount} ${difference < 0n ? "less" : "more"} than our books say.`;
}

function Unexplained(props: DepositProps): JSX.Element {
  const count = props.deposit.unexplained_count;
  const detail = count === 1 ? "1 line" : `${formatCount(count)} lines`;
  return (
    <Section
      id="unexplained"
      title="Not explained by our books"
      detail={<small class="soft">{detail}</small>}
    >
      <LineTable
        {...props}
        label="Lines that our books do not explain"
        lines={props.unexplained}
        totals={undefined}
        withFixes
      />
    </Section>
  );
}

function Lines(props: DepositProps): JSX.Element {
  const { deposit, lines } = props;
  return (
    <Section id="lines" title="What it is made of">
      {lines.length === 0 ? (
        <EmptyState icon="ledger" title="No lines" id="no-lines">
          {deposit.contents === "complete"
            ? "The card processor names no movement of money for this deposit."
            : "They are shown as soon as the card processor tells them."}
        </EmptyState>
      ) : (
        <>
          <LineTable {...props} label="Lines of the deposit" lines={lines} totals={props.totals} />
          <Pagination
            summary={lines.length === 1 ? "1 line" : `${formatCount(lines.length)} lines on this page`}
            previous={props.isFirstPage ? undefined : `${PAGE}/${deposit.id}`}
            next={props.nextHref}
          />
        </>
      )}
    </Section>
  );
}

/** Payments, less what went out, is what the bank shows. Fees stand alone, wherever the processor took them. */
function SumPanel({ deposit, totals }: DepositProps): JSX.Element {
  const { currency } = deposit;
  const feesMinor = totals.reduce(
    (sum, total) => sum - total.feeMinor + (total.kind === "fee" ? total.grossMinor : 0n),
    0n,
  );
  const lines = totals
    .filter(({ kind }) => kind !== "fee")
    .map((total) => ({
      name: `${KIND_WORDS[total.kind].many} (${formatCount(total.count)})`,
      amount: { minor: total.grossMinor, currency },
    }));
  return (
    <Panel
      id="sum"
      title="It adds up"
      aside={<TieTag deposit={deposit} />}
      foot={
        <Totals
          lines={
            deposit.ties === false
              ? [
                  { name: "By our books", amount: { minor: deposit.expected_minor, currency } },
                  { name: "Difference", amount: { minor: deposit.difference_minor, currency } },
                ]
              : []
          }
          total={{ name: "Bank line", amount: { minor: deposit.amount_minor, currency } }}
        />
      }
    >
      {deposit.contents === "complete" ? (
        <Totals
          lines={[...lines, { name: KIND_WORDS.fee.many, amount: { minor: feesMinor, currency } }]}
          total={{ name: "Sum of the lines", amount: { minor: deposit.lines_minor, currency } }}
        />
      ) : (
        <p class="soft">Its lines are not known.</p>
      )}
    </Panel>
  );
}

function FactsPanel({ deposit, timeZone }: DepositProps): JSX.Element {
  return (
    <Panel id="facts" title="Key facts">
      <KeyValues
        facts={[
          {
            name: "Account",
            value: (
              <Cluster>
                {deposit.accountName}
                <AccountBadge kind={deposit.account_kind} last4={deposit.last4} />
              </Cluster>
            ),
          },
          { name: "Made", value: formatInstant(deposit.made_at, timeZone) },
          {
            name: deposit.state === "paid" ? "Arrived" : "Arrives",
            value: formatShortDay(deposit.arrives_on),
          },
          { name: "Bank reference", value: deposit.bank_reference ?? "Not told yet" },
          { name: "At the processor", value: deposit.payout_id },
        ]}
      />
    </Panel>
  );
}
