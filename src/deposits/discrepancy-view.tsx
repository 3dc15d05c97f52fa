import type { JSX } from "hono/jsx/jsx-runtime";
import { formatAgo, formatInstant } from "../base/day.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { TextAreaField } from "../ui/fields.tsx";
import { PostForm } from "../ui/form.tsx";
import { ActionBar, Breadcrumb, PageHeader, Panel, Section, Stack } from "../ui/layout.tsx";
import { EmptyState, type FieldErrors, Notice } from "../ui/notices.tsx";
import { DataTable, Row, RowHead, TableBody, TableHead, Td, Th } from "../ui/table.tsx";
import { AccountBadge, Tag } from "../ui/tags.tsx";
import type { ListedDiscrepancy } from "./discrepancy-queries.ts";
import { discrepancyWords, isAlarm } from "./discrepancy-words.ts";
import { PAGE } from "./filter.ts";

const DIFFERENCES = `${PAGE}/differences`;

/** When one side was last compared, in words: "Operating ··4417 at the card processor". */
export type LookLine = { name: string; ranAt: Date | null; failure: string | null };

export type DifferencesProps = {
  open: readonly ListedDiscrepancy[];
  closed: readonly ListedDiscrepancy[];
  looks: readonly LookLine[];
  timeZone: string;
  now: Date;
  mayManage: boolean;
};

/** What the processor, our books and the matter system do not agree on. */
export function DifferencesView(props: DifferencesProps): JSX.Element {
  return (
    <>
      <Breadcrumb crumbs={[{ label: "Deposits", href: PAGE }, { label: "Differences" }]} />
      <PageHeader
        title="Differences"
        detail="Each hour the card processor, our books and the matter system are compared. What does not agree stands here once, until it agrees again or you close it with a note."
      />
      <Stack gap="xl">
        {props.open.length === 0 ? (
          <EmptyState icon="check" title="Everything agrees">
            No difference is open.
          </EmptyState>
        ) : (
          <Section id="open" title="Open">
            <OpenTable {...props} />
          </Section>
        )}
        <Section id="looks" title="Last compared">
          <Looks {...props} />
        </Section>
        {props.closed.length > 0 ? (
          <Section id="closed" title="Closed lately">
            <ClosedTable {...props} />
          </Section>
        ) : null}
      </Stack>
    </>
  );
}

function OpenTable({ open, timeZone, mayManage }: DifferencesProps): JSX.Element {
  return (
    <DataTable label="Open differences">
      <TableHead>
        <Th>Difference</Th>
        <Th>Where</Th>
        <Th>Since</Th>
        <Th hidden>Actions</Th>
      </TableHead>
      <TableBody>
        {open.map((row) => {
          const { title, detail, action } = discrepancyWords(row);
          return (
            <Row id={`difference-${row.id}`}>
              <RowHead note={detail}>
                {title}
                {isAlarm(row.kind) ? (
                  <>
                    {" "}
                    <Tag icon="shield" tone="bad">
                      Trust alarm
                    </Tag>
                  </>
                ) : null}
              </RowHead>
              <Td label="Where">{placeOf(row)}</Td>
              <Td label="Since" nowrap>
                {formatInstant(row.found_at, timeZone)}
              </Td>
              <Td>
                <div class="cluster">
                  <ButtonLink size="s" href={action.href}>
                    {action.label}
                  </ButtonLink>
                  {mayManage ? (
                    <ButtonLink size="s" href={`${DIFFERENCES}/${row.id}`}>
                      Close
                    </ButtonLink>
                  ) : null}
                </div>
              </Td>
            </Row>
          );
        })}
      </TableBody>
    </DataTable>
  );
}

function placeOf(row: ListedDiscrepancy): JSX.Element | string {
  if (row.accountKind !== null) return <AccountBadge kind={row.accountKind} last4={row.last4 ?? undefined} />;
  return row.connector === null ? "Our books" : "Matter system";
}

function ClosedTable({ closed, timeZone }: DifferencesProps): JSX.Element {
  return (
    <DataTable label="Closed differences" focusable>
      <TableHead>
        <Th>Difference</Th>
        <Th>Closed</Th>
        <Th>How</Th>
      </TableHead>
      <TableBody>
        {closed.map((row) => (
          <Row>
            <RowHead>{discrepancyWords(row).title}</RowHead>
            <Td label="Closed" nowrap>
              {row.closed_at ? formatInstant(row.closed_at, timeZone) : ""}
            </Td>
            <Td label="How">
              {row.closed_how === "agrees"
                ? "It agrees again"
                : `${row.closedByName ?? "A member"}: ${row.note ?? ""}`}
            </Td>
          </Row>
        ))}
      </TableBody>
    </DataTable>
  );
}

function Looks({ looks, now }: DifferencesProps): JSX.Element {
  if (looks.length === 0) return <p class="soft">Nothing was compared yet. It begins within the hour.</p>;
  return (
    <DataTable label="Last compared" focusable>
      <TableHead>
        <Th>What</Th>
        <Th>Last compared</Th>
        <Th>Trouble</Th>
      </TableHead>
      <TableBody>
        {looks.map((look) => (
          <Row>
            <RowHead>{look.name}</RowHead>
            <Td label="Last compared">{look.ranAt ? formatAgo(look.ranAt, now) : "Not yet"}</Td>
            <Td label="Trouble">
              {look.failure === null ? "None" : `${look.failure} It is tried again within the hour.`}
            </Td>
          </Row>
        ))}
      </TableBody>
    </DataTable>
  );
}

/** The question before something is closed or explained, with the note that stays on record. */
export function NoteView(props: {
  crumbs: readonly { label: string; href?: string | undefined }[];
  title: string;
  what: string;
  detail: string;
  action: string;
  label: string;
  hint: string;
  button: string;
  back: string;
  note?: string | undefined;
  errors?: FieldErrors | undefined;
}): JSX.Element {
  return (
    <>
      <Breadcrumb crumbs={props.crumbs} />
      <PageHeader title={props.title} />
      <Panel id="question" title={props.what}>
        <Notice>{props.detail}</Notice>
        <PostForm action={props.action} class="stack">
          <TextAreaField
            name="note"
            label={props.label}
            hint={props.hint}
            value={props.note}
            error={props.errors?.note}
          />
          <ActionBar>
            <ButtonLink href={props.back}>Back</ButtonLink>
            <Button kind="primary">{props.button}</Button>
          </ActionBar>
        </PostForm>
      </Panel>
    </>
  );
}
