import { describe, expect, test } from "vitest";
import { Basket, BasketGroup, BasketLine } from "../../src/ui/basket.tsx";
import { Button, ButtonLink, CopyButton, IconButton } from "../../src/ui/buttons.tsx";
import { Check, Choices } from "../../src/ui/choices.tsx";
import { MoneyField, SelectField, TextAreaField, TextField } from "../../src/ui/fields.tsx";
import { Dialog, PostForm } from "../../src/ui/form.tsx";
import { Icon, iconNames } from "../../src/ui/icons.tsx";
import { Details, Panel } from "../../src/ui/layout.tsx";
import { Chip, Pagination, SearchForm, Tabs } from "../../src/ui/listing.tsx";
import { Capabilities, KeyValues, Timeline, Totals } from "../../src/ui/lists.tsx";
import { currencySymbol, MoneyHeadline, MoneyText } from "../../src/ui/money.tsx";
import { EmptyState, ErrorSummary, LaunchCard, Notice, WHOLE_FORM } from "../../src/ui/notices.tsx";
import { ProgressPanel, Stepper } from "../../src/ui/progress.tsx";
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
import { AccountBadge, Engagement, LinkTag, PostingTag } from "../../src/ui/tags.tsx";
import { Ageing, Queue, Tiles } from "../../src/ui/work.tsx";

const NASTY = `"><script>alert(1)</script>&'`;
const USD = (minor: bigint) => ({ minor, currency: "USD" });

test("every icon draws something and is hidden from screen readers", () => {
  for (const name of iconNames()) {
    expect(String(<Icon name={name} />)).toMatch(
      /^<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><.+<\/svg>$/,
    );
  }
});

describe("tags", () => {
  test("a link's state has its word and its tone", () => {
    const shown = (
      ["outstanding", "processing", "payment_received", "part_paid", "cancelled", "expired"] as const
    ).map((state) => String(<LinkTag state={state} />));
    const words = ["Outstanding", "Processing", "Payment received", "Part paid", "Cancelled", "Expired"];
    words.forEach((word, index) => {
      expect(shown[index]).toContain(`${word}</span>`);
    });
    expect(new Set(shown.map((html) => html.replace(/[A-Z][a-z ]+<\/span>/, ""))).size).toBe(words.length);
    expect(shown[2]).toContain('data-tone="good"');
    expect(shown[0]).not.toContain("data-tone");
  });

  test("a posting's state has its word and its tone", () => {
    expect(String(<PostingTag state="needs_attention" />)).toMatch(/data-tone="bad".*Needs attention/);
    expect(String(<PostingTag state="ready" />)).toMatch(/data-tone="info".*Ready/);
    expect(String(<PostingTag state="posting" />)).toMatch(/data-tone="info".*Posting/);
    expect(String(<PostingTag state="posted" />)).toMatch(/data-tone="good".*Posted/);
    expect(String(<PostingTag state="reversed" />)).toContain("Reversed");
    expect(String(<PostingTag state="set_aside" />)).toContain("Set aside");
  });

  test("trust and operating accounts differ in word, shape and kind", () => {
    const trust = String(<AccountBadge kind="trust" last4="8820" />);
    const operating = String(<AccountBadge kind="operating" last4="4417" />);
    expect(trust).toMatch(/data-kind="trust".*Trust<\/span> ··8820/);
    expect(operating).toMatch(/data-kind="operating".*Operating<\/span> ··4417/);
    expect(String(<AccountBadge kind="trust" />)).not.toContain("··");
  });

  test("a bounced email crosses out the step it did not reach", () => {
    const html = String(<Engagement reached="sent" failed words="Bounced today" />);
    expect(html).toContain('data-tone="bad"');
    expect(html.match(/class="failed"/g)).toHaveLength(1);
    expect(html.match(/<circle class="reached"/g)).toHaveLength(1);
    expect(String(<Engagement reached="viewed" words="Viewed" />).match(/class="reached"/g)).toHaveLength(5);
  });
});

describe("money", () => {
  test("is shown with its symbol and a real minus sign", () => {
    expect(String(<MoneyText money={USD(-125000n)} />)).toBe('<span class="money">−$1,250.00</span>');
    expect(String(<MoneyHeadline money={USD(113726560n)} />)).toBe(
      '$1,137,265<span class="cents">.60</span>',
    );
  });

  test("has its currency's symbol before the box", () => {
    expect(["USD", "CAD", "GBP", "EUR"].map(currencySymbol)).toEqual(["$", "CA$", "£", "EUR"]);
  });
});

describe("fields", () => {
  test("a field ties its label, hint and error to its control", () => {
    const html = String(
      <TextField
        name="email"
        label="Email address"
        type="email"
        hint="For the link"
        error="Enter an email address"
        value={NASTY}
      />,
    );
    expect(html).toContain('<label for="email">Email address</label>');
    expect(html).toContain('id="email-hint"');
    expect(html).toContain('id="email-error"');
    expect(html).toContain('aria-describedby="email-hint email-error"');
    expect(html).toContain('aria-invalid="true"');
    expect(html).toContain('<span class="visually-hidden">Error: </span>Enter an email address');
    expect(html).toContain('spellcheck="false"');
    expect(html).not.toContain("<script>");
  });

  test("a field without hint or error refers to nothing", () => {
    const html = String(<TextField name="due" label="Due date" type="date" optional />);
    expect(html).not.toContain("aria-describedby");
    expect(html).not.toContain("aria-invalid");
    expect(html).toContain('<span class="optional"> (optional)</span>');
    expect(html).toContain('data-width="date"');
  });

  test("an amount is typed as text, with what was typed kept", () => {
    const html = String(
      <MoneyField name="amount" label="Amount" currency="USD" value="12,x" error="Enter the amount" />,
    );
    expect(html).toContain('<span aria-hidden="true">$</span>');
    expect(html).toMatch(
      /<input type="text" inputmode="decimal"[^>]* id="amount" name="amount" value="12,x"/,
    );
    expect(html).toContain('aria-describedby="amount-error"');
  });

  test("several lines keep a first empty line and are escaped", () => {
    const html = String(<TextAreaField name="message" label="Message" value={`\n${NASTY}`} />);
    expect(html).toMatch(/<textarea[^>]*>\n\n&quot;&gt;&lt;script&gt;/);
  });

  test("the chosen option is marked", () => {
    const options = [
      { value: "1", label: "Ana" },
      { value: "2", label: NASTY },
    ];
    const html = String(<SelectField name="payer" label="Payer" options={options} value="2" />);
    expect(html).toContain('<option value="1">Ana</option>');
    expect(html).toMatch(/<option value="2" selected="">&quot;/);
  });

  test("choices are a named group whose first card takes the error's link", () => {
    const html = String(
      <Choices
        name="how"
        label="How much?"
        value="other"
        error="Choose how much to pay"
        choices={[
          { value: "full", title: "Full amount", aside: "$10.00" },
          { value: "other", title: "Another amount", reveals: true },
        ]}
      >
        <MoneyField name="other" label="Amount" currency="USD" />
      </Choices>,
    );
    expect(html).toMatch(
      /<fieldset class="field" data-invalid="" aria-describedby="how-error"><legend>How much\?/,
    );
    expect(html).toContain('type="radio" id="how" name="how" value="full"/>');
    expect(html).toContain('id="how-2" name="how" value="other" checked="" data-reveals=""');
    expect(html).toMatch(/<\/div><div class="choice-follow">/);
  });

  test("a box to tick stands inside its label", () => {
    expect(String(<Check name="tell" label="Tell the payer" hint="By email" checked />)).toMatch(
      /^<label class="check"><input type="checkbox" name="tell" value="on" checked=""\/>/,
    );
  });
});

describe("messages", () => {
  test("the error summary takes the focus, counts, and links to each control", () => {
    const html = String(
      <ErrorSummary errors={{ amount: "Enter the amount", 'a"b': NASTY, [WHOLE_FORM]: "Try again" }} />,
    );
    expect(html).toContain('role="alert" tabindex="-1" autofocus="" aria-labelledby="error-title"');
    expect(html).toContain("There is a problem with 3 answers");
    expect(html).toContain('<a href="#amount">Enter the amount</a>');
    expect(html).toContain('href="#a%22b"');
    expect(html).toContain("<li>Try again</li>");
    expect(html).not.toContain("<script>");
  });

  test("a notice has a shape, and speaks only when it is told to", () => {
    expect(String(<Notice tone="bad" title="Voided" actions={<a href="/x">Choose</a>} />)).not.toContain(
      "role=",
    );
    expect(String(<Notice role="status">Done</Notice>)).toContain('role="status"');
  });

  test("an empty state is a section named by its heading", () => {
    const html = String(<EmptyState icon="search" title={NASTY} actions={<a href="/sent">Clear</a>} />);
    expect(html).toContain('<section class="panel" aria-labelledby="empty">');
    expect(html).toContain('<h2 id="empty">&quot;');
  });

  test("the way out of a frame opens a new tab that cannot reach back", () => {
    expect(String(<LaunchCard title="Open" text="Your browser" href="/e" button="Open" />)).toContain(
      'target="_blank" rel="noopener"',
    );
  });
});

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

describe("forms and actions", () => {
  test("a form posts, without the browser's checks, with its hidden values", () => {
    const html = String(
      <PostForm action="/send" fields={{ key: NASTY }} class="split">
        <Button kind="primary">Send all 418</Button>
      </PostForm>,
    );
    expect(html).toMatch(/^<form method="post" action="\/send" class="split" novalidate="">/);
    expect(html).toContain('<input type="hidden" name="key" value="&quot;');
    expect(html).toContain('<button type="submit" class="button" data-kind="primary">Send all 418</button>');
    expect(html).not.toContain("hx-");
  });

  test("an exchange carries the nonce, and the plain address stays", () => {
    const html = String(
      <PostForm action="/basket" swap={{ nonce: "n0nce", target: "#basket" }}>
        x
      </PostForm>,
    );
    expect(html).toContain('method="post" action="/basket"');
    expect(html).toContain(
      'hx-nonce="n0nce" hx-post="/basket" hx-target="#basket" hx-select="#basket" hx-swap="outerMorph"',
    );
    expect(html).toContain('hx-status:4xx="{&quot;target&quot;:&quot;#main&quot;');
    const link = String(
      <ButtonLink href="/sent" swap={{ nonce: "n", target: "main", push: true }}>
        x
      </ButtonLink>,
    );
    expect(link).toContain('href="/sent"');
    expect(link).toContain('hx-get="/sent"');
    expect(link).toContain('hx-push-url="true"');
  });

  test("a button of a picture alone has a name", () => {
    expect(String(<IconButton icon="x" label="Remove 20391" />)).toContain('aria-label="Remove 20391"');
  });

  test("a copy button carries its text and what is said afterwards", () => {
    const html = String(
      <CopyButton text="https://pay.test/p/x" said="Link copied">
        Copy link
      </CopyButton>,
    );
    expect(html).toContain('data-copy="https://pay.test/p/x" data-copied="Link copied"');
    expect(html).toContain('type="button"');
  });

  test("a dialog asks with the safe answer first", () => {
    const html = String(
      <Dialog
        id="dialog-cancel"
        title="Cancel this link?"
        action="/x/cancel"
        keep="Keep link"
        confirm="Cancel link"
      />,
    );
    expect(html).toContain(
      '<dialog class="dialog" id="dialog-cancel" aria-labelledby="dialog-cancel-title">',
    );
    expect(html.indexOf("Keep link")).toBeLessThan(html.indexOf(">Cancel link</button>"));
    expect(html).toMatch(/data-closes="" autofocus="">Keep link/);
  });

  test("a stepper marks what is done and where one is", () => {
    const html = String(<Stepper steps={["Choose", "Message", "Send"]} current={1} />);
    expect(html).toMatch(/<li data-state="done">.*Done: .*Choose/);
    expect(html).toContain('<li aria-current="step"><span class="stepper-mark">2</span>Message</li>');
  });

  test("progress is asked for again only while the work goes on", () => {
    const going = String(
      <ProgressPanel
        id="run"
        title="Sending 2 of 4"
        value={2}
        max={4}
        poll={{ href: "/run", nonce: "n", everySeconds: 3 }}
      />,
    );
    expect(going).toContain('hx-trigger="every 3s"');
    expect(going).toContain('<a href="/run">Check again</a>');
    const done = String(<ProgressPanel id="run" title="Sent 4 of 4" value={4} max={4} counts="4 sent" />);
    expect(done).not.toContain("hx-");
    expect(done).toContain('role="status"');
  });

  test("panels and details are named by their headings", () => {
    expect(
      String(
        <Panel id="facts" title="Key facts">
          x
        </Panel>,
      ),
    ).toMatch(
      /<section class="panel" aria-labelledby="facts"><div class="panel-head"><h2 id="facts">Key facts/,
    );
    expect(
      String(
        <Details summary="More" box>
          x
        </Details>,
      ),
    ).toContain('<summary class="panel-head">');
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
