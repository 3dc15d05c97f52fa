// biome-ignore-all lint/a11y/noRedundantRoles: without it Safari does not call an unmarked list a list.
import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { formatMoney, type Money } from "../base/money.ts";
import { Icon, type IconName } from "./icons.tsx";
import type { Tone } from "./tone.ts";

/** Facts with their names. A fact that is undefined is left out. */
export function KeyValues({
  facts,
}: {
  facts: readonly { name: string; value: Child | undefined }[];
}): JSX.Element {
  return (
    <dl class="kv">
      {facts
        .filter((fact) => fact.value !== undefined)
        .map((fact) => (
          <div>
            <dt>{fact.name}</dt>
            <dd>{fact.value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** An amount as text is written as it stands, for a reader in another language. */
export type SumLine = { name: Child; amount: Money | string };

/** Amounts that add up; the caller gives the total, so that the page shows what was computed and not what it adds itself. */
export function Totals(props: { lines: readonly SumLine[]; total?: SumLine | undefined }): JSX.Element {
  return (
    <dl class="totals">
      {props.lines.map((line) => (
        <div>
          <dt>{line.name}</dt>
          <dd>{amountText(line.amount)}</dd>
        </div>
      ))}
      {props.total ? (
        <div data-total="">
          <dt>{props.total.name}</dt>
          <dd>{amountText(props.total.amount)}</dd>
        </div>
      ) : null}
    </dl>
  );
}

function amountText(amount: Money | string): string {
  return typeof amount === "string" ? amount : formatMoney(amount);
}

export type TimelineEntry = {
  icon: IconName;
  title: Child;
  /** When, in words: "Nov 12, 12:26 PM". */
  time?: string | undefined;
  /** The same for machines: an ISO instant or date. */
  dateTime?: string | undefined;
  detail?: Child | undefined;
  tone?: Extract<Tone, "info" | "good"> | undefined;
};

/** What happened, entry by entry, in the order given. */
export function Timeline({ entries }: { entries: readonly TimelineEntry[] }): JSX.Element {
  return (
    <ol class="timeline" role="list">
      {entries.map((entry) => (
        <li>
          <span class="timeline-mark" data-tone={entry.tone}>
            <Icon name={entry.icon} />
          </span>
          <div class="timeline-head">
            <strong>{entry.title}</strong>
            {entry.time ? <time datetime={entry.dateTime}>{entry.time}</time> : null}
          </div>
          {entry.detail ? <small>{entry.detail}</small> : null}
        </li>
      ))}
    </ol>
  );
}

/** What a connection can and cannot do, each with yes or no in words. */
export function Capabilities({ list }: { list: readonly { can: boolean; text: string }[] }): JSX.Element {
  return (
    <ul class="capabilities" role="list">
      {list.map((item) => (
        <li data-off={item.can ? undefined : ""}>
          <Icon name={item.can ? "check" : "x"} />
          <span>
            <span class="visually-hidden">{item.can ? "Yes: " : "No: "}</span>
            {item.text}
          </span>
        </li>
      ))}
    </ul>
  );
}
