import { describe, expect, test } from "vitest";
import { Basket, BasketGroup, BasketLine } from "../../src/ui/basket.tsx";
import { Chip, Pagination, SearchForm, Tabs } from "../../src/ui/listing.tsx";
import { Capabilities, KeyValues, Timeline, Totals } from "../../src/ui/lists.tsx";
import {
  DataTable,
  Row,
  RowHead,
  SelectAll,
  SelectCell,
  TableBody,
  TableHead,
  Td,
  Th,
} from "../../src/ui/table.tsx";
import { Ageing, Queue, Tiles } from "../../src/ui/work.tsx";

const NASTY = `"><script>alert(1)</script>&'`;
const USD = (minor: bigint) => ({ minor, currency: "USD" });

describe("tables", () => {
  const table = String(
    <DataTable label="Sent pages">
      <TableHead>
        <SelectAll label="Select all links on this page" />
        <Th sort={{ href: "?sort=client" }}>Client</Th>
        <Th num sort={{ href: "?sort=-amount", direction: "descending" }}>
          Amount
        </Th>
        <Th hidden>Action</Th>
      </TableHead>
      <TableBody id="p-1">
        <Row group>
          <SelectCell name="link" value="L1" label={`Select ${NASTY}`} />
          <RowHead href="/sent/L1" note="10655-004">
            {NASTY}
          </RowHead>
          <Td label="Amount" amount>
            $1.00
          </Td>
          <Td label="Due" nowrap>
            Nov 30
          </Td>
        </Row>
      </TableBody>
    </DataTable>,
  );

  test("keep their meaning as cards: each part has its role, each cell its label", () => {
    expect(table).toContain('role="region" aria-label="Sent pages, table"');
    for (const part of ["table", "rowgroup", "row", "columnheader", "rowheader", "cell"]) {
      expect(table).toContain(`role="${part}"`);
    }
    expect(table).toContain('<td role="cell" class="num cell-amount" data-label="Amount">$1.00</td>');
    expect(table).toContain('<td role="cell" class="nowrap" data-label="Due">');
  });

  test("say the order on the sorted column only", () => {
    expect(table.match(/aria-sort/g)).toHaveLength(1);
    expect(table).toMatch(/class="num" aria-sort="descending"><a href="\?sort=-amount">Amount<svg/);
  });

  test("name each box by its row and escape the name", () => {
    expect(table).toContain('aria-label="Select &quot;&gt;&lt;script&gt;');
    expect(table).not.toContain("<script>");
  });
});

describe("lists", () => {
  test("tabs mark the current view and group long counts", () => {
    const html = String(
      <Tabs
        label="Status"
        tabs={[
          { label: "All", href: "/sent", current: true, count: 1648 },
          { label: "Failed", href: "/sent?tab=failed", current: false, count: 0, tone: "bad" },
        ]}
      />,
    );
    expect(html).toContain('<a href="/sent" aria-current="page">All<span>1,648</span></a>');
    expect(html).toContain('<li data-tone="bad"><a href="/sent?tab=failed">Failed<span>0</span>');
  });

  test("a search keeps the other filters and escapes what was typed", () => {
    const html = String(
      <SearchForm action="/sent" label="Search sent pages" value={NASTY} keep={{ tab: "expired" }} />,
    );
    expect(html).toContain('<input type="hidden" name="tab" value="expired"/>');
    expect(html).toContain('aria-label="Search sent pages"');
    expect(html).not.toContain("<script>");
  });

  test("a filter in force says that its link removes it", () => {
    expect(String(<Chip label="Trust ··8820" href="?" remove />)).toContain(", remove filter");
  });

  test("pages link only to where there is one", () => {
    expect(String(<Pagination summary="3 links" />)).not.toContain("<a");
    const html = String(<Pagination next="?after=x" />);
    expect(html).toContain('rel="next"');
    expect(html).not.toContain("Previous");
  });

  test("facts that are not known are left out", () => {
    const html = String(
      <KeyValues
        facts={[
          { name: "Due", value: "Nov 12" },
          { name: "Expires", value: undefined },
        ]}
      />,
    );
    expect(html).toBe('<dl class="kv"><div><dt>Due</dt><dd>Nov 12</dd></div></dl>');
  });

  test("totals mark their last line", () => {
    const html = String(
      <Totals
        lines={[{ name: "Requested", amount: USD(864000n) }]}
        total={{ name: "Left", amount: USD(0n) }}
      />,
    );
    expect(html).toContain("<dd>$8,640.00</dd>");
    expect(html).toContain('<div data-total=""><dt>Left</dt><dd>$0.00</dd></div>');
  });

  test("a time line is an ordered list with times for people and machines", () => {
    const html = String(
      <Timeline
        entries={[{ icon: "mail", title: "Emailed", time: "Nov 3", dateTime: "2026-11-03", tone: "info" }]}
      />,
    );
    expect(html).toContain('<time datetime="2026-11-03">Nov 3</time>');
    expect(html).toContain('data-tone="info"');
  });

  test("capabilities say yes and no in words", () => {
    const html = String(
      <Capabilities
        list={[
          { can: true, text: "Reads" },
          { can: false, text: "Writes" },
        ]}
      />,
    );
    expect(html).toContain('<span class="visually-hidden">Yes: </span>Reads');
    expect(html).toMatch(/<li data-off="">.*No: <\/span>Writes/);
  });
});

describe("the basket and the work queue", () => {
  test("a line names its amount and its way out, and ties its error", () => {
    const html = String(
      <Basket
        id="basket"
        count={1}
        groups={[
          <BasketGroup title="Operating ··4417">
            <BasketLine
              number="20391"
              detail="10482-003"
              balance={USD(90000n)}
              name="amount-20391"
              value="9000"
              error="Amount must be 900.00 or less"
              remove={{ name: "remove", value: "20391" }}
            />
          </BasketGroup>,
        ]}
      />,
    );
    expect(html).toContain("1 item<");
    expect(html).toContain('aria-label="Amount for 20391, balance $900.00"');
    expect(html).toContain('aria-describedby="amount-20391-error"');
    expect(html).toContain('aria-label="Remove 20391 from the basket" name="remove" value="20391"');
  });

  test("the queue names the way out of each item", () => {
    const html = String(
      <Queue
        items={[
          {
            icon: "mail",
            tone: "warn",
            title: NASTY,
            detail: "Today",
            action: { label: "Fix", href: "/sent/1" },
          },
        ]}
      />,
    );
    expect(html).toContain('<a class="button" data-size="s" href="/sent/1">Fix</a>');
    expect(html).not.toContain("<script>");
  });

  test("figures are a list of names and values, ageing bars are links", () => {
    expect(String(<Tiles tiles={[{ name: "Outstanding", figure: "$1", detail: "2 links" }]} />)).toContain(
      '<div class="tile"><dt>Outstanding</dt><dd>$1</dd><dd>2 links</dd></div>',
    );
    const bar = {
      label: "0–30 days",
      amount: "$1",
      href: "/sent?age=0-30",
      detail: "2 links",
      percent: 60.2,
    };
    expect(String(<Ageing bars={[bar]} />)).toMatch(/<a href="\/sent\?age=0-30">.*width="60.2%".*<small>60%/);
  });
});
