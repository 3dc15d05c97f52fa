import { Hono } from "hono";
import { Problem } from "../base/error.ts";
import { WHOLE_FORM } from "../ui/notices.tsx";
import { allow } from "../web/allow.ts";
import { firmContext, type Web, type WebEnv } from "../web/env.ts";
import { readForm } from "../web/form.ts";
import { demandCalm } from "../web/limit.ts";
import { askFreshLink } from "./ask-fresh.ts";
import { begin } from "./begin.ts";
import { awaitOutcome } from "./confirm.ts";
import type { Begun } from "./create-session.ts";
import { type OpenedLink, openLink } from "./open.ts";
import { renderFor, showBroken, showLink, wordsOf } from "./page.tsx";
import { ChangedView, ConfirmingView } from "./state-views.tsx";
import { noteView } from "./view.ts";
import type { TypedWish } from "./wish.ts";
import { languageOf } from "./words.ts";

const VIEWS = { name: "pay-view", limit: 120, windowSeconds: 60 } as const;
/** One payer with one link: enough for every second thought. */
const BEGINNINGS = { name: "pay-begin", limit: 20, windowSeconds: 60 } as const;
/** One address with all its links: an office behind one address still fits. */
const BEGINNINGS_OF_CALLER = { name: "pay-begin-all", limit: 120, windowSeconds: 60 } as const;
const RETURNS = { name: "pay-back", limit: 60, windowSeconds: 60 } as const;

export const payRoutes = new Hono<WebEnv>();

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
  const opened = await openLink(c.get("cx"), token);
  demandCalm(c, BEGINNINGS_OF_CALLER);
  if (!opened) return await showBroken(c);
  demandCalm(c, BEGINNINGS, opened.link.id);
  const form = await readForm(c);
  const typed: TypedWish = {
    how: form.text("how"),
    other: form.text("other"),
    method: form.text("method"),
    receipt: form.text("receipt"),
  };
  try {
    const language = languageOf(c.req.header("Accept-Language"));
    const begun = await begin(payerContext(c, opened), { linkId: opened.link.id, language, typed });
    return await answer(c, opened, token, begun, typed);
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
  if (outcome === "known") return c.redirect(`/p/${token}`, 303);
  const again = `/p/${token}/back?checkout=${encodeURIComponent(checkoutId)}`;
  return await renderFor(
    c,
    opened,
    <ConfirmingView words={wordsOf(c)} again={again} back={`/p/${token}`} />,
    {
      single: true,
    },
  );
});

payRoutes.post("/p/:token/fresh", allow("payer"), async (c) => {
  demandCalm(c, BEGINNINGS_OF_CALLER);
  const token = c.req.param("token");
  const opened = await openLink(c.get("cx"), token);
  if (!opened) return await showBroken(c);
  await askFreshLink(payerContext(c, opened), opened.link.id);
  return c.redirect(`/p/${token}`, 303);
});

async function answer(
  c: Web,
  opened: OpenedLink,
  token: string,
  begun: Begun,
  typed: TypedWish,
): Promise<Response> {
  const words = wordsOf(c);
  switch (begun.outcome) {
    case "redirect":
      return c.redirect(begun.url, 303);
    case "closed":
      return c.redirect(
        begun.checkoutId === undefined ? `/p/${token}` : `/p/${token}/back?checkout=${begun.checkoutId}`,
        303,
      );
    case "changed":
      return await renderFor(c, opened, <ChangedView opened={opened} words={words} />, {
        status: 409,
        single: true,
      });
    case "superseded":
      return await showLink(c, opened, token, {
        typed,
        errors: { [WHOLE_FORM]: words.faults.superseded },
        status: 409,
      });
  }
}

function payerContext(c: Web, opened: OpenedLink) {
  return firmContext(c, opened.firmId, { kind: "payer", name: opened.link.payer_name });
}

/** A person's click says both; a mail scanner's request mostly says neither, and a HEAD is never a person's. */
function looksHuman(c: Web): boolean {
  return (
    c.req.method === "GET" &&
    c.req.header("Sec-Fetch-Mode") === "navigate" &&
    c.req.header("Sec-Fetch-User") === "?1"
  );
}
