// biome-ignore-all lint/a11y/noRedundantRoles: rows become cards on a phone, and changed display drops the built-in roles.
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard when nothing in it is.
// biome-ignore-all lint/a11y/useSemanticElements: the roles stand beside their elements, not in place of them.
import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { Icon } from "./icons.tsx";

/** A table in a box that scrolls sideways when it must. `focusable` only where the table holds nothing to focus. */
export function DataTable(props: {
  /** Names the region: "Sent pages". */
  label: string;
  /** `cards` turns rows into cards on a phone; cells then carry their `label`. */
  layout?: "cards" | "grid" | "plain" | undefined;
  focusable?: boolean | undefined;
  id?: string | undefined;
  children: Child;
}): JSX.Element {
  const layout = props.layout ?? "cards";
  return (
    <div
      class="table-wrap"
      role="region"
      id={props.id}
      tabindex={props.focusable ? 0 : undefined}
      aria-label={`${props.label}, table`}
    >
      <table
        role="table"
        class="data-table"
        data-stack={layout === "cards" ? "" : undefined}
        data-editable={layout === "grid" ? "" : undefined}
      >
        {props.children}
      </table>
    </div>
  );
}

/** The heading row. Children are `Th` and `SelectAll`. */
export function TableHead({ children }: { children: Child }): JSX.Element {
  return (
    <thead role="rowgroup">
      <tr role="row">{children}</tr>
    </thead>
  );
}

/** Rows that belong together. An `id` lets one group be exchanged alone: one payment is one body. */
export function TableBody(props: { id?: string | undefined; children: Child }): JSX.Element {
  return (
    <tbody role="rowgroup" id={props.id}>
      {props.children}
    </tbody>
  );
}

/** The row of sums at the end. */
export function TableFoot({ children }: { children: Child }): JSX.Element {
  return (
    <tfoot role="rowgroup">
      <tr role="row">{children}</tr>
    </tfoot>
  );
}

/** One row; `group` is the heading row of a body. */
export function Row(props: {
  group?: boolean | undefined;
  id?: string | undefined;
  children: Child;
}): JSX.Element {
  return (
    <tr role="row" class={props.group ? "group-row" : undefined} id={props.id}>
      {props.children}
    </tr>
  );
}

type Sort = {
  /** Where the other order, or the first, is found. */
  href: string;
  /** The order in force; only the sorted column has one. */
  direction?: "ascending" | "descending" | undefined;
};

/** A column's heading, with a link when it can be sorted by. `hidden` keeps the words for screen readers. */
export function Th(props: {
  children: Child;
  num?: boolean | undefined;
  sort?: Sort | undefined;
  hidden?: boolean | undefined;
}): JSX.Element {
  const direction = props.sort?.direction;
  return (
    <th role="columnheader" scope="col" class={props.num ? "num" : undefined} aria-sort={direction}>
      {props.sort ? (
        <a href={props.sort.href}>
          {props.children}
          {direction ? <Icon name={direction === "ascending" ? "arrow-up" : "arrow-down"} /> : null}
        </a>
      ) : (
        <span class={props.hidden ? "visually-hidden" : undefined}>{props.children}</span>
      )}
    </th>
  );
}

/** The cell that names its row: the reference, with a small second line. */
export function RowHead(props: {
  children: Child;
  href?: string | undefined;
  note?: Child | undefined;
  /** For the heading row of a group. */
  group?: boolean | undefined;
  colspan?: number | undefined;
}): JSX.Element {
  return (
    <th role="rowheader" scope={props.group ? "rowgroup" : "row"} class="cell-title" colspan={props.colspan}>
      {props.href ? <a href={props.href}>{props.children}</a> : props.children}
      {props.note ? <small>{props.note}</small> : null}
    </th>
  );
}

/** A cell. `label` is the column's heading, shown beside the value when rows are cards. */
export function Td(props: {
  label?: string | undefined;
  /** Figures: to the right, digits in columns. */
  num?: boolean | undefined;
  /** The amount of the row: on a card it stands beside the title. */
  amount?: boolean | undefined;
  nowrap?: boolean | undefined;
  colspan?: number | undefined;
  children?: Child;
}): JSX.Element {
  const classes = [
    props.num || props.amount ? "num" : undefined,
    props.amount ? "cell-amount" : undefined,
    props.nowrap ? "nowrap" : undefined,
  ].filter((name) => name !== undefined);
  return (
    <td
      role="cell"
      class={classes.length > 0 ? classes.join(" ") : undefined}
      data-label={props.label}
      colspan={props.colspan}
    >
      {props.children}
    </td>
  );
}

/** An empty cell that a card leaves out. */
export function BlankCell(): JSX.Element {
  return <td role="cell" class="cell-blank" />;
}

/** A cell over the rest of a row, for what is wrong with it and the way out. */
export function NoteCell(props: { colspan: number; children: Child }): JSX.Element {
  return (
    <td role="cell" class="cell-note" colspan={props.colspan}>
      {props.children}
    </td>
  );
}

/** The box that ticks a row, named by the row: "Select INV-1001, Ana Ruiz". Without a name the cell stays empty. */
export function SelectCell(props: {
  label?: string | undefined;
  name?: string | undefined;
  value?: string | undefined;
  checked?: boolean | undefined;
  id?: string | undefined;
  form?: string | undefined;
  /** What the row stands for, in minor units and its currency: the script adds up the ticked rows. */
  sum?: { minor: bigint; currency: string } | undefined;
}): JSX.Element {
  return (
    <td role="cell" class="cell-select">
      {props.name ? (
        <input
          type="checkbox"
          id={props.id}
          name={props.name}
          value={props.value}
          checked={props.checked}
          form={props.form}
          aria-label={props.label}
          data-minor={props.sum?.minor.toString()}
          data-currency={props.sum?.currency}
        />
      ) : null}
    </td>
  );
}

/** The heading box that ticks every row on the page, where the script runs. */
export function SelectAll({ label }: { label: string }): JSX.Element {
  return (
    <th role="columnheader" scope="col" class="cell-select">
      <input type="checkbox" data-select-all="" aria-label={label} />
    </th>
  );
}
