import type { JSX } from "hono/jsx/jsx-runtime";
import { formatInstant } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import { ButtonLink, CopyButton } from "../ui/buttons.tsx";
import type { IconName } from "../ui/icons.tsx";
import { NumberedPages } from "../ui/listing.tsx";
import { DataTable, Row, RowHead, TableBody, TableHead, Td, Th } from "../ui/table.tsx";
import { Tag } from "../ui/tags.tsx";
import type { Tone } from "../ui/tone.ts";
import type { Batch } from "./batch-queries.ts";
import {
  OUTCOME_WORDS,
  type Outcome,
  type OutcomeRow,
  type OutcomeView,
  VIEW_OUTCOMES,
} from "./outcome-queries.ts";

export type OutcomesProps = {
  batch: Batch;
  outcomes: ReadonlyMap<Outcome, number>;
  view: OutcomeView;
  page: number;
  pageSize: number;
  /** Each with its link's address, for those whose email did not arrive. */
  rows: readonly (OutcomeRow & { url: string | undefined })[];
  timeZone: string;
};

const TAGS = {
  waiting: { icon: "s-wait", tone: "info" },
  made: { icon: "link", tone: "good" },
  emailing: { icon: "s-wait", tone: "info" },
  sent: { icon: "s-open", tone: undefined },
  delivered: { icon: "s-done", tone: "good" },
  unclear: { icon: "s-alert", tone: "warn" },
  bounced: { icon: "s-x", tone: "bad" },
  failed: { icon: "s-alert", tone: "bad" },
} as const satisfies Record<Outcome, { icon: IconName; tone: Tone | undefined }>;

/** Where nobody else brings the link to its payer, or nobody knows whether it came. */
const COPIED: readonly Outcome[] = ["made", "unclear"];

/** What became of each row, a page at a time. */
export function Outcomes(props: OutcomesProps): JSX.Element {
  const { batch, view, rows } = props;
  const matching = VIEW_OUTCOMES[view].reduce((sum, outcome) => sum + (props.outcomes.get(outcome) ?? 0), 0);
  return (
    <>
      <DataTable label="Outcome by row">
        <TableHead>
          <Th>Recipient</Th>
          <Th>Row</Th>
          <Th>Invoice</Th>
          <Th num>Amount</Th>
          <Th>Outcome</Th>
          <Th>Time</Th>
          <Th hidden>Action</Th>
        </TableHead>
        <TableBody>
          {rows.map((row) => (
            <OutcomeLine row={row} timeZone={props.timeZone} />
          ))}
        </TableBody>
      </DataTable>
      <NumberedPages
        page={props.page}
        pageSize={props.pageSize}
        shown={rows.length}
        total={matching}
        hrefOf={(page) => progressHref(batch.id, view, page)}
      />
    </>
  );
}

function OutcomeLine({
  row,
  timeZone,
}: {
  row: OutcomesProps["rows"][number];
  timeZone: string;
}): JSX.Element {
  return (
    <Row>
      <RowHead
        href={row.linkId === null ? undefined : `/links/${row.linkId}`}
        note={row.payerEmails.join(", ")}
      >
        {row.payerName}
      </RowHead>
      <Td label="Row">{row.line}</Td>
      <Td label="Invoice">{row.invoiceNumber}</Td>
      <Td label="Amount" amount>
        {row.amountMinor === null ? "" : formatMoney({ minor: row.amountMinor, currency: row.currency })}
      </Td>
      <Td label="Outcome">
        <span>
          <OutcomeTag outcome={row.outcome} />
          {row.reason === null ? null : <small>{row.reason}</small>}
        </span>
      </Td>
      <Td label="Time" nowrap>
        {row.settledAt === null ? null : (
          <time datetime={row.settledAt.toISOString()}>{formatInstant(row.settledAt, timeZone)}</time>
        )}
      </Td>
      <Td num>
        {row.outcome === "bounced" && row.linkId !== null ? (
          <ButtonLink href={`/links/${row.linkId}`} size="s">
            Fix and resend
          </ButtonLink>
        ) : row.url === undefined || !COPIED.includes(row.outcome) ? null : (
          <CopyButton text={row.url} said="Link copied" size="s">
            Copy link
          </CopyButton>
        )}
      </Td>
    </Row>
  );
}

/** How far a row came, always in the same word, shape and tone. */
export function OutcomeTag({ outcome }: { outcome: Outcome }): JSX.Element {
  return (
    <Tag icon={TAGS[outcome].icon} tone={TAGS[outcome].tone}>
      {OUTCOME_WORDS[outcome]}
    </Tag>
  );
}

/** The address of an upload's outcomes. */
export function progressHref(batchId: string, view: OutcomeView, page: number): string {
  const query = new URLSearchParams();
  if (view !== "all") query.set("outcome", view);
  if (page > 1) query.set("page", String(page));
  const text = query.toString();
  return `/bulk/${batchId}/progress${text === "" ? "" : `?${text}`}`;
}
