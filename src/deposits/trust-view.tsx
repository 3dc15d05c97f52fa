import type { JSX } from "hono/jsx/jsx-runtime";
import { formatShortDay } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import { ButtonLink } from "../ui/buttons.tsx";
import { SelectField } from "../ui/fields.tsx";
import { Breadcrumb, PageHeader, Section, Stack } from "../ui/layout.tsx";
import { formatCount } from "../ui/listing.tsx";
import { EmptyState, type FieldErrors, Notice } from "../ui/notices.tsx";
import { BlankCell, DataTable, Row, RowHead, TableBody, TableFoot, TableHead, Td, Th } from "../ui/table.tsx";
import { PAGE } from "./filter.ts";
import { type AccountChoice, accountLabel, OpenDifferences } from "./list-view.tsx";
import { PeriodForm } from "./period-form-view.tsx";
import type { LedgerEntry, LedgerSum, Period } from "./trust-queries.ts";
import { sumLedgers } from "./trust-report.ts";

const TRUST = `${PAGE}/trust`;
/** Ledgers on the page; the workbook holds all of them. */
const SHOWN_LIMIT = 200;

type TrustProps = {
  period: Period;
  accountId: string | undefined;
  accounts: readonly AccountChoice[];
  ledgers: readonly LedgerSum[];
  /** One ledger with its entries, where one is opened. */
  opened: { ledger: LedgerSum; entries: readonly LedgerEntry[] } | undefined;
  open: { all: number; alarms: number };
  errors?: FieldErrors | undefined;
  typed?: { from: string; to: string } | undefined;
};

/** The trust report: what came in and what went back, by client and matter, and what each ledger holds from our postings. */
export function TrustView(props: TrustProps): JSX.Element {
  const crumbs = [{ label: "Deposits", href: PAGE }, { label: "Trust report" }];
  return (
    <>
      <Breadcrumb crumbs={crumbs} />
      <PageHeader
        title="Trust report"
        detail="Receipts and reversals in trust by client and matter, from what was posted. A ledger never falls below zero from our postings."
        actions={
          <ButtonLink icon="download" href={trustHref(props, {}, `${TRUST}.xlsx`)}>
            Export to Excel
          </ButtonLink>
        }
      />
      <Stack gap="l">
        {props.open.alarms > 0 ? <OpenDifferences open={props.open} /> : null}
        <ScopeForm {...props} />
        {props.ledgers.length === 0 ? (
          <EmptyState icon="shield" title="No trust money in this period">
            Nothing was posted to a trust ledger until then.
          </EmptyState>
        ) : (
          <Ledgers {...props} />
        )}
        {props.opened ? <Entries {...props} opened={props.opened} /> : null}
      </Stack>
    </>
  );
}

/** The address of the report over the same period, with what differs. */
function trustHref(
  props: Pick<TrustProps, "period" | "accountId">,
  change: { matter?: string },
  page: string = TRUST,
): string {
  const query = new URLSearchParams(props.period);
  if (props.accountId !== undefined) query.set("account", props.accountId);
  if (change.matter !== undefined) query.set("matter", change.matter);
  return `${page}?${query}`;
}

function ScopeForm(props: TrustProps): JSX.Element {
  const options = [
    { value: "", label: "All trust accounts" },
    ...props.accounts.map((account) => ({ value: account.id, label: accountLabel(account) })),
  ];
  return (
    <PeriodForm
      action={TRUST}
      labels={{ from: "From", to: "Until" }}
      period={props.period}
      typed={props.typed}
      errors={props.errors}
    >
      {props.accounts.length > 1 ? (
        <SelectField name="account" label="Account" options={options} value={props.accountId ?? ""} />
      ) : null}
    </PeriodForm>
  );
}

function Ledgers(props: TrustProps): JSX.Element {
  const shown = props.ledgers.slice(0, SHOWN_LIMIT);
  const more = props.ledgers.length - shown.length;
  return (
    <Section id="ledgers" title="Client ledgers">
      <DataTable label="Client ledgers">
        <TableHead>
          <Th>Client and matter</Th>
          <Th num>Opening</Th>
          <Th num>Receipts</Th>
          <Th num>Reversals</Th>
          <Th num>Closing</Th>
          <Th num>In the matter system</Th>
        </TableHead>
        <TableBody>
          {shown.map((ledger) => (
            <LedgerRow {...props} ledger={ledger} />
          ))}
        </TableBody>
        {sumLedgers(props.ledgers).map((sum) => {
          return (
            <TableFoot>
              <RowHead>All ledgers</RowHead>
              <MovedCells sum={sum} />
              <Td label="Closing" amount>
                {formatMoney({ minor: sum.closingMinor, currency: sum.currency })}
              </Td>
              <BlankCell />
            </TableFoot>
          );
        })}
      </DataTable>
      {more > 0 ? (
        <Notice>{`${formatCount(more)} more ledgers are in the workbook and in the sums.`}</Notice>
      ) : null}
    </Section>
  );
}

function LedgerRow(props: TrustProps & { ledger: LedgerSum }): JSX.Element {
  const { ledger } = props;
  const money = (minor: bigint) => formatMoney({ minor, currency: ledger.currency });
  return (
    <Row>
      <RowHead
        href={`${trustHref(props, { matter: ledger.matterId })}#entries`}
        note={`${ledger.matterNumber} ${ledger.matterDescription}`}
      >
        {ledger.clientName}
      </RowHead>
      <MovedCells sum={ledger} />
      <Td label="Closing" amount>
        {money(ledger.closingMinor)}
        {ledger.lowestMinor < 0n ? <small>{`Was ${money(ledger.lowestMinor)}`}</small> : null}
      </Td>
      <Td label="In the matter system" num>
        {ledger.systemMinor === null ? "Not read" : money(ledger.systemMinor)}
      </Td>
    </Row>
  );
}

/** What a ledger, or all of them, began with and what moved, up to the closing balance. */
function MovedCells({
  sum,
}: {
  sum: Pick<LedgerSum, "currency" | "openingMinor" | "receiptsMinor" | "reversalsMinor">;
}): JSX.Element {
  const money = (minor: bigint) => formatMoney({ minor, currency: sum.currency });
  return (
    <>
      <Td label="Opening" num>
        {money(sum.openingMinor)}
      </Td>
      <Td label="Receipts" num>
        {money(sum.receiptsMinor)}
      </Td>
      <Td label="Reversals" num>
        {money(-sum.reversalsMinor)}
      </Td>
    </>
  );
}

function Entries({ opened }: { opened: NonNullable<TrustProps["opened"]> }): JSX.Element {
  const { ledger, entries } = opened;
  const money = (minor: bigint) => formatMoney({ minor, currency: ledger.currency });
  return (
    <Section
      id="entries"
      title={`Entries of ${ledger.clientName}, ${ledger.matterNumber}`}
      detail={<small class="soft">{`Opening balance ${money(ledger.openingMinor)}`}</small>}
    >
      {entries.length === 0 ? (
        <EmptyState icon="ledger" id="no-entries" title="No entries in this period">
          The balance is what it was before.
        </EmptyState>
      ) : (
        <DataTable label="Entries of the ledger" focusable>
          <TableHead>
            <Th>Entry</Th>
            <Th>Payer</Th>
            <Th>Date</Th>
            <Th num>Amount</Th>
            <Th num>Balance</Th>
          </TableHead>
          <TableBody>
            {entries.map((entry) => (
              <Row>
                <RowHead note={[entry.paymentReference, entry.externalId].filter(Boolean).join(", ")}>
                  {`${entry.kind === "receipt" ? "Receipt" : "Reversal"}${
                    entry.statementNumber === null ? "" : `, ${entry.statementNumber}`
                  }`}
                </RowHead>
                <Td label="Payer">{entry.payerName}</Td>
                <Td label="Date" nowrap>
                  {formatShortDay(entry.postedOn)}
                </Td>
                <Td label="Amount" num>
                  {money(entry.kind === "receipt" ? entry.amountMinor : -entry.amountMinor)}
                </Td>
                <Td label="Balance" amount>
                  {money(entry.balanceMinor)}
                </Td>
              </Row>
            ))}
          </TableBody>
        </DataTable>
      )}
    </Section>
  );
}
