import { Hono } from "hono";
import { Problem } from "../base/error.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { type FieldErrors, WHOLE_FORM } from "../ui/notices.tsx";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { setFlash } from "../web/flash.ts";
import { readForm } from "../web/form.ts";
import { renderStaff } from "../web/respond.tsx";
import { readDefaultAccounts } from "./choices.ts";
import { listReminderSteps } from "./compose-reminder-queries.ts";
import { ComposeView } from "./compose-view.tsx";
import { type Draft, readDraft, startDraft, toIssueInput } from "./draft.ts";
import { issueLinks } from "./issue.ts";
import { planLinks } from "./plan.ts";
import { issueInput, parseInput } from "./request.ts";
import { ReviewView } from "./review-view.tsx";

export const composeRoutes = new Hono<WebEnv>();

composeRoutes.get("/matters/send", allow("links.send"), async (c) => {
  const draft = await startDraft(memberContext(c), c.req.query("payer") ?? "");
  if (draft.lines.length === 0) {
    setFlash(c, { tone: "warn", text: "There is nothing to ask for. Choose statements and amounts first." });
    return c.redirect("/matters", 303);
  }
  return await showCompose(c, draft);
});

composeRoutes.post("/matters/send", allow("links.send"), async (c) => {
  const cx = memberContext(c);
  const form = await readForm(c);
  const draft = await readDraft(cx, form);
  const step = form.text("step");
  if (step === "edit") return await showCompose(c, draft);
  const input = toIssueInput(draft, form.text("expected"));
  try {
    if (step === "send") {
      const issued = await issueLinks(cx, input);
      setFlash(c, { tone: "good", text: doneWords(draft, issued.links.length) });
      return c.redirect(`/requests/${issued.requestId}`, 303);
    }
    planLinks(
      parseInput(issueInput, input),
      draft.lines.map((line) => line.statement),
    );
    return await showReview(c, cx, draft);
  } catch (error) {
    return await showCompose(c, draft, errorsOf(error));
  }
});

async function showCompose(c: Web, draft: Draft, errors?: FieldErrors): Promise<Response> {
  const { firm } = getScope(c);
  const { accounts, reminders } = await readSurroundings(memberContext(c));
  return await renderStaff(
    c,
    { title: "Message", nav: "matters", errors },
    <ComposeView
      draft={draft}
      firmName={firm.name}
      accounts={accounts}
      reminders={reminders}
      errors={errors}
    />,
  );
}

async function showReview(c: Web, cx: MemberContext, draft: Draft): Promise<Response> {
  const { firm } = getScope(c);
  return await renderStaff(
    c,
    { title: "Review and send", nav: "matters" },
    <ReviewView draft={draft} firmName={firm.name} {...(await readSurroundings(cx))} />,
  );
}

/** Where the money would go, and which reminders would follow. */
function readSurroundings(cx: MemberContext) {
  return withFirm(cx.database, cx.firmId, async (tx) => ({
    accounts: await readDefaultAccounts(tx, cx.firmId),
    reminders: await listReminderSteps(tx, cx.firmId),
  }));
}

/** What stands above the form. Faults of the lines belong to no box: they were chosen on the page before. */
function errorsOf(error: unknown): FieldErrors {
  if (!(error instanceof Problem)) throw error;
  if (error.code === "conflict" || error.code === "not_found") return { [WHOLE_FORM]: error.message };
  if (error.code !== "invalid") throw error;
  const { lines, ...fields } = error.fields;
  return { ...(lines === undefined ? {} : { [WHOLE_FORM]: lines }), ...fields };
}

function doneWords(draft: Draft, count: number): string {
  const what = count === 1 ? "The link is made" : "Two links are made, one for each account,";
  if (draft.typed.delivery === "copy") return `${what.replace(/,$/, "")}.`;
  return `${what} and on the way to ${draft.typed.payerName}.`;
}
