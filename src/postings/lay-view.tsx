import type { JSX } from "hono/jsx/jsx-runtime";
import { formatShortDay } from "../base/day.ts";
import { formatDecimal, formatMoney } from "../base/money.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { Choices } from "../ui/choices.tsx";
import { MoneyField } from "../ui/fields.tsx";
import { PostForm } from "../ui/form.tsx";
import { ActionBar, Section, Stack } from "../ui/layout.tsx";
import { SearchForm } from "../ui/listing.tsx";
import { EmptyState, type FieldErrors, Notice } from "../ui/notices.tsx";
import { DataTable, Row, RowHead, TableBody, TableHead, Td, Th } from "../ui/table.tsx";
import { withBack } from "./back.ts";
import { DecisionHead } from "./decision-view.tsx";
import { PAGE } from "./filter.ts";
import type { PostingLine } from "./line-queries.ts";
import { PROBLEM_TITLES } from "./problem-words.ts";
import type { Suggestion } from "./suggest.ts";
import type { Target } from "./target-queries.ts";

export type LayValues = { search: string; statement: string; amount: string };

export type LayProps = {
  posting: PostingLine;
  payerName: string;
  /** The page on which the statement was asked for. */
  back: string;
  /** What the link named; empty when it named nothing. */
  invoiceNumber: string;
  suggestions: readonly Suggestion[];
  /** What the search found; undefined while nobody has searched. */
  found: readonly Target[] | undefined;
  values: LayValues;
  errors: FieldErrors | undefined;
};

/** The page that lays a posting on an open statement: what is likely first, each with one button, then a search for any other. */
export function LayPage(props: LayProps): JSX.Element {
  const { posting, values } = props;
  const path = `/postings/${posting.id}/statement`;
  return (
    <Stack gap="l">
      <DecisionHead
        title="Choose a statement"
        posting={posting}
        payerName={props.payerName}
        back={props.back}
      />
      <Why {...props} />
      {props.suggestions.length > 0 ? <Suggestions {...props} /> : null}
      <Section id="search-title" title="Any other statement">
        <Stack>
          <SearchForm
            action={path}
            keep={props.back === PAGE ? {} : { back: props.back }}
            label="Search open statements"
            placeholder="Statement, matter or client"
            value={values.search}
          />
          {props.found === undefined ? null : <Found {...props} found={props.found} />}
        </Stack>
      </Section>
      <ActionBar words="The matter system decides in the end whether the statement takes it.">
        <ButtonLink href={props.back}>Back</ButtonLink>
        <ButtonLink href={withBack(`/postings/${posting.id}/parts`, props.back)}>
          Lay on several statements
        </ButtonLink>
        <ButtonLink href={withBack(`/postings/${posting.id}/hold`, props.back)}>Hold as unapplied</ButtonLink>
      </ActionBar>
    </Stack>
  );
}

function Why({ posting, invoiceNumber }: LayProps): JSX.Element | null {
  if (posting.problem === null) return null;
  const named = invoiceNumber === "" ? null : ` Invoice number given: “${invoiceNumber}”.`;
  return (
    <Notice tone="info" title={PROBLEM_TITLES[posting.problem]}>
      {posting.problem_text}
      {named}
    </Notice>
  );
}

function Suggestions({ posting, suggestions, values, back }: LayProps): JSX.Element {
  const path = withBack(`/postings/${posting.id}/statement`, back);
  return (
    <Section id="suggestions" title="Suggestions" detail="The likeliest first">
      <DataTable label="Suggested statements">
        <TableHead>
          <Th>Statement</Th>
          <Th>Why</Th>
          <Th num>Open</Th>
          <Th hidden>Action</Th>
        </TableHead>
        <TableBody>
          {suggestions.map(({ target, why, takesMinor }) => {
            const amount = { minor: takesMinor, currency: posting.currency };
            return (
              <Row>
                <RowHead note={placeWords(target)}>{target.number}</RowHead>
                <Td label="Why">{why.join(" ")}</Td>
                <Td label="Open" num>
                  {formatMoney({ minor: target.balanceMinor, currency: target.currency })}
                </Td>
                <Td nowrap>
                  <PostForm
                    action={path}
                    fields={{
                      q: values.search,
                      statement: target.statementId,
                      amount: formatDecimal(takesMinor),
                    }}
                  >
                    <Button size="s">
                      {`Lay ${formatMoney(amount)} on it`}
                      <span class="visually-hidden">{`: ${target.number}`}</span>
                    </Button>
                  </PostForm>
                </Td>
              </Row>
            );
          })}
        </TableBody>
      </DataTable>
    </Section>
  );
}

function Found(props: LayProps & { found: readonly Target[] }): JSX.Element {
  const { posting, found, values, errors } = props;
  if (found.length === 0) {
    return (
      <EmptyState icon="search" title="No open statement matches">
        {`Search for a number, a matter or a client. Only ${wantedWords(posting)} in ${posting.currency} are shown.`}
      </EmptyState>
    );
  }
  return (
    <PostForm
      action={withBack(`/postings/${posting.id}/statement`, props.back)}
      fields={{ q: values.search }}
      class="stack"
      gap="l"
    >
      <Choices
        name="statement"
        label="Open statements"
        value={values.statement}
        error={errors?.statement}
        choices={found.map((target) => ({
          value: target.statementId,
          title: `${target.number}, ${target.matterNumber} ${target.matterDescription}`,
          hint: [target.clientName, dueWords(target)].join(", "),
          aside: (
            <span class="money">
              {formatMoney({ minor: target.balanceMinor, currency: target.currency })}
            </span>
          ),
        }))}
      />
      <MoneyField
        name="amount"
        label="Amount for this statement"
        hint="What is left of the payment waits for another statement."
        currency={posting.currency}
        value={values.amount}
        error={errors?.amount}
      />
      <div>
        <Button kind="primary">Use this statement</Button>
      </div>
    </PostForm>
  );
}

/** The client and matter of a statement, and when it is due. */
export function placeWords(target: Target): string {
  const matter = `${target.matterNumber} ${target.matterDescription}`;
  return [target.clientName, matter, dueWords(target)].join(", ");
}

function dueWords(target: Target): string {
  return target.dueOn === null ? "no due date" : `due ${formatShortDay(target.dueOn)}`;
}

/** What the form holds when it is opened: the whole of the posting. */
export function firstValues(posting: PostingLine, search: string): LayValues {
  return { search, statement: "", amount: formatDecimal(posting.amount_minor) };
}

function wantedWords(posting: PostingLine): string {
  return posting.kind === "trust_deposit" ? "trust requests" : "invoices";
}
