import type { JSX } from "hono/jsx/jsx-runtime";
import { addDays, type Day, formatInstant, formatLongDay } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import { Breadcrumb, PageHeader } from "../ui/layout.tsx";
import { formatCount, Pagination } from "../ui/listing.tsx";
import { EmptyState } from "../ui/notices.tsx";
import { DataTable, Row, RowHead, TableBody, TableHead, Td, Th } from "../ui/table.tsx";
import { AccountBadge } from "../ui/tags.tsx";
import type { ReceivedPayment } from "./received-queries.ts";

const LAST_DAY_OF_WEEK = 6;

export type ReceivedViewProps = {
  monday: Day;
  payments: readonly ReceivedPayment[];
  /** Of the whole week. */
  total: number;
  page: number;
  pageSize: number;
  timeZone: string;
};

/** The payments of one week: what stands behind the figures of what was received. */
export function ReceivedView(props: ReceivedViewProps): JSX.Element {
  const { monday, payments, total, page, pageSize, timeZone } = props;
  const first = (page - 1) * pageSize + 1;
  return (
    <>
      <Breadcrumb crumbs={[{ label: "Today", href: "/" }, { label: "Received" }]} />
      <PageHeader
        title="Received"
        detail={`${formatLongDay(monday)} to ${formatLongDay(addDays(monday, LAST_DAY_OF_WEEK))}`}
      />
      {payments.length === 0 ? (
        <EmptyState icon="search" title="No payments in this week">
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
                  <Td label="Amount" amount>
                    {formatMoney({ minor: payment.amountMinor, currency: payment.currency })}
                  </Td>
                </Row>
              ))}
            </TableBody>
          </DataTable>
          <Pagination
            summary={`${formatCount(first)}–${formatCount(first + payments.length - 1)} of ${formatCount(total)}`}
            previous={page > 1 ? receivedHref(monday, page - 1) : undefined}
            next={page * pageSize < total ? receivedHref(monday, page + 1) : undefined}
          />
        </>
      )}
    </>
  );
}

/** The address of the payments of the week that begins on a Monday. */
export function receivedHref(monday: Day, page = 1): string {
  return `/received?week=${monday}${page === 1 ? "" : `&page=${page}`}`;
}
