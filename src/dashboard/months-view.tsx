import type { JSX } from "hono/jsx/jsx-runtime";
import { Chips } from "../ui/listing.tsx";
import { type Month, monthName } from "./months.ts";

/** The way between the month that is shown and the one that it is compared with. */
export function MonthChips(props: {
  months: { current: Month; previous: Month };
  shown: Month;
  href: (month: Month) => string;
}): JSX.Element {
  const { months, shown, href } = props;
  const chips = [months.current, months.previous].map((month) => ({
    label: monthName(month),
    href: href(month),
    on: month === shown,
  }));
  return <Chips label="Month" chips={chips} />;
}
