import { Hono } from "hono";
import { dayOf } from "../base/day.ts";
import { notFound, Problem } from "../base/error.ts";
import { isId } from "../base/id.ts";
import type { Language } from "../base/language.ts";
import { may } from "../base/permission.ts";
import { withFirm } from "../db/tenant.ts";
import type { FieldErrors } from "../ui/notices.tsx";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { setFlash } from "../web/flash.ts";
import { readForm } from "../web/form.ts";
import { renderStaff } from "../web/respond.tsx";
import { type Correction, CorrectView, ExtendView, startCorrection } from "./actions-view.tsx";
import { linkUrl } from "./address.ts";
import { cancelLink } from "./cancel.ts";
import { CancelView } from "./cancel-view.tsx";
import { correctLink } from "./correct.ts";
import { extendLink } from "./extend.ts";
import { addressStates } from "./link-delivery-view.tsx";
import { type LinkPage, readLinkPage } from "./link-page.ts";
import { LinkView } from "./link-view.tsx";
import { findLink, findRequestLinks, type LinkRow } from "./queries.ts";
import { splitAddresses } from "./request.ts";
import { RequestView } from "./request-view.tsx";
import { resendLink } from "./resend.ts";
import { makeSuccessor } from "./successor.ts";

export const linkPageRoutes = new Hono<WebEnv>();

linkPageRoutes.get("/links/:id", allow("links.see"), async (c) => {
  const { firm, member } = getScope(c);
  const page = await readLinkPage(c.get("cx"), firm.id, c.req.param("id"));
  return await renderStaff(
    c,
    { title: `${page.link.reference}, ${page.link.client_name}`, nav: "sent" },
    <LinkView page={page} timeZone={firm.timeZone} maySeePostings={may(member.role, "postings.see")} />,
  );
});

/** What one form made: its link, or both links where it asked for operating and trust money. */
linkPageRoutes.get("/requests/:id", allow("links.see"), async (c) => {
  const { firm } = getScope(c);
  const id = c.req.param("id");
  const cx = c.get("cx");
  const links = isId(id)
    ? await withFirm(cx.database, firm.id, (tx) => findRequestLinks(tx, firm.id, id))
    : [];
  const [first, second] = links;
  if (!first) throw notFound("request");
  if (!second) return c.redirect(`/links/${first.id}`, 303);
  return await renderStaff(
    c,
    { title: "Two links", nav: "sent" },
    <RequestView links={links.map((link) => ({ link, url: linkUrl(cx, link) }))} />,
  );
});

linkPageRoutes.post("/links/:id/resend", allow("links.send"), async (c) => {
  const form = await readForm(c);
  const sendCount = Number.parseInt(form.text("sendCount"), 10);
  return await attempt(c, "The request is on its way again.", () =>
    resendLink(memberContext(c), { linkId: c.req.param("id"), sendCount }),
  );
});

linkPageRoutes.post("/links/:id/successor", allow("links.send"), async (c) => {
  const form = await readForm(c);
  const delivery = form.text("delivery") === "copy" ? "copy" : "email";
  return await attempt(c, "The new link is made.", () =>
    makeSuccessor(memberContext(c), { linkId: c.req.param("id"), delivery }),
  );
});

linkPageRoutes.get("/links/:id/cancel", allow("links.cancel"), async (c) => {
  const link = await readLink(c);
  return await renderStaff(
    c,
    { title: `Cancel ${link.reference}`, nav: "sent" },
    <CancelView link={link} reason="" />,
  );
});

linkPageRoutes.post("/links/:id/cancel", allow("links.cancel"), async (c) => {
  const reason = (await readForm(c)).text("reason");
  return await attempt(
    c,
    "The link is cancelled.",
    () => cancelLink(memberContext(c), { linkId: c.req.param("id"), reason }),
    async (errors) => {
      const link = await readLink(c);
      return renderStaff(
        c,
        { title: `Cancel ${link.reference}`, nav: "sent", errors },
        <CancelView link={link} reason={reason} errors={errors} />,
      );
    },
  );
});

linkPageRoutes.get("/links/:id/extend", allow("links.send"), async (c) => {
  const link = await readLink(c);
  const expiresOn = dayOf(link.expires_at, getScope(c).firm.timeZone);
  return await renderStaff(
    c,
    { title: `Edit expiry of ${link.reference}`, nav: "sent" },
    <ExtendView link={link} expiresOn={expiresOn} />,
  );
});

linkPageRoutes.post("/links/:id/extend", allow("links.send"), async (c) => {
  const expiresOn = (await readForm(c)).text("expiresOn");
  return await attempt(
    c,
    "The expiry is changed.",
    () => extendLink(memberContext(c), { linkId: c.req.param("id"), expiresOn }),
    async (errors) => {
      const link = await readLink(c);
      const title = `Edit expiry of ${link.reference}`;
      return renderStaff(
        c,
        { title, nav: "sent", errors },
        <ExtendView link={link} expiresOn={expiresOn} errors={errors} />,
      );
    },
  );
});

linkPageRoutes.get("/links/:id/correct", allow("links.send"), async (c) => {
  const page = await readLinkPage(c.get("cx"), getScope(c).firm.id, c.req.param("id"));
  return await showCorrection(c, page, startCorrection(page.link));
});

linkPageRoutes.post("/links/:id/correct", allow("links.send"), async (c) => {
  const form = await readForm(c);
  const typed = {
    payerName: form.text("payerName"),
    payerEmails: form.text("payerEmails"),
    language: form.text("language"),
  };
  return await attempt(
    c,
    "The address is corrected and the request sent there. The earlier link opens nothing any more.",
    () =>
      correctLink(memberContext(c), {
        linkId: c.req.param("id"),
        payerName: typed.payerName,
        payerEmails: splitAddresses(typed.payerEmails),
        language: form.has("language") ? readLanguage(typed.language) : undefined,
        tokenVersion: Number.parseInt(form.text("tokenVersion"), 10),
      }),
    async (errors) => {
      const page = await readLinkPage(c.get("cx"), getScope(c).firm.id, c.req.param("id"));
      return await showCorrection(c, page, typed, errors);
    },
  );
});

async function showCorrection(
  c: Web,
  page: LinkPage,
  typed: Correction,
  errors?: FieldErrors,
): Promise<Response> {
  const { link } = page;
  const title = `Correct the address of ${link.reference}`;
  return await renderStaff(
    c,
    { title, nav: "sent", ...(errors ? { errors } : {}) },
    <CorrectView link={link} typed={typed} reached={addressStates(link, page.emails)} errors={errors} />,
  );
}

/** What is no language is left to the verb, which says so. */
function readLanguage(text: string): Language | null {
  return text === "" ? null : (text as Language);
}

async function readLink(c: Web): Promise<LinkRow> {
  const { firm } = getScope(c);
  const link = await withFirm(c.get("cx").database, firm.id, (tx) =>
    findLink(tx, firm.id, c.req.param("id") ?? ""),
  );
  if (!link) throw notFound("link");
  return link;
}

/** Does it and goes to the link's page. What was typed wrong comes back on its form; what the state forbids is said on the link's page. */
async function attempt(
  c: Web,
  done: string,
  work: () => Promise<LinkRow>,
  onInvalid?: (errors: Readonly<Record<string, string>>) => Promise<Response>,
): Promise<Response> {
  try {
    const link = await work();
    setFlash(c, { tone: "good", text: done });
    return c.redirect(`/links/${link.id}`, 303);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === "invalid" && onInvalid) return await onInvalid(error.fields);
    if (error.code !== "invalid" && error.code !== "conflict") throw error;
    setFlash(c, { tone: "bad", text: error.message });
    return c.redirect(`/links/${c.req.param("id") ?? ""}`, 303);
  }
}
