import type { JSX } from "hono/jsx/jsx-runtime";
import { type Day, daysBetween, formatNearDay } from "../base/day.ts";
import { formatMoney, sumMinor } from "../base/money.ts";
import type { StatementFacts } from "../statements/queries.ts";
import type { MatterGroup, SearchResult } from "../statements/search.ts";
import { BasketJump } from "../ui/basket.tsx";
import { Button } from "../ui/buttons.tsx";
import { PostForm } from "../ui/form.tsx";
import { PageHeader, Stack } from "../ui/layout.tsx";
import { type ChipProps, Chips, formatCount, Pagination, SearchForm, Toolbar } from "../ui/listing.tsx";
import { EmptyState } from "../ui/notices.tsx";
import { Stepper } from "../ui/progress.tsx";
import {
  DataTable,
  Row,
  RowHead,
  SelectAll,
  SelectCell,
  TableBody,
  TableHead,
  Td,
  Th,
} from "../ui/table.tsx";
import { Tag } from "../ui/tags.tsx";
import { BasketView, type BasketViewProps, basketWords } from "./basket-view.tsx";
import { type Reading, ReadNow } from "./read-now-view.tsx";

export const SEND_STEPS = ["Choose and allocate", "Message", "Review and send"] as const;

/** What is looked for: the address of the page holds it all. */
export type MattersFilter = {
  text: string;
  kind: "invoice" | "trust_request" | undefined;
  due: "pastDue" | "over60" | undefined;
  after: string | undefined;
};

type MattersViewProps = {
  filter: MattersFilter;
  result: SearchResult;
  basket: BasketViewProps;
  readings: readonly Reading[];
};

/** Search on the left, basket on the right. */
export function MattersView({ filter, result, basket, readings }: MattersViewProps): JSX.Element {
  return (
    <>
      <PageHeader
        title="From matters"
        detail="Pick open statements and trust requests, then send one link for all of them."
        actions={<ReadNow readings={readings} back={mattersHref(filter)} />}
      />
      <Stepper steps={SEND_STEPS} current={0} />
      <div class="split">
        <div>
          <Stack gap="s">
            <Toolbar>
              <SearchForm
                action="/matters"
                label="Search clients, matters and statements"
                value={filter.text}
                placeholder="Client, matter, statement or payer"
                keep={keptBySearch(filter)}
              />
            </Toolbar>
            <Chips label="Filters" chips={chipsOf(filter)} />
            <p class="soft" role="status">
              {shownWords(result)}
            </p>
            {basket.facts.lines.length > 0 ? (
              <BasketJump href="#basket-panel" words={basketWords(basket.facts)} />
            ) : null}
          </Stack>
          {result.groups.length === 0 ? (
            <NothingFound filter={filter} />
          ) : (
            <Results filter={filter} result={result} basket={basket} />
          )}
        </div>
        <BasketView {...basket} />
      </div>
    </>
  );
}

function Results({ filter, result, basket }: Omit<MattersViewProps, "readings">): JSX.Element {
  const ticked = new Set(basket.facts.lines.map((line) => line.statement.id));
  return (
    <PostForm action="/matters/basket/add" fields={{ back: mattersHref(filter) }}>
      <DataTable label="Search results">
        <TableHead>
          <SelectAll label="Select every item on this page" />
          <Th>Item</Th>
          <Th>Type</Th>
          <Th>Issued</Th>
          <Th>Due</Th>
          <Th>Age</Th>
          <Th num>Balance</Th>
        </TableHead>
        {result.groups.map((group) => (
          <TableBody>
            <GroupRow group={group} />
            {group.statements.map((statement) => (
              <StatementRow statement={statement} today={result.today} isTicked={ticked.has(statement.id)} />
            ))}
          </TableBody>
        ))}
      </DataTable>
      <Pagination
        next={
          result.nextCursor === undefined ? undefined : mattersHref({ ...filter, after: result.nextCursor })
        }
      />
      <Button icon="plus">Put what is ticked into the basket</Button>
    </PostForm>
  );
}

function GroupRow({ group }: { group: MatterGroup }): JSX.Element {
  const currency = group.statements[0]?.currency ?? "USD";
  const notes = [
    group.clientName,
    group.responsible ?? "",
    group.trustBalanceMinor === null
      ? ""
      : `trust balance ${formatMoney({ minor: group.trustBalanceMinor, currency })}`,
  ];
  return (
    <Row group>
      <SelectCell />
      <RowHead group colspan={5} note={notes.filter((note) => note !== "").join(", ")}>
        {`${group.number} ${group.description}`}
      </RowHead>
      <Td amount>
        {formatMoney({
          minor: sumMinor(group.statements.map((statement) => statement.balanceMinor)),
          currency,
        })}
      </Td>
    </Row>
  );
}

function StatementRow(props: { statement: StatementFacts; today: Day; isTicked: boolean }): JSX.Element {
  const { statement, today } = props;
  const money = (minor: bigint) => formatMoney({ minor, currency: statement.currency });
  const trust = statement.kind === "trust_request";
  return (
    <Row>
      <SelectCell
        name="item"
        value={statement.id}
        checked={props.isTicked}
        label={`Add ${statement.number} to the basket`}
      />
      <RowHead>{statement.number}</RowHead>
      <Td label="Type">
        <Tag icon={trust ? "shield" : "receipt"}>{trust ? "Trust request" : "Statement"}</Tag>
      </Td>
      <Td label="Issued" nowrap>
        {formatNearDay(statement.issuedOn, today)}
      </Td>
      <Td label="Due" nowrap>
        {statement.dueOn === null ? null : formatNearDay(statement.dueOn, today)}
      </Td>
      <Td label="Age" nowrap>
        <Age dueOn={statement.dueOn} today={today} />
      </Td>
      <Td label="Balance" amount>
        {money(statement.balanceMinor)}
        {statement.balanceMinor < statement.totalMinor ? (
          <small>of {money(statement.totalMinor)}</small>
        ) : null}
      </Td>
    </Row>
  );
}

function Age({ dueOn, today }: { dueOn: Day | null; today: Day }): JSX.Element {
  const words = ageWords(dueOn, today);
  return <span class={words === undefined ? "soft" : undefined}>{words ?? "Not due"}</span>;
}

/** `34 days past due`; undefined for what is not due yet or has no due date. */
export function ageWords(dueOn: Day | null, today: Day): string | undefined {
  const days = dueOn === null ? 0 : daysBetween(dueOn, today);
  if (days <= 0) return undefined;
  return days === 1 ? "1 day past due" : `${formatCount(days)} days past due`;
}

function NothingFound({ filter }: { filter: MattersFilter }): JSX.Element {
  const filtered = filter.text !== "" || filter.kind !== undefined || filter.due !== undefined;
  return (
    <EmptyState icon="search" title={filtered ? "Nothing open matches" : "No open statements"}>
      {filtered
        ? "Every word must occur in the client, matter, statement or payer. Try fewer words or filters."
        : "Open statements appear here when the matter system has been read."}
    </EmptyState>
  );
}

function chipsOf(filter: MattersFilter): ChipProps[] {
  const chip = (label: string, change: Partial<MattersFilter>, on: boolean): ChipProps => ({
    label,
    href: mattersHref({ ...filter, after: undefined, ...change }),
    on,
  });
  return [
    chip("All open", { kind: undefined }, filter.kind === undefined),
    chip("Statements", { kind: "invoice" }, filter.kind === "invoice"),
    chip("Trust requests", { kind: "trust_request" }, filter.kind === "trust_request"),
    chip("Past due", { due: filter.due === "pastDue" ? undefined : "pastDue" }, filter.due === "pastDue"),
    chip("Over 60 days", { due: filter.due === "over60" ? undefined : "over60" }, filter.due === "over60"),
  ];
}

/** The address of a search. */
export function mattersHref(filter: MattersFilter): string {
  const query = new URLSearchParams({
    ...(filter.text === "" ? {} : { q: filter.text }),
    ...keptBySearch(filter),
  });
  if (filter.after !== undefined) query.set("after", filter.after);
  const text = query.toString();
  return text === "" ? "/matters" : `/matters?${text}`;
}

function keptBySearch(filter: MattersFilter): Record<string, string> {
  return {
    ...(filter.kind === undefined ? {} : { kind: filter.kind }),
    ...(filter.due === undefined ? {} : { due: filter.due }),
  };
}

function shownWords({ shown, nextCursor }: SearchResult): string {
  const count = (number: number, one: string, many: string) =>
    `${formatCount(number)} ${number === 1 ? one : many}`;
  const sums = [...shown.balances].map(([currency, minor]) => formatMoney({ minor, currency })).join(" and ");
  if (shown.statements === 0) return "No open items";
  const where = `in ${count(shown.matters, "matter", "matters")} of ${count(shown.clients, "client", "clients")}`;
  const more = nextCursor === undefined ? "" : " on this page";
  return `${count(shown.statements, "open item", "open items")}${more} ${where}, ${sums}`;
}
