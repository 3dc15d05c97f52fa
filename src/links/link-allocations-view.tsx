import type { JSX } from "hono/jsx/jsx-runtime";
import { formatShortDay } from "../base/day.ts";
import { formatMoney, sumMinor } from "../base/money.ts";
import { Section } from "../ui/layout.tsx";
import { BlankCell, DataTable, Row, RowHead, TableBody, TableFoot, TableHead, Td, Th } from "../ui/table.tsx";
import { PostingTag } from "../ui/tags.tsx";
import type { LinkPage } from "./link-page.ts";
import { unlaidMinor } from "./received.ts";

type Line = LinkPage["allocations"][number];
/** The amounts of a row; undefined where it has none. */
type Sums = Record<"askedMinor" | "receivedMinor" | "goneMinor" | "leftMinor", bigint | undefined>;

/** What is asked for on each statement, what came and is still there, what went back where anything did, and what is left. */
export function AllocationTable({ page }: { page: LinkPage }): JSX.Element | null {
  const lines = page.allocations;
  if (lines.length === 0) return null;
  const { currency } = page.link;
  const wentBack = page.received.goneMinor > 0n;
  const unlaid = unlaidMinor(page.received);
  const sum = (key: keyof Sums) => sumMinor(lines.map((line) => line[key]));
  const total = {
    askedMinor: sum("askedMinor"),
    receivedMinor: sum("receivedMinor") - unlaid,
    goneMinor: sum("goneMinor") + unlaid,
    leftMinor: sum("leftMinor") + unlaid,
  };
  return (
    <Section id="allocations" title="Allocations">
      <DataTable label="Allocations" focusable>
        <TableHead>
          <Th>Statement</Th>
          <Th num>Asked</Th>
          <Th num>Received</Th>
          {wentBack ? <Th num>Went back</Th> : null}
          <Th num>Left</Th>
          <Th>Posting</Th>
        </TableHead>
        <TableBody>
          {lines.map((line) => (
            <Row>
              <RowHead note={`Issued ${formatShortDay(line.issuedOn)}`}>{line.number}</RowHead>
              <Amounts sums={line} currency={currency} wentBack={wentBack} />
              <Td label="Posting">
                <PostingWord line={line} />
              </Td>
            </Row>
          ))}
          {unlaid > 0n ? <UnlaidRow minor={unlaid} currency={currency} /> : null}
        </TableBody>
        <TableFoot>
          <RowHead>Total</RowHead>
          <Amounts sums={total} currency={currency} wentBack={wentBack} />
          <BlankCell />
        </TableFoot>
      </DataTable>
    </Section>
  );
}

function PostingWord({ line }: { line: Line }): JSX.Element {
  return line.posting ? <PostingTag state={line.posting} /> : <span class="soft">Nothing to post</span>;
}

/** What went back and is on no statement yet: it is taken off the sum of what was received. */
function UnlaidRow({ minor, currency }: { minor: bigint; currency: string }): JSX.Element {
  const sums = { askedMinor: undefined, receivedMinor: -minor, goneMinor: minor, leftMinor: minor };
  return (
    <Row>
      <RowHead note="Nobody has said yet for which statements">Lines not chosen</RowHead>
      <Amounts sums={sums} currency={currency} wentBack />
      <BlankCell />
    </Row>
  );
}

function Amounts(props: { sums: Sums; currency: string; wentBack: boolean }): JSX.Element {
  const { sums, currency } = props;
  const money = (minor: bigint | undefined) =>
    minor === undefined ? null : formatMoney({ minor, currency });
  return (
    <>
      <Td label="Asked" num>
        {money(sums.askedMinor)}
      </Td>
      <Td label="Received" num>
        {money(sums.receivedMinor)}
      </Td>
      {props.wentBack ? (
        <Td label="Went back" num>
          {money(sums.goneMinor)}
        </Td>
      ) : null}
      <Td label="Left" amount>
        {money(sums.leftMinor)}
      </Td>
    </>
  );
}
