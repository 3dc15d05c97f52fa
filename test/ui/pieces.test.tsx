import { describe, expect, test } from "vitest";
import { Icon, iconNames } from "../../src/ui/icons.tsx";
import { currencySymbol, MoneyHeadline, MoneyText } from "../../src/ui/money.tsx";
import { EmptyState, ErrorSummary, LaunchCard, Notice, WHOLE_FORM } from "../../src/ui/notices.tsx";
import { AccountBadge, Engagement, LinkTag, PostingTag } from "../../src/ui/tags.tsx";

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
