import type { JSX } from "hono/jsx/jsx-runtime";
import { type Day, dayOf, formatNearDay } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import { RowHead, Td } from "../ui/table.tsx";
import { AccountBadge, LinkTag } from "../ui/tags.tsx";
import { COLUMN_TITLES, type ColumnKey } from "./columns-catalog.ts";
import { leftMinor, nameOf, SOURCE_WORDS, stepOf } from "./columns-words.ts";
import { LinkEngagement } from "./engagement.tsx";
import type { SentRow } from "./sent-queries.ts";

type CellProps = { column: ColumnKey; row: SentRow; timeZone: string; today: Day };

/** Whether a column holds amounts, which stand to the right. */
export function isAmount(column: ColumnKey): boolean {
  return column === "amount" || column === "paid" || column === "left";
}

/** One cell of the list. */
export function LinkCell(props: CellProps): JSX.Element {
  const { column, row } = props;
  switch (column) {
    case "client":
      return (
        <RowHead href={`/links/${row.id}`} note={row.matterLabel === "" ? row.reference : row.matterLabel}>
          {nameOf(row)}
        </RowHead>
      );
    case "account":
      return (
        <Td label={COLUMN_TITLES.account}>
          <AccountBadge kind={row.accountKind} last4={row.last4} stacked />
        </Td>
      );
    case "amount":
      return (
        <Td label={COLUMN_TITLES.amount} amount>
          {formatMoney({ minor: row.amountMinor, currency: row.currency })}
        </Td>
      );
    case "paid":
    case "left":
      return <SumCell {...props} column={column} />;
    case "state":
      return <StateCell {...props} />;
    case "engagement":
      return (
        <Td label={COLUMN_TITLES.engagement}>
          <LinkEngagement facts={row} timeZone={props.timeZone} today={props.today} />
        </Td>
      );
    case "next":
      return <NextReminderCell {...props} />;
    case "viewed":
    case "sent":
    case "due":
    case "expires":
    case "closed":
    case "reminded":
      return <DayCell {...props} column={column} />;
    default:
      return <WordCell {...props} column={column} />;
  }
}

function SumCell({ column, row }: CellProps & { column: "paid" | "left" }): JSX.Element {
  const minor = column === "paid" ? row.paidMinor : leftMinor(row);
  return (
    <Td label={COLUMN_TITLES[column]} num>
      {minor === undefined ? null : formatMoney({ minor, currency: row.currency })}
    </Td>
  );
}

function StateCell({ row, timeZone, today }: CellProps): JSX.Element {
  const left = leftMinor(row);
  const money = (minor: bigint) => formatMoney({ minor, currency: row.currency });
  // A link that was wholly paid keeps its state when its money goes back.
  const wentBack = row.state === "payment_received" && left !== undefined && left > 0n;
  const note =
    row.state === "part_paid" && left !== undefined
      ? `${money(left)} left`
      : wentBack
        ? `${money(left)} went back`
        : row.closedAt
          ? formatNearDay(dayOf(row.closedAt, timeZone), today)
          : undefined;
  return (
    <Td label={COLUMN_TITLES.state}>
      <span>
        <LinkTag state={row.state} />
        {note === undefined ? null : <small>{note}</small>}
      </span>
    </Td>
  );
}

/** The day of the next reminder, and which one of the plan it is. */
function NextReminderCell({ row, timeZone, today }: CellProps): JSX.Element {
  const { nextReminderAt: at } = row;
  const step = stepOf(row);
  return (
    <Td label={COLUMN_TITLES.next} nowrap>
      {at === null ? null : (
        <span>
          <time datetime={at.toISOString()}>{formatNearDay(dayOf(at, timeZone), today)}</time>
          {step === "" ? null : <small>{step}</small>}
        </span>
      )}
    </Td>
  );
}

type DayColumn = "viewed" | "sent" | "due" | "expires" | "closed" | "reminded";

function DayCell({ column, row, timeZone, today }: CellProps & { column: DayColumn }): JSX.Element {
  if (column === "due") {
    return (
      <Td label={COLUMN_TITLES.due} nowrap>
        {row.dueOn === null ? null : <time datetime={row.dueOn}>{formatNearDay(row.dueOn, today)}</time>}
      </Td>
    );
  }
  const instants = {
    viewed: row.lastViewedAt,
    sent: row.createdAt,
    expires: row.expiresAt,
    closed: row.closedAt,
    reminded: row.remindedAt,
  };
  const instant = instants[column];
  return (
    <Td label={COLUMN_TITLES[column]} nowrap>
      {instant === null ? null : (
        <time datetime={instant.toISOString()}>{formatNearDay(dayOf(instant, timeZone), today)}</time>
      )}
    </Td>
  );
}

type WordColumn = Exclude<
  ColumnKey,
  DayColumn | "client" | "account" | "amount" | "paid" | "left" | "state" | "engagement" | "next"
>;

function WordCell({ column, row }: CellProps & { column: WordColumn }): JSX.Element {
  const words: Record<WordColumn, string> = {
    for: row.description,
    statements: row.statementNumbers,
    reference: row.reference,
    payer: row.payerName,
    emails: row.payerEmails.join(", "),
    responsible: row.responsible,
    source: SOURCE_WORDS[row.source],
    batch: row.batchName,
    sender: row.senderName,
  };
  const short = column === "reference" || column === "source";
  return (
    <Td label={COLUMN_TITLES[column]} nowrap={short}>
      {column === "batch" && row.batchId !== null ? (
        <a href={`/bulk/${row.batchId}/progress`}>{words.batch}</a>
      ) : words[column] === "" ? null : (
        words[column]
      )}
    </Td>
  );
}
