import { describe, expect, test } from "vitest";
import { asset, findAsset } from "../../src/ui/assets.ts";
import { brandOf } from "../../src/ui/brand.ts";
import { PageHeader } from "../../src/ui/layout.tsx";
import { SettingsNav } from "../../src/ui/nav.tsx";
import { EmbedPage, GatePage, PlainPage, StaffPage, type StaffPageProps } from "../../src/ui/page.tsx";
import { PayButton, PayCard, PayLines, PayPage, PaySummary } from "../../src/ui/pay.tsx";

const NASTY = `"><script>alert(1)</script>&'`;

function staffPage(props: Partial<StaffPageProps>): string {
  return String(
    <StaffPage
      title="Sent Pages"
      nonce="n0nce"
      member={{ name: "Dana Whitfield", role: "admin" }}
      firm="Marlow Keane LLP"
      {...props}
    >
      {props.children ?? <PageHeader title="Sent Pages" />}
    </StaffPage>,
  );
}

describe("a staff page", () => {
  test("is a whole document with a language, a title and the skip link as the first stop", () => {
    const page = staffPage({});
    expect(page.startsWith("<!doctype html><html")).toBe(true);
    expect(page).toContain('<html lang="en-US">');
    expect(page).toContain("<title>Sent Pages · Send for Payment</title>");
    expect(page.indexOf("skip-link")).toBeLessThan(page.indexOf("<header"));
    expect(page).toContain('href="#main"');
    expect(page).toContain('<main class="main" id="main" tabindex="-1">');
  });

  test("carries the nonce on every script and holds no inline script or style", () => {
    const page = staffPage({ errors: { amount: "Enter the amount" } });
    const scripts = page.match(/<script[^>]*>/g) ?? [];
    expect(scripts).toHaveLength(3);
    for (const script of scripts) expect(script).toMatch(/src="\/static\/.+" nonce="n0nce" defer/);
    expect(page).not.toMatch(/<script[^>]*>[^<]/);
    expect(page).not.toMatch(/ style=| on[a-z]+="/);
    expect(page).toContain(`href="${asset("app.css")}"`);
  });

  test("shows an administrator everything, and marks where they are", () => {
    const page = staffPage({ current: "postings", attentionCount: 1206 });
    for (const path of ["/", "/matters", "/sent", "/postings", "/settings"]) {
      expect(page).toContain(`<a href="${path}"`);
    }
    expect(page).toContain('<a href="/postings" aria-current="page">');
    expect(page.match(/aria-current/g)).toHaveLength(1);
    expect(page).toContain(
      '<span class="nav-count">1,206<span class="visually-hidden"> need attention</span></span>',
    );
  });

  test("leaves out what a role may not do", () => {
    const connection = {
      system: "Clio Manage",
      words: "Not read",
      help: { label: "Reauthorise", href: "/x" },
    };
    const staff = staffPage({ member: { name: "Ana", role: "staff" }, connection, attentionCount: 6 });
    expect(staff).toContain('href="/sent"');
    expect(staff).not.toContain('href="/postings"');
    expect(staff).not.toContain("nav-count");
    expect(staff).not.toContain("/settings");
    expect(staff).not.toContain("<h2>Firm</h2>");
    expect(staff).toContain("Clio Manage");
    expect(staff).not.toContain("Reauthorise");
    const bookkeeper = staffPage({ member: { name: "Bo", role: "bookkeeper" } });
    expect(bookkeeper).toContain('href="/postings"');
    expect(bookkeeper).not.toContain("/settings");
  });

  test("puts errors above the heading, announces them in the title and leaves out the notice", () => {
    const page = staffPage({
      errors: { amount: "Enter the amount" },
      notice: { tone: "good", title: "Sent" },
    });
    expect(page).toContain("<title>Error: Sent Pages · Send for Payment</title>");
    expect(page.indexOf("error-summary")).toBeLessThan(page.indexOf("<h1>"));
    expect(page).toContain('<a href="#amount">Enter the amount</a>');
    expect(page).not.toContain("page-notices");
  });

  test("puts the outcome of the last action above the heading", () => {
    const page = staffPage({ notice: { tone: "good", title: "Link sent", text: "To ana@example.com." } });
    expect(page).toMatch(/data-tone="good" role="status"/);
    expect(page.indexOf("Link sent")).toBeLessThan(page.indexOf("<h1>"));
    expect(page).toContain("<title>Sent Pages");
  });

  test("shows the sandbox strip above everything only where there is a sandbox", () => {
    expect(staffPage({})).not.toContain("sandbox-strip");
    const sandbox = {
      docket: "http://docket.test/",
      processor: "http://pay.test/",
      outbox: "http://mail.test/",
    };
    const page = staffPage({ sandbox });
    expect(page.indexOf("sandbox-strip")).toBeLessThan(page.indexOf('class="shell"'));
    for (const href of Object.values(sandbox)) expect(page).toContain(`href="${href}"`);
  });

  test("escapes the names that people give", () => {
    const page = staffPage({
      title: NASTY,
      firm: NASTY,
      member: { name: NASTY, role: "admin" },
      connection: { system: NASTY, words: NASTY, help: { label: NASTY, href: `/x?${NASTY}` } },
      notice: { tone: "good", title: NASTY, text: NASTY },
      children: <PageHeader title={NASTY} detail={NASTY} />,
    });
    expect(page).not.toContain("<script>alert");
    expect(page).not.toContain(`"><script`);
  });

  test("signs out by a post, which a link in a mail cannot do", () => {
    expect(staffPage({})).toMatch(/<form method="post" action="\/signout">/);
  });
});

test("the settings list holds what the role may see", () => {
  const list = String(<SettingsNav current="team" member={{ name: "Dana", role: "admin" }} />);
  expect(list).toContain('<a href="/settings/team" aria-current="page">');
  expect(list).toContain('<a href="/settings/connections">');
  expect(String(<SettingsNav current="team" member={{ name: "Ana", role: "staff" }} />)).not.toContain("<a");
});

test("pages before signing in carry no script at all", () => {
  const page = String(
    <GatePage title="Sign in" errors={{ email: "Enter your email address" }} foot="Here to pay?">
      <h1>Sign in</h1>
    </GatePage>,
  );
  expect(page).toContain("<title>Error: Sign in · Send for Payment</title>");
  expect(page).not.toContain("<script");
  expect(page).toContain("Here to pay?");
});

test("a page for what went wrong says what to do, and the reference when there is one", () => {
  const page = String(
    <PlainPage
      title="This page is not here"
      message={NASTY}
      reference="A1B2"
      action={{ label: "Go", href: "/" }}
    />,
  );
  expect(page).toContain("<h1>This page is not here</h1>");
  expect(page).toContain("<code>A1B2</code>");
  expect(page).not.toContain("<script");
});

test("the narrow panel leads to the whole product in a new tab that cannot reach back", () => {
  const page = String(
    <EmbedPage
      title="Request payment"
      nonce="n0nce"
      openHref="/matters/1"
      matter={{ number: "10482-003", name: "Lease", client: NASTY }}
    >
      <p>Nothing open</p>
    </EmbedPage>,
  );
  expect(page).toContain('<a href="/matters/1" target="_blank" rel="noopener">');
  expect(page).toContain("<h1>Lease</h1>");
  expect(page).not.toContain("<script>");
  expect(page).not.toContain("sidebar");
});

function payPage(errors?: Record<string, string>): string {
  const brand = brandOf("#1f4a40");
  if (!brand) throw new Error("no brand");
  return String(
    <PayPage
      title="Pagar a Marlow Keane LLP"
      lang="es"
      nonce="n0nce"
      firm={{ name: NASTY }}
      brand={brand}
      words={{ secure: "Pago seguro", error: "Error", problem: "Hay un problema", language: "Idioma" }}
      languages={[
        { code: "en", name: "English", href: "?lang=en" },
        { code: "es", name: "Español", href: "?lang=es" },
      ]}
      errors={errors}
      footer={<p>40 Harbor Court</p>}
    >
      <PaySummary id="due" title="Importe" amount="$8,640.00">
        <PayLines
          lines={[{ label: NASTY, note: NASTY, amount: "$8,640.00" }]}
          total={{ label: "Total", amount: "$8,640.00" }}
        />
      </PaySummary>
      <PayCard>
        <PayButton>Continuar</PayButton>
      </PayCard>
    </PayPage>,
  );
}

describe("a payer's page", () => {
  test("holds no script, one style element with the nonce, and one style sheet", () => {
    const page = payPage();
    expect(page).not.toContain("<script");
    expect(page.match(/<style/g)).toHaveLength(1);
    expect(page).toContain('<style nonce="n0nce">:root{--brand:#1f4a40;--brand-ink:#ffffff;');
    expect(page.match(/rel="stylesheet"/g)).toHaveLength(1);
    expect(page).not.toContain(asset("app.css"));
    expect(page).not.toMatch(/ style=/);
    expect(page).not.toContain("<use");
  });

  test("speaks the payer's language, is always light and asks not to be indexed", () => {
    const page = payPage();
    expect(page).toContain('<html lang="es" data-scheme="light">');
    expect(page).toContain('<meta name="robots" content="noindex"/>');
    expect(page).toMatch(/lang="es" hreflang="es" aria-current="true"/);
    expect(page).toContain("Pago seguro");
  });

  test("names a failed check in the payer's language", () => {
    const page = payPage({ other: "Escriba el importe" });
    expect(page).toContain("<title>Error: Pagar");
    expect(page).toContain("Hay un problema");
    expect(page).not.toContain("There is a problem");
  });

  test("weighs little together with its style sheet", () => {
    const css = findAsset(asset("pay.css"))?.body ?? "";
    expect(Buffer.byteLength(payPage()) + Buffer.byteLength(css)).toBeLessThan(30_000);
  });
});
