import type { JSX } from "hono/jsx/jsx-runtime";
import { type Day, formatInstant } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { PostForm } from "../ui/form.tsx";
import { PageHeader } from "../ui/layout.tsx";
import { Chips, formatCount, Pagination, SelectionBar, type Tab, Tabs, Toolbar } from "../ui/listing.tsx";
import { EmptyState, type FieldErrors, Notice } from "../ui/notices.tsx";
import { DataTable, SelectAll, TableHead, Th } from "../ui/table.tsx";
import { postingWord } from "../ui/tags.tsx";
import { fieldsOf, isNarrowed, PAGE, type PostingFilter, postingsHref, TABS } from "./filter.ts";
import { FilterBar } from "./filter-view.tsx";
import { canBeSelected, GroupBody } from "./group-view.tsx";
import type { PostingList } from "./read-list.ts";

export type PostingsProps = PostingList & {
  timeZone: string;
  today: Day;
  /** What was wrong with the days of the filter, and what was typed there. */
  errors?: FieldErrors | undefined;
  typed?: { from: string; to: string } | undefined;
};

/** Manage Postings: payments, each with a line per part, and what can be done about them. */
export function PostingsView(props: PostingsProps): JSX.Element {
  const { filter } = props;
  const page = { ...filter, after: undefined, before: undefined };
  return (
    <>
      <PageHeader
        title="Manage Postings"
        detail="Each payment and where its money was written. Posted means that the matter system has taken it."
        actions={
          <>
            <ButtonLink href={postingsHref(page, `${PAGE}/export.xlsx`)} icon="download">
              Export to Excel
            </ButtonLink>
            <ButtonLink href={postingsHref(page, `${PAGE}/export.csv`)}>CSV</ButtonLink>
          </>
        }
      />
      {props.trustAlarms > 0 ? (
        <Notice
          tone="bad"
          title="Money left a trust account that may not."
          actions={
            <ButtonLink size="s" href="/deposits/differences">
              Show differences
            </ButtonLink>
          }
        />
      ) : null}
      <Tabs label="Posting state" tabs={tabsOf(props)} />
      <FilterBar {...props} />
      {filter.tab === "set_aside" ? <HeldChips {...props} /> : null}
      {props.groups.length === 0 ? <Nothing {...props} /> : <PostingsForm {...props} />}
    </>
  );
}

function tabsOf({ filter, counts }: PostingsProps): Tab[] {
  return TABS.map(({ tab }) => ({
    label: tab === "all" ? "All" : postingWord(tab),
    href: postingsHref({ ...filter, tab, held: undefined, after: undefined, before: undefined }),
    current: tab === filter.tab,
    count: counts && (counts.get(tab) ?? 0),
    ...(tab === "needs_attention" && (counts?.get(tab) ?? 0) > 0 ? { tone: "bad" as const } : {}),
  }));
}

/** Of what is set aside, the money that stays with the firm has a count of its own. */
function HeldChips({ filter, unappliedCount }: PostingsProps): JSX.Element {
  const place = { ...filter, after: undefined, before: undefined };
  return (
    <Toolbar>
      <Chips
        label="Why it is set aside"
        chips={[
          {
            label: "Every reason",
            href: postingsHref({ ...place, held: undefined }),
            on: filter.held === undefined,
          },
          {
            label: `Held as unapplied: ${formatCount(unappliedCount)}`,
            href: postingsHref({ ...place, held: "unapplied" }),
            on: filter.held === "unapplied",
          },
        ]}
      />
    </Toolbar>
  );
}

/** The page that is shown: what is done there leads back to it. */
function anchorsOf({ after, before }: PostingFilter): Record<string, string> {
  if (after !== undefined) return { after };
  return before === undefined ? {} : { before };
}

function PostingsForm(props: PostingsProps): JSX.Element {
  const { filter, groups } = props;
  const [first, last] = [groups[0], groups.at(-1)];
  const canSelect = groups.some(({ lines }) => canBeSelected(lines));
  return (
    <PostForm action={`${PAGE}/release`} fields={{ ...fieldsOf(filter), ...anchorsOf(filter) }}>
      {canSelect ? (
        <SelectionBar
          label="Selected payments"
          summary="Select payments to decide about those of their parts that are not posted yet."
        >
          <Button kind="primary" size="s">
            Post selected
          </Button>
          <Button size="s" icon="refresh" formAction={`${PAGE}/retry`}>
            Retry
          </Button>
          <Button size="s" icon="pause" formAction={`${PAGE}/set-aside/selected`}>
            Set aside
          </Button>
        </SelectionBar>
      ) : null}
      <DataTable label="Postings by payment">
        <TableHead>
          {canSelect ? <SelectAll label="Select all payments on this page" /> : <Th hidden>Selection</Th>}
          <Th>Payment and allocation</Th>
          <Th>Account</Th>
          <Th>Written to</Th>
          <Th>Deposit</Th>
          <Th num>Amount</Th>
          <Th>State</Th>
        </TableHead>
        {groups.map(({ payment, lines }) => (
          <GroupBody
            payment={payment}
            lines={lines}
            received={payment.receivedAt ? formatInstant(payment.receivedAt, props.timeZone) : undefined}
            today={props.today}
            back={postingsHref(filter)}
          />
        ))}
      </DataTable>
      <Pagination
        summary={`${groups.length === 1 ? "1 payment" : `${groups.length} payments`}, ${sumWords(groups)}`}
        previous={
          props.hasEarlier && first
            ? postingsHref({ ...filter, after: undefined, before: first.payment.id })
            : undefined
        }
        next={
          props.hasLater && last
            ? postingsHref({ ...filter, before: undefined, after: last.payment.id })
            : undefined
        }
      />
    </PostForm>
  );
}

function sumWords(groups: PostingsProps["groups"]): string {
  const sums = new Map<string, bigint>();
  for (const { payment } of groups) {
    sums.set(payment.currency, (sums.get(payment.currency) ?? 0n) + payment.amountMinor);
  }
  return [...sums].map(([currency, minor]) => formatMoney({ minor, currency })).join(" and ");
}

function Nothing({ filter, counts }: PostingsProps): JSX.Element {
  if (isNarrowed(filter)) {
    const elsewhere = counts?.get("all") ?? 0;
    return (
      <EmptyState
        icon="search"
        title="Nothing matches"
        actions={
          <>
            {elsewhere > 0 && filter.tab !== "all" ? (
              <ButtonLink href={postingsHref({ ...filter, tab: "all" })} kind="primary">
                {`Show ${elsewhere === 1 ? "the one" : `all ${formatCount(elsewhere)}`}`}
              </ButtonLink>
            ) : null}
            <ButtonLink href={postingsHref({ tab: filter.tab })}>Clear filters</ButtonLink>
          </>
        }
      >
        {elsewhere > 0
          ? "No posting of this tab fits the search and the filters. Others do."
          : "No posting fits the search and the filters."}
      </EmptyState>
    );
  }
  const hasSome = [...(counts?.values() ?? [1])].some((count) => count > 0);
  if (!hasSome) {
    return (
      <EmptyState icon="ledger" title="No postings yet">
        When a payment arrives, what is written into the matter system stands here.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon="check"
      title={filter.tab === "needs_attention" ? "Nothing needs attention" : "Nothing here"}
      actions={<ButtonLink href={postingsHref({ tab: "all" })}>Show all postings</ButtonLink>}
    >
      No posting is in this state.
    </EmptyState>
  );
}
