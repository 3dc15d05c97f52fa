import { Hono } from "hono";
import { Problem } from "../base/error.ts";
import { MAKERS } from "../captcha/makers.ts";
import { WHOLE_FORM } from "../ui/notices.tsx";
import { allow } from "../web/allow.ts";
import { firmContext, type Web, type WebEnv } from "../web/env.ts";
import { type Form, readForm } from "../web/form.ts";
import { demandCalm } from "../web/limit.ts";
import { askFreshLink } from "./ask-fresh.ts";
import { begin } from "./begin.ts";
import { awaitOutcome } from "./confirm.ts";
import type { Begun } from "./create-session.ts";
import { withChoice } from "./language.ts";
import { type OpenedLink, openLink } from "./open.ts";
import { renderFor, showBroken, showLink } from "./page.tsx";
import { looksHuman } from "./person.ts";
import { provePerson } from "./prove-person.ts";
import { pageOf } from "./state.ts";
import { ChangedView, ConfirmingView } from "./state-views.tsx";
import { noteView } from "./view.ts";
import { voiceOf } from "./voice.ts";
import { readWish, type TypedWish } from "./wish.ts";

const VIEWS = { name: "pay-view", limit: 120, windowSeconds: 60 } as const;
/** One payer with one link: enough for every second thought. */
const BEGINNINGS = { name: "pay-begin", limit: 20, windowSeconds: 60 } as const;
/** One address with all its links: an office behind one address still fits. */
const BEGINNINGS_OF_CALLER = { name: "pay-begin-all", limit: 120, windowSeconds: 60 } as const;
/** One link from all addresses: a link that got about is no way to try out cards. */
const BEGINNINGS_OF_LINK = { name: "pay-begin-link", limit: 60, windowSeconds: 600, isShared: true } as const;
const RETURNS = { name: "pay-back", limit: 60, windowSeconds: 60 } as const;

/** A crawler must read a payer's page to learn from it that nothing of it may be kept; every other page needs a sign-in. */
const ROBOTS = "User-agent: *\nAllow: /p/\nDisallow: /\n";

export const payRoutes = new Hono<WebEnv>();

payRoutes.get("/robots.txt", allow("public"), (c) => c.text(ROBOTS));

payRoutes.get("/p/:token", allow("payer"), async (c) => {
  demandCalm(c, VIEWS);
  const token = c.req.param("token");
  const opened = await openLink(c.get("cx"), token);
  if (!opened) return await showBroken(c);
  if (looksHuman(c)) await noteView(payerContext(c, opened), opened.link.id);
  return await showLink(c, opened, token);
});

payRoutes.post("/p/:token", allow("payer"), async (c) => {
  const token = c.req.param("token");
  demandCalm(c, BEGINNINGS_OF_CALLER);
  const opened = await openLink(c.get("cx"), token);
  if (!opened) return await showBroken(c);
  demandCalm(c, BEGINNINGS, opened.link.id);
  demandCalm(c, BEGINNINGS_OF_LINK, opened.link.id);
  const form = await readForm(c);
  // Some browsers say nothing of themselves when a page is opened; who sends its form has seen it.
  if (opened.link.first_viewed_at === null) await noteView(payerContext(c, opened), opened.link.id);
  const typed = typedWish(form);
  try {
    return await answer(c, opened, token, await beginChecked(c, opened, form, typed), typed);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === "invalid" && Object.keys(error.fields).length > 0)
      return await showLink(c, opened, token, { typed, errors: error.fields, status: 422 });
    if (error.code !== "unavailable") throw error;
    return await showLink(c, opened, token, { typed, errors: { [WHOLE_FORM]: error.message }, status: 503 });
  }
});

payRoutes.get("/p/:token/back", allow("payer"), async (c) => {
  demandCalm(c, RETURNS);
  const token = c.req.param("token");
  const opened = await openLink(c.get("cx"), token);
  if (!opened) return await showBroken(c);
  const checkoutId = c.req.query("checkout") ?? "";
  const outcome = await awaitOutcome(payerContext(c, opened), { linkId: opened.link.id, checkoutId });
  const back = withChoice(c, `/p/${token}`);
  if (outcome === "known") return c.redirect(back, 303);
  const here = `/p/${token}/back?checkout=${encodeURIComponent(checkoutId)}`;
  const { words } = voiceOf(c, opened);
  const view = <ConfirmingView words={words} again={withChoice(c, here)} back={back} />;
  return await renderFor(c, opened, view, { single: true, here });
});

payRoutes.post("/p/:token/fresh", allow("payer"), async (c) => {
  demandCalm(c, BEGINNINGS_OF_CALLER);
  const token = c.req.param("token");
  const opened = await openLink(c.get("cx"), token);
  if (!opened) return await showBroken(c);
  await askFreshLink(payerContext(c, opened), opened.link.id, voiceOf(c, opened).words);
  return c.redirect(withChoice(c, `/p/${token}`), 303);
});

function typedWish(form: Form): TypedWish {
  return {
    how: form.text("how"),
    other: form.text("other"),
    method: form.text("method"),
    receipt: form.text("receipt"),
  };
}

/** The form first, because a captcha's token is good for one question; then the person; then the checkout. */
async function beginChecked(c: Web, opened: OpenedLink, form: Form, typed: TypedWish): Promise<Begun> {
  const { link, account, settings } = opened;
  const voice = voiceOf(c, opened);
  const cx = payerContext(c, opened);
  if (pageOf(link, cx.now()) === "payable" && settings.captcha !== "off") {
    readWish(link, account.methods, typed, voice);
    const token = form.all(MAKERS[settings.captcha].field)[0] ?? "";
    await provePerson(cx, { opened, token, words: voice.words });
  }
  return await begin(cx, { linkId: link.id, voice, typed });
}

async function answer(
  c: Web,
  opened: OpenedLink,
  token: string,
  begun: Begun,
  typed: TypedWish,
): Promise<Response> {
  const here = `/p/${token}`;
  switch (begun.outcome) {
    case "redirect":
      return c.redirect(begun.url, 303);
    case "closed": {
      const { checkoutId } = begun;
      const to = checkoutId === undefined ? here : `${here}/back?checkout=${checkoutId}`;
      return c.redirect(withChoice(c, to), 303);
    }
    case "changed": {
      const view = <ChangedView opened={opened} voice={voiceOf(c, opened)} />;
      return await renderFor(c, opened, view, { status: 409, single: true, here });
    }
    case "superseded": {
      const errors = { [WHOLE_FORM]: voiceOf(c, opened).words.faults.superseded };
      return await showLink(c, opened, token, { typed, errors, status: 409 });
    }
  }
}

function payerContext(c: Web, opened: OpenedLink) {
  return firmContext(c, opened.firmId, { kind: "payer", name: opened.link.payer_name });
}
