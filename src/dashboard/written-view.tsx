import type { JSX } from "hono/jsx/jsx-runtime";
import { formatInstant } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import { Breadcrumb, PageHeader, Stack } from "../ui/layout.tsx";
import { Chips, formatCount, NumberedPages } from "../ui/listing.tsx";
import { EmptyState } from "../ui/notices.tsx";
import { DataTable, Row, RowHead, TableBody, TableHead, Td, Th } from "../ui/table.tsx";
import { Tag } from "../ui/tags.tsx";
import { shareWords } from "./figure-words.ts";
import { type Month, monthName } from "./months.ts";
import { MonthChips } from "./months-view.tsx";
import type { WrittenPosting } from "./written-queries.ts";

export type WrittenViewProps = {
  months: { current: Month; previous: Month };
  month: Month;
  /** Only those that the first try did not write. */
  again: boolean;
  postings: readonly (WrittenPosting & { system: string })[];
  /** Of the whole month, and how many of them the first try did not write. */
  counts: { total: number; again: number };
  page: number;
  pageSize: number;
  timeZone: string;
};

/** The postings that were written in a month: what stands behind the share of those that the first try wrote. */
export function WrittenView(props: WrittenViewProps): JSX.Element {
  const { month, again, counts, postings } = props;
  const name = monthName(month);
  const isAll = again && counts.total > 0;
  return (
    <>
      <Breadcrumb crumbs={[{ label: "Today", href: "/" }, { label: "Postings written" }]} />
      <PageHeader
        title="Postings written"
        detail={
          counts.total === 0
            ? `${name}: nothing is written yet.`
            : `${name}: ${shareWords(counts.total - counts.again, counts.total)} written first time.${counts.again > 0 ? " Those that needed more come first." : ""}`
        }
      />
      <Stack>
        <MonthChips months={props.months} shown={month} href={(each) => writtenHref(each)} />
        {counts.total === 0 ? null : (
          <Chips
            label="Show only"
            chips={[
              { label: `All ${formatCount(counts.total)}`, href: writtenHref(month), on: !again },
              {
                label: `Not first time ${formatCount(counts.again)}`,
                href: writtenHref(month, { again: true }),
                on: again,
              },
            ]}
          />
        )}
        {postings.length === 0 ? (
          <EmptyState icon="ledger" title={isAll ? "All were written first time" : `No postings in ${name}`}>
            {isAll
              ? "No posting of this month needed a second try or a person."
              : "Postings are listed here on the day on which the matter system took them."}
          </EmptyState>
        ) : (
          <Written {...props} />
        )}
      </Stack>
    </>
  );
}

function Written(props: WrittenViewProps): JSX.Element {
  const { month, again, postings, counts } = props;
  return (
    <>
      <DataTable label="Postings written">
        <TableHead>
          <Th>Payer</Th>
          <Th>Written</Th>
          <Th>System</Th>
          <Th>Tries</Th>
          <Th num>Amount</Th>
        </TableHead>
        <TableBody>
          {postings.map((posting) => (
            <Row>
              <RowHead href={`/postings/${posting.id}`} note={posting.reference}>
                {posting.payerName}
              </RowHead>
              <Td label="Written" nowrap>
                <time datetime={posting.postedAt.toISOString()}>
                  {formatInstant(posting.postedAt, props.timeZone)}
                </time>
              </Td>
              <Td label="System">{posting.system}</Td>
              <Td label="Tries">
                <TriesTag posting={posting} />
              </Td>
              <Td label="Amount" amount>
                {formatMoney({ minor: posting.amountMinor, currency: posting.currency })}
              </Td>
            </Row>
          ))}
        </TableBody>
      </DataTable>
      <NumberedPages
        page={props.page}
        pageSize={props.pageSize}
        shown={postings.length}
        total={again ? counts.again : counts.total}
        hrefOf={(page) => writtenHref(month, { again, page })}
      />
    </>
  );
}

function TriesTag({ posting }: { posting: WrittenPosting }): JSX.Element {
  if (posting.isFirstTime) {
    return (
      <Tag icon="s-done" tone="good">
        First time
      </Tag>
    );
  }
  const tries = posting.attempts === 1 ? "1 try" : `${formatCount(posting.attempts)} tries`;
  const how = { api: "After", file: "By file after", hand: "By hand after" }[posting.postedBy ?? "api"];
  return (
    <Tag icon="s-alert" tone="warn">
      {`${how} ${tries}`}
    </Tag>
  );
}

/** The address of the postings that were written in a month. */
export function writtenHref(month: Month, wish: { again?: boolean; page?: number } = {}): string {
  const page = wish.page ?? 1;
  return `/written?month=${month}${wish.again ? "&only=again" : ""}${page === 1 ? "" : `&page=${page}`}`;
}
