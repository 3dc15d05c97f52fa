import { Hono } from "hono";
import { dayOf } from "../base/day.ts";
import { notFound, Problem } from "../base/error.ts";
import { isId, newId } from "../base/id.ts";
import { amountFaultText, parseAmount } from "../base/money.ts";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { type FieldErrors, LaunchCard, WHOLE_FORM } from "../ui/notices.tsx";
import { EmbedBody } from "../ui/page.tsx";
import { allow } from "../web/allow.ts";
import { demand, getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { type Form, readForm } from "../web/form.ts";
import { renderEmbed } from "../web/respond.tsx";
import { setSessionCookie } from "../web/session.ts";
import { linkUrl } from "./address.ts";
import { draftFingerprint, suggestDueOn } from "./draft.ts";
import { issueLinks } from "./issue.ts";
import { openLaunch } from "./launch.ts";
import { layPanelAmount, type Panel, panelFingerprint, readPanel } from "./panel.ts";
import { PanelDoneView, type PanelTyped, PanelView } from "./panel-view.tsx";
import { findRequestLinks } from "./queries.ts";
import { splitAddresses } from "./request.ts";

export const panelRoutes = new Hono<WebEnv>();

// The matter system posts a signed ticket into the frame; there is no cookie yet.
panelRoutes.post("/embed/launch/:connector", allow("signature"), async (c) => {
  c.set("frameAncestors", systemOrigins(c.get("cx")));
  const ticket = (await readForm(c)).text("ticket");
  const launched = await openLaunch(c.get("cx"), c.get("requestId"), c.req.param("connector"), ticket);
  if (launched.outcome === "unconnected") {
    return await say(
      c,
      "Not connected",
      "Your firm has not connected this account yet. An administrator can do it under Settings, Connections.",
    );
  }
  c.set("frameAncestors", [launched.webOrigin]);
  if (launched.outcome === "stranger") {
    return await say(
      c,
      "Not a member",
      "You are not a member of your firm here. Ask its administrator to invite you with the address that you use in the matter system.",
    );
  }
  setSessionCookie(c, "embed", launched.secret);
  if (launched.matterId === undefined) {
    return await say(
      c,
      "Not read yet",
      "This matter has not been read yet. Close the panel and open it again in a minute.",
    );
  }
  return c.redirect(`/embed/matters/${launched.matterId}`, 303);
});

// Public, because a frame whose cookie the browser keeps away must be told so on a page that the frame may show. Without a session
// there is nothing here but that card.
panelRoutes.get("/embed/matters/:id", allow("public"), async (c) => {
  if (!c.get("scope")) return await showCard(c);
  const panel = await enter(c);
  return await showPanel(c, panel, newId(), undefined);
});

panelRoutes.post("/embed/matters/:id", allow("public"), async (c) => {
  if (!c.get("scope")) return await showCard(c);
  const panel = await enter(c);
  const form = await readForm(c);
  const formId = isId(form.text("formId")) ? form.text("formId") : newId();
  const typed = typedIn(form);
  const checked = check(panel, form, typed);
  if (!checked.ok) {
    return await showPanel(
      c,
      panel,
      formId,
      { ...typed, amount: checked.amount ?? typed.amount },
      checked.errors,
    );
  }
  try {
    const issued = await issueLinks(memberContext(c), {
      formId,
      lines: checked.lines,
      payerName: checked.payer.name,
      payerEmails: checked.payer.emails,
      message: typed.note,
      dueOn: suggestDueOn(checked.asked, dayOf(c.get("cx").now(), getScope(c).firm.timeZone)),
      delivery: form.text("delivery") === "copy" ? "copy" : "email",
      expected: draftFingerprint({ lines: checked.asked }),
    });
    return c.redirect(`/embed/matters/${panel.matter.id}/sent/${issued.requestId}`, 303);
  } catch (error) {
    return await showPanel(c, panel, formId, typed, errorsOf(error, typed));
  }
});

panelRoutes.get("/embed/matters/:id/sent/:requestId", allow("public"), async (c) => {
  if (!c.get("scope")) return await showCard(c);
  const panel = await enter(c);
  const cx = memberContext(c);
  const requestId = c.req.param("requestId");
  const links = isId(requestId)
    ? await withFirm(cx.database, cx.firmId, (tx) => findRequestLinks(tx, cx.firmId, requestId))
    : [];
  if (links.length === 0) throw notFound("request");
  return await renderEmbed(
    c,
    pageOf(panel),
    <PanelDoneView
      matterId={panel.matter.id}
      links={links.map((link) => ({ link, url: linkUrl(cx, link) }))}
    />,
  );
});

/** Reads the panel for the member in the frame, and lets the matter system's own page frame the answer. */
async function enter(c: Web): Promise<Panel> {
  c.set("frameAncestors", systemOrigins(c.get("cx")));
  const cx = memberContext(c);
  demand(cx, "links.send");
  const panel = await readPanel(cx, c.req.param("id") ?? "");
  c.set("frameAncestors", [panel.webOrigin]);
  return panel;
}

type Checked =
  | {
      ok: true;
      lines: { statementId: string; amountMinor: bigint }[];
      asked: { statement: Panel["statements"][number]; amountMinor: bigint }[];
      payer: { name: string; emails: string[] };
    }
  | { ok: false; errors: FieldErrors; amount?: string };

function check(panel: Panel, form: Form, typed: PanelTyped): Checked {
  if (form.text("seen") !== panelFingerprint(panel.statements)) {
    const words = "A balance changed since the panel was opened. Look at the amounts again, then send.";
    return { ok: false, errors: { [WHOLE_FORM]: words } };
  }
  const ticked = panel.statements.filter((statement) => typed.items.includes(statement.id));
  if (ticked.length === 0) return { ok: false, errors: { items: "Tick at least one statement" } };
  const amount = parseAmount(typed.amount);
  if (!amount.ok) return { ok: false, errors: { amount: amountFaultText(amount.fault) } };
  const offered = parseAmount(form.text("offered"));
  const laid = layPanelAmount(ticked, amount.minor, offered.ok ? offered.minor : -1n);
  if (!laid.ok) return { ok: false, errors: { amount: laid.reason }, amount: laid.amount };
  const asked = laid.lines.flatMap(({ statementId, amountMinor }) => {
    const statement = ticked.find((each) => each.id === statementId);
    return statement ? [{ statement, amountMinor }] : [];
  });
  return { ok: true, lines: laid.lines, asked, payer: payerOf(panel, typed) };
}

function payerOf(panel: Panel, typed: PanelTyped): { name: string; emails: string[] } {
  const known = panel.payers.find((payer) => payer.id === typed.payer);
  if (known) return { name: known.name, emails: known.email === null ? [] : [known.email] };
  return { name: typed.otherName, emails: splitAddresses(typed.otherEmail) };
}

function typedIn(form: Form): PanelTyped {
  return {
    items: form.all("item"),
    amount: form.text("amount"),
    payer: form.text("payer"),
    otherName: form.text("otherName"),
    otherEmail: form.text("otherEmail"),
    note: form.text("note").replaceAll("\r\n", "\n"),
  };
}

/** The verb's fields under the names of the panel's boxes. */
function errorsOf(error: unknown, typed: PanelTyped): FieldErrors {
  if (!(error instanceof Problem)) throw error;
  if (error.code === "conflict" || error.code === "not_found") return { [WHOLE_FORM]: error.message };
  if (error.code !== "invalid") throw error;
  const isOther = typed.payer === "other";
  const names: Record<string, string> = {
    payerName: isOther ? "otherName" : "payer",
    payerEmails: isOther ? "otherEmail" : "payer",
    message: "note",
    lines: "amount",
  };
  return Object.fromEntries(
    Object.entries(error.fields).map(([field, text]) => [names[field] ?? WHOLE_FORM, text]),
  );
}

async function showPanel(
  c: Web,
  panel: Panel,
  formId: string,
  typed: PanelTyped | undefined,
  errors?: FieldErrors,
): Promise<Response> {
  const now = c.get("cx").now();
  return await renderEmbed(
    c,
    { ...pageOf(panel), errors },
    <PanelView
      panel={panel}
      formId={formId}
      typed={typed}
      today={dayOf(now, getScope(c).firm.timeZone)}
      now={now}
      errors={errors}
    />,
  );
}

function pageOf({ matter }: Panel) {
  return {
    title: `Request payment, matter ${matter.number}`,
    openHref: `/matters?matter=${matter.id}`,
    matter: { number: matter.number, name: matter.description, client: matter.clientName },
  };
}

async function showCard(c: Web): Promise<Response> {
  c.set("frameAncestors", systemOrigins(c.get("cx")));
  const id = c.req.param("id") ?? "";
  const href = isId(id) ? `/matters?matter=${id}` : "/matters";
  return await renderEmbed(
    c,
    { title: "Open in a new tab", openHref: href },
    <EmbedBody>
      <LaunchCard
        title="Your browser keeps this panel signed out"
        text="It does not let the panel remember you inside another site, or too much time went by. Open the panel again from the matter, or work in a tab of its own."
        href={href}
        button="Open in a new tab"
      />
    </EmbedBody>,
  );
}

async function say(c: Web, title: string, text: string): Promise<Response> {
  return await renderEmbed(
    c,
    { title, openHref: "/" },
    <EmbedBody>
      <p>{text}</p>
    </EmbedBody>,
  );
}

/** Where the configured matter systems are: they may frame a page that says nothing of any firm. */
function systemOrigins(cx: Context): string[] {
  return [...new Set([...cx.connectors.values()].map(({ registration }) => registration.origin))];
}
