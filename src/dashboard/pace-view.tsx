import { formatCount } from "../ui/listing.tsx";
import type { Tile } from "../ui/work.tsx";
import { paymentCount } from "./chart-view.tsx";
import { daysWords, shareWords } from "./figure-words.ts";
import { type Month, monthName } from "./months.ts";
import type { Pace, Written } from "./pace-queries.ts";
import type { Dashboard } from "./read-dashboard.ts";
import { receivedInHref } from "./received-view.tsx";
import { writtenHref } from "./written-view.tsx";

/** What a figure says before there is anything to count. */
const NOTHING_YET = "None yet";

/** How long payers took this month, beside the month before; each opens the payments that it counts. */
export function paceTile({ months, pace }: Pick<Dashboard, "months" | "pace">): Tile {
  const [now, before] = find(pace, months);
  return {
    name: "Median days to pay",
    figure: now ? daysWords(now.medianDays) : NOTHING_YET,
    detail: (
      <>
        {now ? <a href={receivedInHref(now.month)}>{paymentCount(now.count)}</a> : "No payments"}
        {` in ${monthName(months.current)}`}
        {before ? ", was " : ""}
        {before ? <a href={receivedInHref(before.month)}>{daysWords(before.medianDays)}</a> : ""}
        {before ? ` in ${monthName(months.previous)}` : ""}
      </>
    ),
  };
}

/** The share of this month's postings that the first try wrote, beside the month before, and what waits to be posted. */
export function firstTimeTile(
  { months }: Pick<Dashboard, "months">,
  postings: NonNullable<Dashboard["postings"]>,
): Tile {
  const { attention, ready, underWay } = postings;
  const [now, before] = find(postings.written, months);
  const words = attention === 1 ? "1 needs attention" : `${formatCount(attention)} need attention`;
  return {
    name: "Postings written first time",
    figure: now ? shareWords(now.firstTime, now.count) : NOTHING_YET,
    detail: (
      <>
        {now ? <a href={writtenHref(now.month)}>{`${formatCount(now.count)} written`}</a> : "Nothing written"}
        {` in ${monthName(months.current)}`}
        {before ? ", was " : ""}
        {before ? <a href={writtenHref(before.month)}>{shareWords(before.firstTime, before.count)}</a> : ""}
        {before ? ` in ${monthName(months.previous)}` : ""}
        <br />
        <a href="/postings?tab=needs-attention">{words}</a>
        {", "}
        <a href="/postings?tab=ready">{`${formatCount(ready)} ready`}</a>
        {", "}
        <a href="/postings?tab=posting">{`${formatCount(underWay)} on their way`}</a>
      </>
    ),
  };
}

function find<Kind extends Pace | Written>(
  list: readonly Kind[],
  months: { current: Month; previous: Month },
): [Kind | undefined, Kind | undefined] {
  const of = (month: Month) => list.find((each) => each.month === month);
  return [of(months.current), of(months.previous)];
}
