import type { JSX } from "hono/jsx/jsx-runtime";
import { formatShortDay } from "../base/day.ts";
import { formatDecimal, formatMoney } from "../base/money.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { Choices } from "../ui/choices.tsx";
import { MoneyField } from "../ui/fields.tsx";
import { PostForm } from "../ui/form.tsx";
import { ActionBar, Stack } from "../ui/layout.tsx";
import { SearchForm } from "../ui/listing.tsx";
import { EmptyState, type FieldErrors } from "../ui/notices.tsx";
import { DecisionHead } from "./decision-view.tsx";
import type { PostingLine } from "./line-queries.ts";
import type { Target } from "./target-queries.ts";

export type LayValues = { search: string; statement: string; amount: string };

/** The page that lays a posting on an open statement: a search, the statements found, and how much of it goes there. */
export function LayPage(props: {
  posting: PostingLine;
  payerName: string;
  found: readonly Target[];
  values: LayValues;
  errors: FieldErrors | undefined;
}): JSX.Element {
  const { posting, found, values, errors } = props;
  const path = `/postings/${posting.id}/statement`;
  return (
    <Stack gap="l">
      <DecisionHead title="Choose a statement" posting={posting} payerName={props.payerName} />
      <SearchForm
        action={path}
        label="Search open statements"
        placeholder="Statement, matter or client"
        value={values.search}
      />
      {found.length === 0 ? (
        <EmptyState icon="search" title="No open statement matches">
          {`Search for a number, a matter or a client. Only ${wantedWords(posting)} in ${posting.currency} are shown.`}
        </EmptyState>
      ) : (
        <PostForm action={path} fields={{ q: values.search }} class="stack" gap="l">
          <Choices
            name="statement"
            label="Open statements"
            value={values.statement}
            error={errors?.statement}
            choices={found.map((target) => ({
              value: target.statementId,
              title: `${target.number}, ${target.matterNumber} ${target.matterDescription}`,
              hint: target.dueOn === null ? "No due date" : `Due ${formatShortDay(target.dueOn)}`,
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
          <ActionBar words="The matter system decides in the end whether the statement takes it.">
            <ButtonLink href="/postings">Back</ButtonLink>
            <Button kind="primary">Use this statement</Button>
          </ActionBar>
        </PostForm>
      )}
    </Stack>
  );
}

/** What the form holds when it is opened: the whole of the posting. */
export function firstValues(posting: PostingLine, search: string): LayValues {
  return { search, statement: "", amount: formatDecimal(posting.amount_minor) };
}

function wantedWords(posting: PostingLine): string {
  return posting.kind === "trust_deposit" ? "trust requests" : "invoices";
}
