import type { JSX } from "hono/jsx/jsx-runtime";
import type { Day } from "../base/day.ts";
import { ButtonLink } from "../ui/buttons.tsx";
import { PageHeader } from "../ui/layout.tsx";
import { formatCount, SearchForm, Tabs, Toolbar } from "../ui/listing.tsx";
import { EmptyState, type FieldErrors, Notice } from "../ui/notices.tsx";
import { linkWord } from "../ui/tags.tsx";
import { ColumnConfigurator } from "./columns-view.tsx";
import { EVERYTHING, narrowed, type Place, placeHref, placeParts } from "./list-address.ts";
import { narrows } from "./list-filter.ts";
import { cleared, FilterChips, FilterMenu } from "./list-filters-view.tsx";
import { choiceHref } from "./many-choice.ts";
import { ViewMenu } from "./saved-view-menu-view.tsx";
import type { SentFrame, SentList } from "./sent-read.ts";
import { SentTable } from "./sent-table-view.tsx";
import { LINK_STATES } from "./state.ts";

export type SentViewProps = {
  place: Place;
  list: SentList;
  frame: FrameProps;
  timeZone: string;
  today: Day;
};

export type FrameProps = {
  currency: string;
  typed: Readonly<Record<string, string>>;
  errors: FieldErrors;
  columnsOpen: boolean;
  /** The page's nonce, and whether the filters asked for it by themselves. */
  nonce: string;
  isAsking: boolean;
};

/** Every request the firm has sent, and what became of it. */
export function SentView(props: SentViewProps): JSX.Element {
  const { place, list } = props;
  const hasLinks = list.counts.total > 0 || narrows(place.filter);
  return (
    <>
      <SentHeader place={place} canExport={list.page.rows.length > 0} />
      <Tabs label="Status" tabs={tabsOf(props)} />
      {hasLinks ? <SentToolbar place={place} list={list} {...props.frame} /> : null}
      <FilterChips place={place} choices={list.choices} currency={props.frame.currency} />
      {list.findsTooMany ? (
        <Notice tone="warn" title="More than 10,000 links match this search.">
          The newest 10,000 are looked at. Add another word to find the others.
        </Notice>
      ) : null}
      {list.page.rows.length === 0 ? <NothingSent {...props} /> : <SentTable {...props} />}
    </>
  );
}

/** The page when its filter cannot be read: what is wrong, and the form to correct it, without any list. */
export function UnreadFilterView(props: { place: Place; list: SentFrame; frame: FrameProps }): JSX.Element {
  return (
    <>
      <SentHeader place={props.place} canExport={false} />
      <SentToolbar place={props.place} list={props.list} {...props.frame} />
      <p>Correct the filter to see the links.</p>
    </>
  );
}

function SentHeader({ place, canExport }: { place: Place; canExport: boolean }): JSX.Element {
  const everything = { kind: "all", place } as const;
  return (
    <PageHeader
      title="Sent Pages"
      detail="Every request the firm has sent, and what became of it."
      actions={
        <>
          {canExport ? (
            <>
              <ButtonLink href={choiceHref("/sent/export.csv", everything)} icon="download">
                Export to CSV
              </ButtonLink>
              <ButtonLink href={choiceHref("/sent/export.xlsx", everything)} icon="download">
                Export to Excel
              </ButtonLink>
            </>
          ) : null}
          <ButtonLink href="/matters" kind="primary" icon="plus">
            New request
          </ButtonLink>
        </>
      }
    />
  );
}

function SentToolbar(props: FrameProps & { place: Place; list: SentFrame }): JSX.Element {
  const { place, list } = props;
  const { q: _search, ...keep } = placeParts(place);
  const own = list.views.find((view) => view.id === place.viewId && view.member_id === list.memberId);
  return (
    <Toolbar
      end={
        <>
          <FilterMenu
            place={place}
            choices={list.choices}
            currency={props.currency}
            typed={props.typed}
            errors={props.errors}
            nonce={props.nonce}
            isAsking={props.isAsking}
          />
          <ViewMenu views={list.views} place={place} memberId={list.memberId} />
          <ColumnConfigurator
            columns={list.columns}
            place={place}
            open={props.columnsOpen}
            viewName={own?.name}
          />
        </>
      }
    >
      <SearchForm
        action="/sent"
        label="Search sent pages"
        value={place.filter.search}
        placeholder="Client, matter, invoice, email or link"
        keep={keep}
      />
    </Toolbar>
  );
}

function tabsOf({ list, place }: SentViewProps) {
  const { byState, total, isAtLeast } = list.counts;
  const tab = (state: (typeof LINK_STATES)[number] | undefined, label: string, count: number) => ({
    label,
    href: placeHref(narrowed(place, { state })),
    current: place.filter.state === state,
    count,
    atLeast: isAtLeast,
  });
  return [
    tab(undefined, "All", total),
    ...LINK_STATES.map((state) => tab(state, linkWord(state), byState.get(state) ?? 0)),
  ];
}

function NothingSent({ list, place }: SentViewProps): JSX.Element {
  const { state, search } = place.filter;
  const { total } = list.counts;
  const what = state === undefined ? "links" : `${linkWord(state).toLowerCase()} links`;
  if (narrows(place.filter)) {
    return (
      <EmptyState
        icon="search"
        title={search === "" ? `No ${what} match these filters` : `No ${what} match “${search}”`}
        actions={
          <>
            {total > 0 ? (
              <ButtonLink href={placeHref(narrowed(place, { state: undefined }))} kind="primary">
                {`Show all ${formatCount(total)}`}
              </ButtonLink>
            ) : null}
            <ButtonLink href={placeHref({ ...cleared(place), filter: { ...EVERYTHING.filter, state } })}>
              {search === "" ? "Clear filters" : "Clear search and filters"}
            </ButtonLink>
          </>
        }
      >
        {total > 0
          ? `${total === 1 ? "One link matches" : `${formatCount(total)} links match`} in other tabs.`
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
