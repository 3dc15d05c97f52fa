import type { JSX } from "hono/jsx/jsx-runtime";
import { formatInstant } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { PostForm } from "../ui/form.tsx";
import { PageHeader } from "../ui/layout.tsx";
import { Chips, Pagination, SearchForm, SelectionBar, type Tab, Tabs, Toolbar } from "../ui/listing.tsx";
import { EmptyState } from "../ui/notices.tsx";
import { DataTable, SelectAll, TableHead, Th } from "../ui/table.tsx";
import { postingWord } from "../ui/tags.tsx";
import { canBeSelected, GroupBody } from "./group-view.tsx";
import type { LineFacts } from "./line-view.tsx";
import type { PaymentGroup, PostingFilter, PostingTab } from "./list-queries.ts";

const PAGE = "/postings";

/** The tabs in their order, with the name that each has in an address. */
export const TABS: readonly { tab: PostingTab; slug: string }[] = [
  { tab: "needs_attention", slug: "needs-attention" },
  { tab: "ready", slug: "ready" },
  { tab: "posting", slug: "posting" },
  { tab: "posted", slug: "posted" },
  { tab: "reversed", slug: "reversed" },
  { tab: "set_aside", slug: "set-aside" },
  { tab: "all", slug: "all" },
];

export type PostingsProps = {
  filter: PostingFilter;
  counts: ReadonlyMap<PostingTab, number>;
  groups: readonly { payment: PaymentGroup; lines: readonly LineFacts[] }[];
  hasEarlier: boolean;
  hasLater: boolean;
  timeZone: string;
};

/** Manage Postings: payments, each with a line per part, and what can be done about them. */
export function PostingsView(props: PostingsProps): JSX.Element {
  const { filter } = props;
  return (
    <>
      <PageHeader
        title="Manage Postings"
        detail="Each payment and where its money was written. Posted means that the matter system has taken it."
      />
      <Tabs label="Posting state" tabs={tabsOf(props)} />
      <Toolbar>
        <SearchForm
          action={PAGE}
          label="Search postings"
          placeholder="Payer, statement or reference"
          value={filter.search}
          keep={keepOf({ ...filter, search: "" })}
        />
        <Chips
          label="Account"
          chips={[
            { label: "Any account", account: undefined },
            { label: "Operating", account: "operating" as const },
            { label: "Trust", account: "trust" as const },
          ].map(({ label, account }) => ({
            label,
            href: postingsHref({ ...filter, account, after: undefined, before: undefined }),
            on: filter.account === account,
          }))}
        />
      </Toolbar>
      {props.groups.length === 0 ? <Nothing {...props} /> : <PostingsForm {...props} />}
    </>
  );
}

/** Part of what names a list in its address. */
type Place = { [Key in keyof PostingFilter]?: PostingFilter[Key] | undefined };

/** The address of a list of postings. */
export function postingsHref(filter: Place): string {
  const query = new URLSearchParams(keepOf(filter));
  if (filter.after !== undefined) query.set("after", filter.after);
  if (filter.before !== undefined) query.set("before", filter.before);
  const text = query.toString();
  return text === "" ? PAGE : `${PAGE}?${text}`;
}

function keepOf(filter: Place): Record<string, string> {
  const slug = TABS.find(({ tab }) => tab === filter.tab)?.slug;
  return {
    ...(slug === undefined ? {} : { tab: slug }),
    ...(filter.account === undefined ? {} : { account: filter.account }),
    ...(filter.search ? { q: filter.search } : {}),
  };
}

function tabsOf({ filter, counts }: PostingsProps): Tab[] {
  return TABS.map(({ tab }) => ({
    label: tab === "all" ? "All" : postingWord(tab),
    href: postingsHref({ ...filter, tab, after: undefined, before: undefined }),
    current: tab === filter.tab,
    count: counts.get(tab) ?? 0,
    ...(tab === "needs_attention" && (counts.get(tab) ?? 0) > 0 ? { tone: "bad" as const } : {}),
  }));
}

function PostingsForm(props: PostingsProps): JSX.Element {
  const { filter, groups } = props;
  const [first, last] = [groups[0], groups.at(-1)];
  const canSelect = groups.some(({ lines }) => canBeSelected(lines));
  return (
    <PostForm action={`${PAGE}/release`} fields={keepOf(filter)}>
      {canSelect ? (
        <SelectionBar
          label="Selected payments"
          summary="Select payments to post those of their parts that are not posted yet."
        >
          <Button kind="primary" size="s">
            Post selected
          </Button>
        </SelectionBar>
      ) : null}
      <DataTable label="Postings by payment">
        <TableHead>
          {canSelect ? <SelectAll label="Select all payments on this page" /> : <Th hidden>Selection</Th>}
          <Th>Payment and allocation</Th>
          <Th>Account</Th>
          <Th>Written to</Th>
          <Th num>Amount</Th>
          <Th>State</Th>
        </TableHead>
        {groups.map(({ payment, lines }) => (
          <GroupBody
            payment={payment}
            lines={lines}
            received={payment.receivedAt ? formatInstant(payment.receivedAt, props.timeZone) : undefined}
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
  const isFiltered = filter.search !== "" || filter.account !== undefined;
  if (isFiltered) {
    return (
      <EmptyState
        icon="search"
        title="Nothing matches"
        actions={<ButtonLink href={postingsHref({ tab: filter.tab })}>Clear filters</ButtonLink>}
      >
        No payment here has these words or this account.
      </EmptyState>
    );
  }
  const hasSome = [...counts.values()].some((count) => count > 0);
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
