import type { JSX } from "hono/jsx/jsx-runtime";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { FieldRow, MoneyField, type Option, SelectField, TextField } from "../ui/fields.tsx";
import { Cluster } from "../ui/layout.tsx";
import { Chips, Toolbar } from "../ui/listing.tsx";
import { Menu } from "../ui/menu.tsx";
import type { FieldErrors } from "../ui/notices.tsx";
import { swapAttributes } from "../ui/swap.ts";
import { COLUMN_TITLES } from "./columns-catalog.ts";
import { DELIVERY_WORDS, SOURCE_WORDS } from "./columns-words.ts";
import { EVERYTHING, narrowed, type Place, placeHref, placeParts } from "./list-address.ts";
import type { ListChoices } from "./list-choice-queries.ts";
import { FIELD_NAMES } from "./list-ranges.ts";
import { type Sort, sortPart } from "./list-sort.ts";
import { AGE_WORDS, filterWords, OVERDUE_WORDS } from "./list-words.ts";

type FiltersProps = {
  place: Place;
  choices: ListChoices;
  currency: string;
  /** What stands in the fields. */
  typed: Readonly<Record<string, string>>;
  errors: FieldErrors;
  nonce: string;
  /** The form asks by itself while somebody is in it, so it stays open. */
  isAsking: boolean;
};

/** The form that asks for the list as soon as one of its fields changes; its name in the head of that question. */
const FORM_ID = "filters-form";
const FIELDS_ID = "filter-fields";
export const ASKED_BY_FILTERS = `form#${FORM_ID}`;
/** So long after a change, as a date changes with each of its digits. */
const ASKS_ON = "change delay:300ms";

/** What the form itself asks; the rest of the address goes along. */
const KEPT = ["tab", "q", "view", "batch"];

/** The button that opens the filters, and the form under it. */
export function FilterMenu(props: FiltersProps): JSX.Element {
  const { place, choices, typed, errors } = props;
  const count = filterWords(place.filter, choices, props.currency).length;
  const kept = Object.entries(placeParts(place)).filter(([name]) => KEPT.includes(name));
  const swap = {
    nonce: props.nonce,
    target: "#main",
    trigger: ASKS_ON,
    background: true,
    refused: `#${FIELDS_ID}`,
  };
  const text = (name: string) => ({ name, value: typed[name], error: errors[name] });
  const range = (name: keyof typeof FIELD_NAMES) => ({ ...text(name), label: FIELD_NAMES[name] });
  return (
    <Menu
      id="filters"
      label={count === 0 ? "Filters" : `Filters (${count})`}
      icon="sliders"
      open={props.isAsking || Object.keys(errors).length > 0}
    >
      <form
        class="menu-panel"
        id={FORM_ID}
        action="/sent"
        aria-label="Filters"
        novalidate
        {...swapAttributes(swap, "get", "/sent")}
      >
        {kept.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <div class="panel-body stack" data-gap="s" id={FIELDS_ID}>
          <FieldRow pair>
            <TextField {...range("sent_from")} type="date" />
            <TextField {...range("sent_to")} type="date" />
          </FieldRow>
          <FieldRow pair>
            <TextField {...range("due_from")} type="date" />
            <TextField {...range("due_to")} type="date" />
          </FieldRow>
          <FieldRow pair>
            <MoneyField {...range("least")} currency={props.currency} />
            <MoneyField {...range("most")} currency={props.currency} />
          </FieldRow>
          <SelectField {...text("account")} label="Account" options={accountOptions(choices)} />
          <SelectField {...text("delivery")} label="Delivery" options={optionsOf(DELIVERY_WORDS)} />
          <SelectField {...text("overdue")} label="Overdue" options={rangesOf(OVERDUE_WORDS)} />
          <SelectField {...text("age")} label="Age" options={rangesOf(AGE_WORDS)} />
          <SelectField {...text("source")} label="Source" options={optionsOf(SOURCE_WORDS)} />
          <SelectField {...text("sender")} label="Sent by" options={senderOptions(choices)} />
          <TextField {...text("expires")} label="Expires within days" inputmode="numeric" width="short" />
          <SelectField
            name="sort"
            label="Order"
            value={sortPart(place.sort)}
            options={orderOptions(place.sort)}
          />
        </div>
        <div class="panel-foot cluster" data-spread="">
          <a href={placeHref(cleared(place))}>Clear filters</a>
          <Button kind="primary" size="s">
            Show links
          </Button>
        </div>
      </form>
    </Menu>
  );
}

/** The filters in force, each with a way to take it away. */
export function FilterChips({
  place,
  choices,
  currency,
}: Pick<FiltersProps, "place" | "choices" | "currency">): JSX.Element | null {
  const words = filterWords(place.filter, choices, currency);
  if (words.length === 0) return null;
  return (
    <Toolbar>
      <Cluster>
        <Chips
          label="Filters in force"
          chips={words.map((part) => ({
            label: part.label,
            href: placeHref(narrowed(place, part.without)),
            remove: true,
          }))}
        />
        {words.length > 1 ? (
          <ButtonLink href={placeHref(cleared(place))} kind="quiet" size="s">
            Clear filters
          </ButtonLink>
        ) : null}
      </Cluster>
    </Toolbar>
  );
}

/** The same tab and search without any filter. */
export function cleared(place: Place): Place {
  const { state, search } = place.filter;
  return { ...narrowed(place, {}), filter: { ...EVERYTHING.filter, state, search } };
}

/** The orders that people ask for, and the one in force; the headings of the table offer all. */
function orderOptions(sort: Sort): Option[] {
  const now = sortPart(sort);
  const usual: Readonly<Record<string, string>> = {
    "-sent": "Newest first",
    sent: "Oldest first",
    due: "Due soonest first",
    expires: "Expiring soonest first",
    "-amount": "Largest amount first",
    amount: "Smallest amount first",
    client: "Client, A to Z",
    "-viewed": "Last viewed first",
  };
  const own = now in usual ? {} : { [now]: `${COLUMN_TITLES[sort.key]}, as in the table` };
  return Object.entries({ ...usual, ...own }).map(([value, label]) => ({ value, label }));
}

const ANY: Option = { value: "", label: "Any" };

function optionsOf(words: Readonly<Record<string, string>>): Option[] {
  return [ANY, ...Object.entries(words).map(([value, label]) => ({ value, label }))];
}

/** The same for ranges of days, the shortest first: an object puts keys that are whole numbers before all others. */
function rangesOf(words: Readonly<Record<string, string>>): Option[] {
  const [any = ANY, ...ranges] = optionsOf(words);
  const daysOf = (option: Option) => Number.parseInt(option.value, 10);
  return [any, ...ranges.toSorted((one, other) => daysOf(one) - daysOf(other))];
}

function accountOptions({ accounts }: ListChoices): Option[] {
  const kind = (account: ListChoices["accounts"][number]) =>
    account.kind === "trust" ? "Trust" : "Operating";
  return [
    { value: "", label: "Any" },
    ...accounts.map((account) => ({
      value: account.id,
      label: `${account.name}, ${kind(account)} ··${account.last4}`,
    })),
  ];
}

function senderOptions({ senders }: ListChoices): Option[] {
  return [
    { value: "", label: "Anybody" },
    ...senders.map((sender) => ({ value: sender.id, label: sender.name })),
  ];
}
