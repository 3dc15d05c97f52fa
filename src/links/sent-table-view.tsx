import type { JSX } from "hono/jsx/jsx-runtime";
import { Button } from "../ui/buttons.tsx";
import { Check } from "../ui/choices.tsx";
import { formatCount, Pagination, SelectionBar } from "../ui/listing.tsx";
import { DataTable, Row, SelectAll, SelectCell, TableBody, TableHead, Th } from "../ui/table.tsx";
import { COLUMN_TITLES } from "./columns-catalog.ts";
import { isAmount, LinkCell } from "./columns-cells.tsx";
import { leftMinor, nameOf } from "./columns-words.ts";
import { ordered, placeHref, placeParts } from "./list-address.ts";
import { nextSort } from "./list-sort.ts";
import type { SentRow } from "./sent-queries.ts";
import type { SentViewProps } from "./sent-view.tsx";

/** The links of a page with a box each, and what can be done with those that are ticked. */
export function SentTable(props: SentViewProps): JSX.Element {
  const { list, place } = props;
  const { rows } = list.page;
  return (
    <form action="/sent/many" aria-label="Selected links">
      {Object.entries(placeParts(place)).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <Selection {...props} />
      <DataTable label="Sent pages">
        <TableHead>
          <SelectAll label="Select all links on this page" />
          {list.columns.map((column) => (
            <Th
              num={isAmount(column)}
              sort={{
                href: placeHref(ordered(place, nextSort(place.sort, column))),
                direction:
                  place.sort.key !== column ? undefined : place.sort.descending ? "descending" : "ascending",
              }}
            >
              {COLUMN_TITLES[column]}
            </Th>
          ))}
        </TableHead>
        <TableBody>
          {rows.map((row) => (
            <Row>
              <SelectCell
                name="link"
                value={row.id}
                label={`Select ${nameOf(row)}, ${row.reference}`}
                sum={{ minor: outstandingMinor(row), currency: row.currency }}
              />
              {list.columns.map((column) => (
                <LinkCell column={column} row={row} timeZone={props.timeZone} today={props.today} />
              ))}
            </Row>
          ))}
        </TableBody>
      </DataTable>
      <Pages {...props} />
    </form>
  );
}

function Selection({ list, place }: SentViewProps): JSX.Element {
  const { total } = matching({ list, place });
  return (
    <SelectionBar
      label="Selected links"
      summary={<span data-selection="">Tick links to act on several at once.</span>}
    >
      {total > list.page.rows.length ? (
        <Check name="all" value="1" label={`All ${matching({ list, place }).words} that match`} />
      ) : null}
      <Button size="s" icon="bell" name="verb" value="remind">
        Remind
      </Button>
      <Button size="s" icon="mail" name="verb" value="resend">
        Resend
      </Button>
      <Button size="s" icon="calendar" name="verb" value="extend">
        Extend
      </Button>
      <Button size="s" icon="copy" formAction="/sent/copy">
        Copy links
      </Button>
      <Button size="s" icon="download" formAction="/sent/export.xlsx">
        Export selected
      </Button>
      <Button size="s" kind="danger" icon="x" name="verb" value="cancel">
        Cancel links
      </Button>
    </SelectionBar>
  );
}

function Pages({ list, place }: SentViewProps): JSX.Element {
  const { rows, hasEarlier, hasLater } = list.page;
  const [first, last] = [rows[0], rows.at(-1)];
  return (
    <Pagination
      summary={`${formatCount(rows.length)} of ${matching({ list, place }).words}`}
      previous={hasEarlier && first ? placeHref({ ...place, after: undefined, before: first.id }) : undefined}
      next={hasLater && last ? placeHref({ ...place, before: undefined, after: last.id }) : undefined}
    />
  );
}

/** How many links the tab shows under its filter, also in words: "1,648 links", "50,000+ links". */
function matching({ list, place }: Pick<SentViewProps, "list" | "place">): {
  total: number;
  words: string;
} {
  const { state } = place.filter;
  const total = state === undefined ? list.counts.total : (list.counts.byState.get(state) ?? 0);
  const figure = `${formatCount(total)}${list.counts.isAtLeast ? "+" : ""}`;
  return { total, words: `${figure} ${figure === "1" ? "link" : "links"}` };
}

function outstandingMinor(row: SentRow): bigint {
  return row.state === "outstanding" ? (leftMinor(row) ?? 0n) : 0n;
}
