// biome-ignore-all lint/a11y/noRedundantRoles: without it Safari does not call an unmarked list a list.
import type { JSX } from "hono/jsx/jsx-runtime";
import { formatInstant } from "../base/day.ts";
import type { Page, Place } from "../base/page.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { FieldRow, SelectField, TextField } from "../ui/fields.tsx";
import { Chips, Pagination } from "../ui/listing.tsx";
import type { Member } from "../ui/nav.tsx";
import { EmptyState, type FieldErrors } from "../ui/notices.tsx";
import { SettingsPage } from "../ui/settings-page.tsx";
import { DataTable, Row, RowHead, TableBody, TableHead, Td, Th } from "../ui/table.tsx";
import type { RecordChoice } from "./record-filter.ts";
import type { AuditRow } from "./record-queries.ts";
import { ACTOR_KINDS, actionWords, type Change, changesOf, OBJECT_KINDS } from "./words.ts";

export const RECORD_PATH = "/settings/record";
/** A letter's whole text may have changed: the row shows its beginning, the export all of it. */
const SHOWN_LENGTH = 160;

type RecordProps = {
  member: Member;
  timeZone: string;
  choice: RecordChoice;
  page: Page<AuditRow>;
  members: readonly { id: string; name: string }[];
  errors?: FieldErrors | undefined;
};

/** Settings, Record: who did what, when, before and after. */
export function RecordPageView(props: RecordProps): JSX.Element {
  const { choice, page } = props;
  return (
    <SettingsPage
      current="record"
      member={props.member}
      title="Record"
      reach="Everything that was done in this firm: by whom, when, before and after. Nothing here can be changed or deleted."
      aside={
        <>
          Export <a href={recordHref(choice, {}, ".xlsx")}>Excel</a> or{" "}
          <a href={recordHref(choice, {}, ".csv")}>CSV</a>
        </>
      }
    >
      <div class="stack">
        <Filters {...props} />
        {page.rows.length === 0 ? (
          <EmptyState icon="search" title="Nothing on record matches">
            Choose other days, or another person or kind.
          </EmptyState>
        ) : (
          <Entries {...props} />
        )}
        <Pagination
          previous={page.hasEarlier ? recordHref(choice, { before: firstOf(page) }) : undefined}
          next={page.hasLater ? recordHref(choice, { after: lastOf(page) }) : undefined}
        />
      </div>
    </SettingsPage>
  );
}

/** The address of a part of the record. */
function recordHref(choice: Partial<RecordChoice>, place: Place, ending = ""): string {
  const given = Object.entries({ ...choice, ...place }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "",
  );
  const query = new URLSearchParams(given).toString();
  return `${RECORD_PATH}${ending}${query === "" ? "" : `?${query}`}`;
}

function Filters({ choice, members, errors }: RecordProps): JSX.Element {
  const isFiltered = Object.values(choice).some((value) => value !== "");
  return (
    <>
      <form method="get" action={RECORD_PATH} class="stack" data-gap="s">
        <FieldRow>
          <SelectField
            name="who"
            label="Who"
            value={choice.who}
            options={[
              { value: "", label: "Everybody" },
              ...members.map((member) => ({ value: member.id, label: member.name })),
              ...Object.entries(ACTOR_KINDS).map(([value, label]) => ({ value, label })),
            ]}
          />
          <SelectField
            name="kind"
            label="What"
            value={choice.kind}
            options={[
              { value: "", label: "Everything" },
              ...Object.entries(OBJECT_KINDS).map(([value, label]) => ({ value, label })),
            ]}
          />
        </FieldRow>
        <FieldRow>
          <TextField name="from" label="From" type="date" value={choice.from} error={errors?.from} />
          <TextField name="until" label="To" type="date" value={choice.until} error={errors?.until} />
        </FieldRow>
        {choice.object === "" ? null : <input type="hidden" name="object" value={choice.object} />}
        <div class="cluster">
          <Button>Show</Button>
          {isFiltered ? (
            <ButtonLink kind="quiet" href={RECORD_PATH}>
              Show everything
            </ButtonLink>
          ) : null}
        </div>
      </form>
      {choice.object === "" ? null : (
        <Chips
          label="Filters"
          chips={[
            { label: "One object only", href: recordHref({ ...choice, object: "" }, {}), remove: true },
          ]}
        />
      )}
    </>
  );
}

function Entries({ page, choice, timeZone }: RecordProps): JSX.Element {
  return (
    <DataTable label="Record">
      <TableHead>
        <Th>What</Th>
        <Th>Who</Th>
        <Th>When</Th>
        <Th>Changes</Th>
        <Th hidden>Action</Th>
      </TableHead>
      <TableBody>
        {page.rows.map((row) => (
          <Entry row={row} choice={choice} timeZone={timeZone} />
        ))}
      </TableBody>
    </DataTable>
  );
}

function Entry(props: { row: AuditRow; choice: RecordChoice; timeZone: string }): JSX.Element {
  const { row, choice } = props;
  const title = actionWords(row.action);
  return (
    <Row>
      <RowHead note={OBJECT_KINDS[row.object_kind] ?? row.object_kind}>
        {row.link_id === null ? title : <a href={`/links/${row.link_id}`}>{title}</a>}
      </RowHead>
      <Td label="Who">{row.actor_name}</Td>
      <Td label="When">
        <time dateTime={row.at.toISOString()}>{formatInstant(row.at, props.timeZone)}</time>
      </Td>
      <Td label="Changes">
        <Changes changes={changesOf(row)} />
      </Td>
      <Td nowrap>
        {choice.object === row.object_id ? null : (
          <ButtonLink size="s" kind="quiet" href={recordHref({ object: row.object_id }, {})}>
            Only this
            <span class="visually-hidden">
              : {title}, number {row.id.toString()}
            </span>
          </ButtonLink>
        )}
      </Td>
    </Row>
  );
}

function Changes({ changes }: { changes: readonly Change[] }): JSX.Element | null {
  if (changes.length === 0) return null;
  return (
    <ul role="list" class="changes">
      {changes.map((change) => (
        <li>
          <span class="soft">{change.name}: </span>
          <Words {...change} />
        </li>
      ))}
    </ul>
  );
}

function Words({ before, after }: Change): JSX.Element {
  if (before === undefined || after === undefined || before === after)
    return <bdi>{short(after ?? before ?? "")}</bdi>;
  return (
    <>
      <bdi>{short(before)}</bdi>
      <span aria-hidden="true"> → </span>
      <span class="visually-hidden"> became </span>
      <bdi>{short(after)}</bdi>
    </>
  );
}

function short(text: string): string {
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}

function firstOf(page: Page<AuditRow>): string | undefined {
  return page.rows[0]?.id.toString();
}

function lastOf(page: Page<AuditRow>): string | undefined {
  return page.rows.at(-1)?.id.toString();
}
