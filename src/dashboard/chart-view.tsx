import type { JSX } from "hono/jsx/jsx-runtime";
import { formatShortDay } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import { sentHref } from "../links/list-address.ts";
import { Details, Section } from "../ui/layout.tsx";
import { formatCount } from "../ui/listing.tsx";
import { DataTable, Row, RowHead, TableBody, TableHead, Td, Th } from "../ui/table.tsx";
import { receivedHref } from "./received-view.tsx";
import type { Week } from "./weeks.ts";

/** The chart's box in pixels: the axis lies at the bottom, the tallest bar reaches the top. */
const AXIS_Y = 196;
const TOP_Y = 20;
const LABEL_Y = 216;
/** Within the share of one week: a gap, two bars, a gap. In percent of it. */
const GAP_SHARE = 14;
const BAR_SHARE = 34;
/** Shares are worked out in ten-thousandths before they leave whole numbers. */
const PARTS = 10_000n;

/** Requested and received by week, as bars with the same figures in a table. */
export function WeeksSection({ weeks, currency }: { weeks: readonly Week[]; currency: string }): JSX.Element {
  return (
    <Section id="weekly" title="Requested and received by week" detail={<Legend />}>
      <Bars weeks={weeks} currency={currency} />
      <Details summary="Show the figures as a table">
        <DataTable label="Requested and received by week" layout="plain" focusable>
          <TableHead>
            <Th>Week starting</Th>
            <Th num>Requested</Th>
            <Th>Links</Th>
            <Th num>Received</Th>
            <Th>Payments</Th>
          </TableHead>
          <TableBody>
            {weeks.map((week) => (
              <Row>
                <RowHead>{formatShortDay(week.monday)}</RowHead>
                <Td num>{formatMoney({ minor: week.requestedMinor, currency })}</Td>
                <Td nowrap>
                  <RequestedLink week={week} words={linkCount(week.requestedCount)} />
                </Td>
                <Td num>{formatMoney({ minor: week.receivedMinor, currency })}</Td>
                <Td nowrap>
                  <ReceivedLink week={week} words={paymentCount(week.receivedCount)} />
                </Td>
              </Row>
            ))}
          </TableBody>
        </DataTable>
      </Details>
    </Section>
  );
}

/** Opens the links of a week; the words say how many there are. */
export function RequestedLink({ week, words }: { week: Week; words: string }): JSX.Element {
  return <a href={sentHref({ sentFrom: week.monday, sentTo: week.sunday })}>{words}</a>;
}

/** Opens the payments of a week; the words say how many there are. */
export function ReceivedLink({ week, words }: { week: Week; words: string }): JSX.Element {
  return <a href={receivedHref(week.monday)}>{words}</a>;
}

export function linkCount(count: number): string {
  return count === 1 ? "1 link" : `${formatCount(count)} links`;
}

export function paymentCount(count: number): string {
  return count === 1 ? "1 payment" : `${formatCount(count)} payments`;
}

function Legend(): JSX.Element {
  return (
    <p class="cluster" data-gap="l">
      <span class="legend">
        <svg viewBox="0 0 12 12" aria-hidden="true">
          <rect class="series-asked" x=".5" y=".5" width="11" height="11" />
        </svg>
        Requested, outlined
      </span>
      <span class="legend">
        <svg viewBox="0 0 12 12" aria-hidden="true">
          <rect class="series-received" width="12" height="12" />
        </svg>
        Received, solid
      </span>
    </p>
  );
}

function Bars({ weeks, currency }: { weeks: readonly Week[]; currency: string }): JSX.Element {
  const highest = highestOf(weeks);
  const width = 100 / weeks.length;
  return (
    <svg class="chart" role="img" aria-label={describe(weeks, currency)}>
      <line x1="-40" x2="100%" y1={TOP_Y} y2={TOP_Y} />
      <text x="-40" y={TOP_Y - 5}>
        {formatMoney({ minor: highest, currency })}
      </text>
      <line class="axis" x1="-40" x2="100%" y1={AXIS_Y} y2={AXIS_Y} />
      {weeks.map((week, index) => {
        const left = width * index;
        const middle = `${left + width / 2}%`;
        return (
          <>
            <Bar
              series="asked"
              left={left + (width * GAP_SHARE) / 100}
              width={width}
              share={shareOf(week.requestedMinor, highest)}
            />
            <Bar
              series="received"
              left={left + (width * (GAP_SHARE + BAR_SHARE + 2)) / 100}
              width={width}
              share={shareOf(week.receivedMinor, highest)}
            />
            <text
              class={index % 2 === 0 ? "every-other" : undefined}
              x={middle}
              y={LABEL_Y}
              text-anchor="middle"
            >
              {formatShortDay(week.monday).replace(/, \d{4}$/, "")}
            </text>
          </>
        );
      })}
    </svg>
  );
}

function Bar(props: {
  series: "asked" | "received";
  left: number;
  width: number;
  share: number;
}): JSX.Element {
  const height = (AXIS_Y - TOP_Y) * props.share;
  return (
    <rect
      class={`series-${props.series}`}
      x={`${props.left.toFixed(2)}%`}
      y={(AXIS_Y - height).toFixed(1)}
      width={`${((props.width * BAR_SHARE) / 100).toFixed(2)}%`}
      height={height.toFixed(1)}
    />
  );
}

function highestOf(weeks: readonly Week[]): bigint {
  let highest = 0n;
  for (const { requestedMinor, receivedMinor } of weeks) {
    if (requestedMinor > highest) highest = requestedMinor;
    if (receivedMinor > highest) highest = receivedMinor;
  }
  return highest;
}

/** How much of the highest bar an amount is, from 0 to 1: for drawing only. */
function shareOf(minor: bigint, highest: bigint): number {
  return highest === 0n ? 0 : Number((minor * PARTS) / highest) / Number(PARTS);
}

function describe(weeks: readonly Week[], currency: string): string {
  const last = weeks.at(-1);
  if (!last) return "No weeks to show.";
  const requested = formatMoney({ minor: last.requestedMinor, currency });
  const received = formatMoney({ minor: last.receivedMinor, currency });
  return `Bar chart of the last ${weeks.length} weeks. This week ${requested} was requested and ${received} received. All figures are in the table below.`;
}
