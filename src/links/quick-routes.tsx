import { Hono } from "hono";
import { Problem } from "../base/error.ts";
import { withFirm } from "../db/tenant.ts";
import { type FieldErrors, WHOLE_FORM } from "../ui/notices.tsx";
import { allow } from "../web/allow.ts";
import { memberContext, type Web, type WebEnv } from "../web/env.ts";
import { setFlash } from "../web/flash.ts";
import { readForm } from "../web/form.ts";
import { renderStaff } from "../web/respond.tsx";
import { type QuickDraft, readQuickDraft, startQuickDraft, toQuickInput } from "./quick-draft.ts";
import { issueQuickLink, type QuickFirm, readQuickFirm } from "./quick-issue.ts";
import { PREVIEW_PATH } from "./quick-preview-view.tsx";
import { QuickView } from "./quick-view.tsx";

/** Quick Link: a request that is typed by hand. */
export const quickRoutes = new Hono<WebEnv>();

quickRoutes.get("/quick", allow("links.send"), async (c) => {
  const quick = await readFacts(c);
  return await showQuick(c, quick, startQuickDraft(quick));
});

quickRoutes.post(PREVIEW_PATH, allow("links.send"), async (c) => {
  const draft = readQuickDraft(await readForm(c));
  return await showQuick(c, await readFacts(c), draft);
});

quickRoutes.post("/quick", allow("links.send"), async (c) => {
  const draft = readQuickDraft(await readForm(c));
  try {
    const link = await issueQuickLink(memberContext(c), toQuickInput(draft));
    setFlash(c, { tone: "good", text: doneWords(link) });
    return c.redirect(`/links/${link.id}`, 303);
  } catch (error) {
    return await showQuick(c, await readFacts(c), draft, errorsOf(error));
  }
});

function readFacts(c: Web): Promise<QuickFirm> {
  const cx = memberContext(c);
  return withFirm(cx.database, cx.firmId, (tx) => readQuickFirm(tx, cx));
}

async function showQuick(
  c: Web,
  quick: QuickFirm,
  draft: QuickDraft,
  errors?: FieldErrors,
): Promise<Response> {
  return await renderStaff(
    c,
    { title: "Quick Link", nav: "quick", errors },
    <QuickView quick={quick} draft={draft} nonce={c.get("nonce")} errors={errors} />,
  );
}

function errorsOf(error: unknown): FieldErrors {
  if (!(error instanceof Problem)) throw error;
  if (error.code === "conflict") return { [WHOLE_FORM]: error.message };
  if (error.code !== "invalid") throw error;
  return error.fields;
}

function doneWords(link: { send_count: number; payer_name: string }): string {
  return link.send_count === 0
    ? "The link is made. Copy it, or let the payer scan the code."
    : `The link is made and on the way to ${link.payer_name}.`;
}
