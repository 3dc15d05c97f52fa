import type { JSX } from "hono/jsx/jsx-runtime";
import { type Day, dayOf, formatNearDay } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import { ButtonLink } from "../ui/buttons.tsx";
import { PageHeader } from "../ui/layout.tsx";
import { Pagination, SearchForm, Tabs, Toolbar } from "../ui/listing.tsx";
import { EmptyState } from "../ui/notices.tsx";
import { DataTable, Row, RowHead, TableBody, TableHead, Td, Th } from "../ui/table.tsx";
import { AccountBadge, LinkTag, linkWord } from "../ui/tags.tsx";
import { LinkEngagement } from "./engagement.tsx";
import type { SentPage, SentRow } from "./sent-queries.ts";
import { LINK_STATES, type LinkState } from "./state.ts";

export type SentViewProps = {
  page: SentPage;
  /** Links by state: all of them, or those that match the search. */
  counts: ReadonlyMap<string, number>;
  state: LinkState | undefined;
  search: string;
  timeZone: string;
  today: Day;
};

/** Every request the firm has sent, and what became of it. */
export function SentView(props: SentViewProps): JSX.Element {
  const { page, state, search } = props;
  return (
    <>
      <PageHeader
        title="Sent Pages"
        detail="Every request the firm has sent, and what became of it."
        actions={
          <ButtonLink href="/matters" kind="primary" icon="plus">
            New request
          </ButtonLink>
        }
      />
      <Tabs label="Status" tabs={tabsOf(props)} />
      <Toolbar>
        <SearchForm
          action="/sent"
          label="Search sent pages"
          value={search}
          placeholder="Client, matter, invoice, email or link"
          keep={state === undefined ? {} : { tab: state }}
        />
      </Toolbar>
      {page.rows.length === 0 ? <NothingSent {...props} /> : <SentTable {...props} />}
    </>
  );
}

function tabsOf({ counts, state, search }: SentViewProps) {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [
    { label: "All", href: sentHref({ search }), current: state === undefined, count: total },
    ...LINK_STATES.map((each) => ({
      label: linkWord(each),
      href: sentHref({ state: each, search }),
      current: state === each,
      count: counts.get(each) ?? 0,
    })),
  ];
}

function SentTable(props: SentViewProps): JSX.Element {
  const { page, state, search } = props;
  const first = page.rows[0];
  const last = page.rows.at(-1);
  return (
    <>
      <DataTable label="Sent pages">
        <TableHead>
          <Th>Client and matter</Th>
          <Th>For</Th>
          <Th>Account</Th>
          <Th num>Amount</Th>
          <Th>Status</Th>
          <Th>Engagement</Th>
          <Th>Sent</Th>
          <Th>Due</Th>
        </TableHead>
        <TableBody>
          {page.rows.map((row) => (
            <SentLine row={row} timeZone={props.timeZone} today={props.today} />
          ))}
        </TableBody>
      </DataTable>
      <Pagination
        previous={page.hasEarlier && first ? sentHref({ state, search, before: first.id }) : undefined}
        next={page.hasLater && last ? sentHref({ state, search, after: last.id }) : undefined}
      />
    </>
  );
}

type LineProps = { row: SentRow; timeZone: string; today: Day };

function SentLine({ row, timeZone, today }: LineProps): JSX.Element {
  const day = (instant: Date) => formatNearDay(dayOf(instant, timeZone), today);
  return (
    <Row>
      <RowHead href={`/links/${row.id}`} note={row.matterLabel === "" ? row.reference : row.matterLabel}>
        {row.clientName === "" ? row.payerName : row.clientName}
      </RowHead>
      <Td label="For">{row.description}</Td>
      <Td label="Account">
        <AccountBadge kind={row.accountKind} last4={row.last4} stacked />
      </Td>
      <Td label="Amount" amount>
        {formatMoney({ minor: row.amountMinor, currency: row.currency })}
      </Td>
      <Td label="Status">
        <span>
          <LinkTag state={row.state} />
          {row.closedAt ? <small>{day(row.closedAt)}</small> : null}
        </span>
      </Td>
      <Td label="Engagement">
        <LinkEngagement facts={row} timeZone={timeZone} today={today} />
      </Td>
      <Td label="Sent" nowrap>
        <time datetime={row.createdAt.toISOString()}>{day(row.createdAt)}</time>
      </Td>
      <Td label="Due" nowrap>
        {row.dueOn === null ? null : <time datetime={row.dueOn}>{formatNearDay(row.dueOn, today)}</time>}
      </Td>
    </Row>
  );
}

function NothingSent({ counts, state, search }: SentViewProps): JSX.Element {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const what = state === undefined ? "links" : `${linkWord(state).toLowerCase()} links`;
  if (search !== "") {
    return (
      <EmptyState
        icon="search"
        title={`No ${what} match “${search}”`}
        actions={
          <>
            {total > 0 ? (
              <ButtonLink href={sentHref({ search })} kind="primary">{`Show all ${total}`}</ButtonLink>
            ) : null}
            <ButtonLink href={sentHref({ state })}>Clear search</ButtonLink>
          </>
        }
      >
        {total > 0
          ? `${total === 1 ? "One link matches" : `${total} links match`} in other tabs.`
          : "Look for a client, a matter, a statement number, an email address or a link’s reference."}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon="send"
      title={total === 0 ? "Nothing sent yet" : `No ${what}`}
      actions={
        <ButtonLink href="/matters" kind={total === 0 ? "primary" : undefined}>
          New request
        </ButtonLink>
      }
    >
      {total === 0
        ? "Choose open statements under From matters and send the first link."
        : "Links appear here when they reach this state."}
    </EmptyState>
  );
}

/** The address of a view of the list. Without an anchor it is the first page. */
export function sentHref(view: {
  state?: LinkState | undefined;
  search?: string;
  after?: string;
  before?: string;
}): string {
  const query = new URLSearchParams();
  if (view.state !== undefined) query.set("tab", view.state);
  if (view.search) query.set("q", view.search);
  if (view.after !== undefined) query.set("after", view.after);
  if (view.before !== undefined) query.set("before", view.before);
  const text = query.toString();
  return text === "" ? "/sent" : `/sent?${text}`;
}
