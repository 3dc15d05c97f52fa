import type { JSX } from "hono/jsx/jsx-runtime";
import { addDays, type Day, formatInstant, formatLongDay } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import { Breadcrumb, PageHeader } from "../ui/layout.tsx";
import { NumberedPages } from "../ui/listing.tsx";
import { EmptyState } from "../ui/notices.tsx";
import { DataTable, Row, RowHead, TableBody, TableHead, Td, Th } from "../ui/table.tsx";
import { AccountBadge } from "../ui/tags.tsx";
import { daysWords } from "./figure-words.ts";
import { type Month, monthName } from "./months.ts";
import { MonthChips } from "./months-view.tsx";
import type { Pace } from "./pace-queries.ts";
import type { ReceivedPayment } from "./received-queries.ts";

const LAST_DAY_OF_WEEK = 6;

export type ReceivedViewProps = {
  /** The week that begins on a Monday, or the month beside the one that it is compared with. */
  shown: { monday: Day } | { month: Month; months: { current: Month; previous: Month } };
  /** Of the whole month. */
  pace: Pace | undefined;
  payments: readonly ReceivedPayment[];
  /** Of the whole week or month. */
  total: number;
  page: number;
  pageSize: number;
  timeZone: string;
};

/** The payments of one week or month: what stands behind the figures of what was received and how long it took. */
export function ReceivedView(props: ReceivedViewProps): JSX.Element {
  const { shown, payments, timeZone } = props;
  const hrefOf = (each: number) =>
    "month" in shown ? receivedInHref(shown.month, each) : receivedHref(shown.monday, each);
  return (
    <>
      <Breadcrumb crumbs={[{ label: "Today", href: "/" }, { label: "Received" }]} />
      <PageHeader title="Received" detail={detailOf(props)} />
      {"month" in shown ? (
        <MonthChips months={shown.months} shown={shown.month} href={(month) => receivedInHref(month)} />
      ) : null}
      {payments.length === 0 ? (
        <EmptyState icon="search" title={`No payments in this ${"month" in shown ? "month" : "week"}`}>
          Payments are listed here on the day on which they arrived.
        </EmptyState>
      ) : (
        <>
          <DataTable label="Payments received">
            <TableHead>
              <Th>Payer</Th>
              <Th>Received</Th>
              <Th>Method</Th>
              <Th>Account</Th>
              <Th num>Days to pay</Th>
              <Th num>Amount</Th>
            </TableHead>
            <TableBody>
              {payments.map((payment) => (
                <Row>
                  <RowHead href={`/links/${payment.linkId}`} note={payment.description}>
                    {payment.payerName}
                  </RowHead>
                  <Td label="Received" nowrap>
                    <time datetime={payment.receivedAt.toISOString()}>
                      {formatInstant(payment.receivedAt, timeZone)}
                    </time>
                  </Td>
                  <Td label="Method">{payment.methodLabel}</Td>
                  <Td label="Account">
                    <AccountBadge kind={payment.accountKind} last4={payment.last4} />
                  </Td>
                  <Td label="Days to pay" num>
                    {daysWords(payment.daysToPay)}
                  </Td>
                  <Td label="Amount" amount>
                    {formatMoney({ minor: payment.amountMinor, currency: payment.currency })}
                  </Td>
                </Row>
              ))}
            </TableBody>
          </DataTable>
          <NumberedPages
            page={props.page}
            pageSize={props.pageSize}
            shown={payments.length}
            total={props.total}
            hrefOf={hrefOf}
          />
        </>
      )}
    </>
  );
}

function detailOf({ shown, pace }: ReceivedViewProps): string {
  if (!("month" in shown))
    return `${formatLongDay(shown.monday)} to ${formatLongDay(addDays(shown.monday, LAST_DAY_OF_WEEK))}`;
  const name = monthName(shown.month);
  if (!pace) return `${name}: nothing has arrived.`;
  return `${name}: the median is ${daysWords(pace.medianDays)} days from the making of a link to its payment.`;
}

/** The address of the payments of a month. */
export function receivedInHref(month: Month, page = 1): string {
  return `/received?month=${month}${page === 1 ? "" : `&page=${page}`}`;
}

/** The address of the payments of the week that begins on a Monday. */
export function receivedHref(monday: Day, page = 1): string {
  return `/received?week=${monday}${page === 1 ? "" : `&page=${page}`}`;
}
