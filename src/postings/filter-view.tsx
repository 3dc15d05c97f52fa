import type { JSX } from "hono/jsx/jsx-runtime";
import { formatShortDay } from "../base/day.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { FieldRow, SelectField, TextField } from "../ui/fields.tsx";
import { Icon } from "../ui/icons.tsx";
import { Cluster } from "../ui/layout.tsx";
import { type ChipProps, Chips, SearchForm, Toolbar } from "../ui/listing.tsx";
import type { FieldErrors } from "../ui/notices.tsx";
import type { FilterChoices } from "./choice-queries.ts";
import { fieldsOf, isNarrowed, PAGE, type PostingFilter, postingsHref } from "./filter.ts";
import { PROBLEM_TITLES } from "./problem-words.ts";

const ANY = { value: "", label: "Any" };
const METHOD_WORDS = { card: "Card", bank_debit: "Bank debit" } as const;

type FilterProps = {
  filter: PostingFilter;
  choices: FilterChoices;
  errors?: FieldErrors | undefined;
  /** What was typed where it could not be read. */
  typed?: { from: string; to: string } | undefined;
};

/** The search, what the list is filtered by, each with a way to take it away, and a menu with all filters. */
export function FilterBar(props: FilterProps): JSX.Element {
  const { filter } = props;
  const chips = chipsOf(props);
  return (
    <Toolbar
      end={
        <details class="menu" open={props.errors !== undefined}>
          <summary class="button">
            <Icon name="sliders" />
            Filters
          </summary>
          <FilterForm {...props} />
        </details>
      }
    >
      <SearchForm
        action={PAGE}
        label="Search postings"
        placeholder="Payer, matter, statement, reference"
        value={filter.search}
        keep={fieldsOf({ ...filter, search: "" })}
      />
      {chips.length > 0 ? <Chips label="Filters in force" chips={chips} /> : null}
    </Toolbar>
  );
}

function FilterForm({ filter, choices, errors, typed }: FilterProps): JSX.Element {
  const { tab, held, deposit, search } = filter;
  return (
    <form class="menu-panel" action={PAGE} aria-label="Filters" novalidate>
      {Object.entries(fieldsOf({ tab, held, deposit, search })).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <div class="panel-body stack">
        <SelectField
          name="account"
          label="Account"
          value={filter.account}
          options={accountOptions(choices)}
        />
        <SelectField
          name="system"
          label="System"
          value={filter.system}
          options={[ANY, ...choices.systems.map(({ id, name }) => ({ value: id, label: name }))]}
        />
        <FieldRow pair>
          <TextField
            name="from"
            type="date"
            label="Paid from"
            value={typed?.from ?? filter.from}
            error={errors?.from}
          />
          <TextField
            name="to"
            type="date"
            label="Paid until"
            value={typed?.to ?? filter.to}
            error={errors?.to}
          />
        </FieldRow>
        <SelectField
          name="method"
          label="Method"
          value={filter.method}
          options={[ANY, ...optionsOf(METHOD_WORDS)]}
        />
        <SelectField
          name="problem"
          label="Problem"
          value={filter.problem}
          options={[ANY, ...optionsOf(PROBLEM_TITLES)]}
        />
        <Cluster>
          <Button kind="primary" size="s">
            Show
          </Button>
          {isNarrowed(filter) ? (
            <ButtonLink size="s" href={postingsHref({ tab })}>
              Clear filters
            </ButtonLink>
          ) : null}
        </Cluster>
      </div>
    </form>
  );
}

function accountOptions(choices: FilterChoices) {
  return [
    ANY,
    { value: "operating", label: "Every operating account" },
    { value: "trust", label: "Every trust account" },
    ...choices.accounts.map(({ id, name, last4 }) => ({ value: id, label: `${name} ··${last4}` })),
  ];
}

function optionsOf(words: Readonly<Record<string, string>>) {
  return Object.entries(words).map(([value, label]) => ({ value, label }));
}

/** Each filter in force; its link takes it away. */
function chipsOf({ filter, choices }: FilterProps): ChipProps[] {
  const chips: ChipProps[] = [];
  const add = (label: string, without: Partial<PostingFilter>) => {
    const rest = { ...filter, after: undefined, before: undefined, ...without };
    chips.push({ label, href: postingsHref(rest), remove: true });
  };
  const { account, system, from, to, method, problem, held, deposit } = filter;
  if (account !== undefined) add(`Account: ${accountWords(account, choices)}`, { account: undefined });
  if (system !== undefined) {
    const name = choices.systems.find(({ id }) => id === system)?.name ?? "one that is not here";
    add(`System: ${name}`, { system: undefined });
  }
  if (from !== undefined) add(`Paid from ${formatShortDay(from)}`, { from: undefined });
  if (to !== undefined) add(`Paid until ${formatShortDay(to)}`, { to: undefined });
  if (method !== undefined) add(METHOD_WORDS[method], { method: undefined });
  if (problem !== undefined) add(PROBLEM_TITLES[problem], { problem: undefined });
  if (held !== undefined && filter.tab !== "set_aside") add("Held as unapplied", { held: undefined });
  if (deposit !== undefined) add(`Deposit ${choices.deposit ?? ""}`, { deposit: undefined });
  return chips;
}

function accountWords(account: string, choices: FilterChoices): string {
  if (account === "operating" || account === "trust") return account;
  const found = choices.accounts.find(({ id }) => id === account);
  return found ? `${found.name} ··${found.last4}` : "one that is not here";
}
