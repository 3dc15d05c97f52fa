import { describe, expect, test } from "vitest";
import { Button, ButtonLink, CopyButton, IconButton } from "../../src/ui/buttons.tsx";
import { Check, Choices } from "../../src/ui/choices.tsx";
import { MoneyField, SelectField, TextAreaField, TextField } from "../../src/ui/fields.tsx";
import { Dialog, PostForm } from "../../src/ui/form.tsx";
import { Details, Panel } from "../../src/ui/layout.tsx";
import { ProgressPanel, Stepper } from "../../src/ui/progress.tsx";

const NASTY = `"><script>alert(1)</script>&'`;

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
