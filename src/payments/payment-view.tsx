import type { JSX } from "hono/jsx/jsx-runtime";
import { formatInstant } from "../base/day.ts";
import { formatMoney, sumMinor } from "../base/money.ts";
import { ButtonLink } from "../ui/buttons.tsx";
import { Breadcrumb, PageHeader, Panel, Section, Split, Stack } from "../ui/layout.tsx";
import { KeyValues } from "../ui/lists.tsx";
import { BlankCell, DataTable, Row, RowHead, TableBody, TableFoot, TableHead, Td, Th } from "../ui/table.tsx";
import { AccountBadge } from "../ui/tags.tsx";
import { lineWords, type PaymentPage } from "./payment-page.ts";
import { DisputeTable, PaymentStateTag, RefundTable } from "./undone-tables.tsx";
import { UndoneNotices } from "./undone-view.tsx";

export type PaymentViewProps = { page: PaymentPage; timeZone: string; mayRefund: boolean };

/** One payment: what it was laid on, what went back of it and what is left. */
export function PaymentView(props: PaymentViewProps): JSX.Element {
  const { page, timeZone } = props;
  const { payment } = page;
  return (
    <>
      <Breadcrumb crumbs={[{ label: "Manage Postings", href: "/postings" }, { label: payment.reference }]} />
      <PageHeader
        title={`${formatMoney({ minor: payment.amount_minor, currency: payment.currency })} from ${payment.payer_name}`}
        tag={<PaymentStateTag payment={payment} />}
        detail={[payment.reference, payment.method_label].filter((part) => part !== "").join(", ")}
        actions={
          props.mayRefund && page.refusal === undefined ? (
            <ButtonLink kind="primary" icon="undo" href={`/payments/${payment.id}/refund`}>
              Refund
            </ButtonLink>
          ) : null
        }
      />
      <Split companion="narrow">
        <Stack gap="xl">
          <UndoneNotices page={page} timeZone={timeZone} mayRefund={props.mayRefund} />
          <LineTable page={page} />
          <RefundTable page={page} timeZone={timeZone} />
          <DisputeTable page={page} timeZone={timeZone} />
        </Stack>
        <div class="companion stack">
          <FactsPanel page={page} timeZone={timeZone} />
        </div>
      </Split>
    </>
  );
}

function LineTable({ page }: { page: PaymentPage }): JSX.Element {
  const { payment, lines } = page;
  const money = (minor: bigint) => formatMoney({ minor, currency: payment.currency });
  const left = sumMinor(lines.map((line) => line.leftMinor)) - page.unlaidMinor;
  return (
    <Section id="lines" title="Lines" detail="What each line received, and what is left of it">
      <DataTable label="Lines" focusable>
        <TableHead>
          <Th>Line</Th>
          <Th num>Received</Th>
          <Th num>Went back</Th>
          <Th num>Left</Th>
        </TableHead>
        <TableBody>
          {lines.map((line) => (
            <Row>
              <RowHead
                note={
                  line.statement
                    ? `${line.statement.matterNumber} ${line.statement.matterDescription}`
                    : "On no statement yet"
                }
              >
                {lineWords(line, payment)}
              </RowHead>
              <Td label="Received" num>
                {money(line.amountMinor)}
              </Td>
              <Td label="Went back" num>
                {money(line.amountMinor - line.leftMinor)}
              </Td>
              <Td label="Left" amount>
                {money(line.leftMinor)}
              </Td>
            </Row>
          ))}
          {page.unlaidMinor > 0n ? (
            <Row>
              <RowHead note="Nobody has said yet which lines it is for">On no line</RowHead>
              <BlankCell />
              <Td label="Went back" num>
                {money(page.unlaidMinor)}
              </Td>
              <Td label="Left" amount>
                {money(-page.unlaidMinor)}
              </Td>
            </Row>
          ) : null}
        </TableBody>
        <TableFoot>
          <RowHead>Total</RowHead>
          <Td label="Received" num>
            {money(payment.amount_minor)}
          </Td>
          <Td label="Went back" num>
            {money(payment.amount_minor - left)}
          </Td>
          <Td label="Left" amount>
            {money(left)}
          </Td>
        </TableFoot>
      </DataTable>
    </Section>
  );
}

function FactsPanel({ page, timeZone }: Pick<PaymentViewProps, "page" | "timeZone">): JSX.Element {
  const { payment } = page;
  return (
    <Panel id="facts" title="Key facts">
      <KeyValues
        facts={[
          { name: "Reference", value: payment.reference },
          { name: "Payer", value: payment.payer_name },
          {
            name: "Received",
            value: payment.received_at ? formatInstant(payment.received_at, timeZone) : undefined,
          },
          {
            name: "Paid into",
            value: <AccountBadge kind={payment.account_kind} last4={payment.accountLast4} />,
          },
          { name: "Paid with", value: payment.method_label === "" ? undefined : payment.method_label },
          { name: "Link", value: <a href={`/links/${payment.link_id}`}>{payment.linkReference}</a> },
          {
            name: "Postings",
            value: <a href={`/postings?tab=all&q=${encodeURIComponent(payment.reference)}`}>Show postings</a>,
          },
          {
            name: "Card processor",
            value: (
              <a href={page.processorUrl} target="_blank" rel="noopener">
                Open payment there<span class="visually-hidden"> (opens in a new tab)</span>
              </a>
            ),
          },
        ]}
      />
    </Panel>
  );
}
