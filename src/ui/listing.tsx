// biome-ignore-all lint/a11y/noRedundantRoles: without it Safari does not call an unmarked list a list.
// biome-ignore-all lint/a11y/useSemanticElements: a bar of actions is a group without being a fieldset.
import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { Icon } from "./icons.tsx";
import { type Swap, swapAttributes } from "./swap.ts";
import type { Tone } from "./tone.ts";

export type Tab = {
  label: string;
  href: string;
  current: boolean;
  count?: number | undefined;
  /** Counting stopped there: `50,000+`. */
  atLeast?: boolean | undefined;
  /** `bad` marks a count that needs a person. */
  tone?: Extract<Tone, "bad"> | undefined;
};

/** Views of one list by state, each with its count. */
export function Tabs(props: { label: string; tabs: readonly Tab[] }): JSX.Element {
  return (
    <nav class="tabs" aria-label={props.label}>
      <ul role="list">
        {props.tabs.map((tab) => (
          <li data-tone={tab.tone}>
            <a href={tab.href} aria-current={tab.current ? "page" : undefined}>
              {tab.label}
              {tab.count === undefined ? null : (
                <span>{`${formatCount(tab.count)}${tab.atLeast ? "+" : ""}`}</span>
              )}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The row over a list: search first, then filters, then `end` at the right. */
export function Toolbar(props: { children: Child; end?: Child | undefined }): JSX.Element {
  return (
    <div class="toolbar">
      {props.children}
      {props.end ? <div class="toolbar-end">{props.end}</div> : null}
    </div>
  );
}

/** A search box as a form of its own. `keep` are the other filters of the address, which a search must not drop. */
export function SearchForm(props: {
  action: string;
  label: string;
  name?: string | undefined;
  value?: string | undefined;
  placeholder?: string | undefined;
  keep?: Readonly<Record<string, string>> | undefined;
  swap?: Swap | undefined;
  autofocus?: boolean | undefined;
}): JSX.Element {
  return (
    <form
      class="search"
      role="search"
      action={props.action}
      {...(props.swap ? swapAttributes(props.swap, "get", props.action) : {})}
    >
      {Object.entries(props.keep ?? {}).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button type="submit" aria-label="Search">
        <Icon name="search" />
      </button>
      <input
        class="input"
        type="search"
        name={props.name ?? "q"}
        id={props.name ?? "q"}
        value={props.value ?? ""}
        placeholder={props.placeholder}
        aria-label={props.label}
        autocomplete="off"
        autofocus={props.autofocus}
      />
    </form>
  );
}

export type ChipProps = {
  label: string;
  href: string;
  on?: boolean | undefined;
  /** The chip is a filter in force, and its link takes it away. */
  remove?: boolean | undefined;
};

/** A filter as a link: the address holds all filters. */
export function Chip(props: ChipProps): JSX.Element {
  const on = props.on || props.remove;
  return (
    <a
      class="chip"
      href={props.href}
      data-on={on ? "" : undefined}
      aria-current={props.on ? "true" : undefined}
    >
      {props.label}
      {props.remove ? (
        <>
          <Icon name="x" />
          <span class="visually-hidden">, remove filter</span>
        </>
      ) : null}
    </a>
  );
}

/** Several filters with a common name. */
export function Chips(props: { label: string; chips: readonly ChipProps[] }): JSX.Element {
  return (
    <ul class="cluster" role="list" aria-label={props.label}>
      {props.chips.map((chip) => (
        <li>
          <Chip {...chip} />
        </li>
      ))}
    </ul>
  );
}

/** What can be done with the ticked rows. Always there, since ticking alone tells the server nothing. */
export function SelectionBar(props: { label: string; summary: Child; children: Child }): JSX.Element {
  return (
    <div class="selection-bar" role="group" aria-label={props.label}>
      <p>{props.summary}</p>
      <div class="cluster">{props.children}</div>
    </div>
  );
}

/** Keyset pages: a link exists only where there is such a page. `summary` says what is shown: "1–25 of 1,648". */
export function Pagination(props: {
  summary?: string | undefined;
  previous?: string | undefined;
  next?: string | undefined;
}): JSX.Element {
  return (
    <nav class="pagination" aria-label="Pages">
      <span>{props.summary}</span>
      <span class="cluster">
        {props.previous ? (
          <a class="button" data-size="s" href={props.previous} rel="prev">
            <Icon name="chevron-left" />
            Previous
          </a>
        ) : null}
        {props.next ? (
          <a class="button" data-size="s" href={props.next} rel="next">
            Next
            <Icon name="chevron-right" />
          </a>
        ) : null}
      </span>
    </nav>
  );
}

/** Pages of a list by their number, `shown` rows of `total` on this one. `lead` is a sentence before the range. */
export function NumberedPages(props: {
  page: number;
  pageSize: number;
  shown: number;
  total: number;
  hrefOf: (page: number) => string;
  lead?: string | undefined;
}): JSX.Element {
  const { page, pageSize, shown, total, hrefOf } = props;
  const first = (page - 1) * pageSize + 1;
  const range = `${formatCount(first)}–${formatCount(first + shown - 1)} of ${formatCount(total)}`;
  const words = props.lead === undefined ? range : `${props.lead} ${range}`;
  return (
    <Pagination
      summary={shown === 0 ? undefined : words}
      previous={page > 1 ? hrefOf(page - 1) : undefined}
      next={page * pageSize < total ? hrefOf(page + 1) : undefined}
    />
  );
}

/** `1648` becomes `1,648`. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}
