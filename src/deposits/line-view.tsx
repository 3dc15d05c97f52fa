import type { JSX } from "hono/jsx/jsx-runtime";
import { formatInstant } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import { ButtonLink } from "../ui/buttons.tsx";
import { formatCount } from "../ui/listing.tsx";
import { Notice } from "../ui/notices.tsx";
import { DataTable, NoteCell, Row, RowHead, TableBody, TableHead, Td, Th } from "../ui/table.tsx";
import type { KindTotal, LineKind, ShownLine } from "./detail-queries.ts";
import { PAGE } from "./filter.ts";
import { KIND_WORDS, problemText } from "./words.ts";

const COLUMNS = 4;

type LineTableProps = {
  label: string;
  deposit: { id: string; currency: string };
  lines: readonly ShownLine[];
  /** The sums of whole kinds, where the lines are all of them. */
  totals?: readonly KindTotal[] | undefined;
  timeZone: string;
  mayManage: boolean;
  /** Shows under each line what is wrong and the way out. */
  withFixes?: boolean | undefined;
};

/** Lines of a deposit, grouped by kind, with the sum of each kind. */
export function LineTable(props: LineTableProps): JSX.Element {
  const groups = groupByKind(props.lines);
  return (
    <DataTable label={props.label} focusable>
      <TableHead>
        <Th>Line</Th>
        <Th num>Gross</Th>
        <Th num>Fee</Th>
        <Th num>Net</Th>
      </TableHead>
      {groups.map(([kind, lines]) => (
        <TableBody>
          <GroupRow {...props} kind={kind} lines={lines} />
          {lines.map((line) => (
            <LineRows {...props} line={line} />
          ))}
        </TableBody>
      ))}
    </DataTable>
  );
}

function groupByKind(lines: readonly ShownLine[]): [LineKind, ShownLine[]][] {
  const groups = new Map<LineKind, ShownLine[]>();
  for (const line of lines) groups.set(line.kind, [...(groups.get(line.kind) ?? []), line]);
  return [...groups];
}

function GroupRow(props: LineTableProps & { kind: LineKind; lines: readonly ShownLine[] }): JSX.Element {
  const total = props.totals?.find(({ kind }) => kind === props.kind);
  const { one, many } = KIND_WORDS[props.kind];
  const count = total?.count ?? props.lines.length;
  return (
    <Row group>
      <RowHead group colspan={total ? undefined : COLUMNS}>
        {count === 1 ? one : `${formatCount(count)} ${many.charAt(0).toLowerCase()}${many.slice(1)}`}
      </RowHead>
      {total ? <AmountCells {...total} currency={props.deposit.currency} /> : null}
    </Row>
  );
}

function LineRows(props: LineTableProps & { line: ShownLine }): JSX.Element {
  const { line } = props;
  return (
    <>
      <Row id={props.withFixes ? `open-${line.id}` : `line-${line.id}`}>
        <RowHead href={hrefOf(line)} note={noteOf(line, props.timeZone)}>
          {titleOf(line)}
        </RowHead>
        <AmountCells
          grossMinor={line.gross_minor}
          feeMinor={line.fee_minor}
          netMinor={line.net_minor}
          currency={props.deposit.currency}
        />
      </Row>
      <Explanation {...props} />
    </>
  );
}

function AmountCells(props: {
  grossMinor: bigint;
  feeMinor: bigint;
  netMinor: bigint;
  currency: string;
}): JSX.Element {
  const money = (minor: bigint) => formatMoney({ minor, currency: props.currency });
  return (
    <>
      <Td label="Gross" num>
        {money(props.grossMinor)}
      </Td>
      <Td label="Fee" num>
        {money(-props.feeMinor)}
      </Td>
      <Td label="Net" amount>
        {money(props.netMinor)}
      </Td>
    </>
  );
}

function titleOf(line: ShownLine): string {
  if (line.payerName !== null) return line.payerName;
  if (line.returnedReference !== null) return `Deposit ${line.returnedReference}`;
  return line.description === "" ? KIND_WORDS[line.kind].one : line.description;
}

function hrefOf(line: ShownLine): string | undefined {
  if (line.linkId !== null) return `/links/${line.linkId}`;
  return line.returned_deposit_id === null ? undefined : `${PAGE}/${line.returned_deposit_id}`;
}

function noteOf(line: ShownLine, timeZone: string): string {
  const parts = [
    line.paymentReference,
    formatInstant(line.happened_at, timeZone),
    line.statements.length > 0 ? line.statements.join(", ") : null,
    line.paymentReference === null ? line.transaction_id : null,
  ];
  return parts.filter((part) => part !== null).join(", ");
}

function Explanation(props: LineTableProps & { line: ShownLine }): JSX.Element | null {
  const { line, deposit } = props;
  const href = `${PAGE}/${deposit.id}/lines/${line.id}`;
  if (line.note !== null)
    return (
      <Row>
        <NoteCell colspan={COLUMNS}>
          <Notice title={`Explained by ${line.notedByName ?? "a member"}.`}>{line.note}</Notice>
        </NoteCell>
      </Row>
    );
  if (line.problem === null || !props.withFixes) return null;
  return (
    <Row>
      <NoteCell colspan={COLUMNS}>
        <Notice
          tone="bad"
          actions={
            props.mayManage ? (
              <ButtonLink size="s" href={href}>
                Explain
              </ButtonLink>
            ) : undefined
          }
        >
          {problemText(line.problem, line, deposit.currency)}
        </Notice>
      </NoteCell>
    </Row>
  );
}
