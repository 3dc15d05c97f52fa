import { Hono } from "hono";
import { Problem } from "../base/error.ts";
import { withFirm } from "../db/tenant.ts";
import { linkUrl } from "../links/address.ts";
import { listAccounts } from "../settings/queries.ts";
import { findMember } from "../team/queries.ts";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { setFlash } from "../web/flash.ts";
import { readForm } from "../web/form.ts";
import { renderStaff } from "../web/respond.tsx";
import { getBatch } from "./batch-queries.ts";
import { reviewFailed } from "./change-rows.ts";
import { ConfirmView } from "./confirm-view.tsx";
import { figuresOf, readyTotals } from "./figures.ts";
import { readPage } from "./grid-form.ts";
import { countOutcomes, listOutcomes, OUTCOME_VIEWS, type OutcomeView } from "./outcome-queries.ts";
import { progressHref } from "./outcome-view.tsx";
import { ProgressView } from "./progress-view.tsx";
import { reviewHref } from "./review-address.ts";
import { count } from "./review-notices.tsx";
import { countRows } from "./review-queries.ts";
import { goOnIssue, startIssue, stopIssue, takeBackRows } from "./start.ts";

const PAGE_SIZE = 50;

export const sendRoutes = new Hono<WebEnv>();

sendRoutes.get("/bulk/:id/send", allow("links.send"), async (c) => {
  const id = c.req.param("id");
  const { firm } = getScope(c);
  const delivery = c.req.query("delivery") === "copy" ? "copy" : "email";
  const { batch, counts, accounts } = await withFirm(c.get("cx").database, firm.id, async (tx) => ({
    batch: await getBatch(tx, firm.id, id),
    counts: await countRows(tx, firm.id, id),
    accounts: await listAccounts(tx, firm.id),
  }));
  const figures = figuresOf(counts);
  if ((delivery === "email" ? figures.readyToEmail : figures.ready) === 0) {
    setFlash(c, { tone: "warn", text: "No row is ready for this. Fix the marked cells first." });
    return c.redirect(reviewHref(id, { view: "all" }), 303);
  }
  return await renderStaff(
    c,
    { title: delivery === "email" ? "Send all, Bulk Upload" : "Generate links, Bulk Upload", nav: "bulk" },
    <ConfirmView
      batch={batch}
      delivery={delivery}
      figures={figures}
      totals={readyTotals(counts, accounts, delivery)}
    />,
  );
});

sendRoutes.post("/bulk/:id/send", allow("links.send"), async (c) => {
  const id = c.req.param("id");
  const form = await readForm(c);
  const delivery = form.text("delivery") === "copy" ? "copy" : "email";
  try {
    await startIssue(memberContext(c), { batchId: id, delivery, version: Number(form.text("version")) });
    return c.redirect(progressHref(id, "all", 1), 303);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "conflict") throw error;
    setFlash(c, { tone: "bad", text: error.message });
    return c.redirect(reviewHref(id, {}), 303);
  }
});

sendRoutes.get("/bulk/:id/progress", allow("links.send"), async (c) => {
  const id = c.req.param("id");
  const { firm } = getScope(c);
  const cx = c.get("cx");
  const view = viewOf(c.req.query("outcome"));
  const page = readPage(c.req.query("page"));
  const found = await withFirm(cx.database, firm.id, async (tx) => {
    const batch = await getBatch(tx, firm.id, id);
    const offset = (page - 1) * PAGE_SIZE;
    return {
      batch,
      counts: await countRows(tx, firm.id, id),
      outcomes: await countOutcomes(tx, firm.id, id),
      rows: await listOutcomes(tx, firm.id, id, view, { offset, limit: PAGE_SIZE }),
      starter: await findMember(tx, firm.id, batch.issued_by ?? batch.created_by),
    };
  });
  const figures = figuresOf(found.counts);
  if (figures.sentOff === 0) return c.redirect(reviewHref(id, { view: "all" }), 303);
  if (found.rows.length === 0 && page > 1) return c.redirect(progressHref(id, view, 1), 303);
  const rows = found.rows.map((row) => ({
    ...row,
    url:
      row.linkId === null || row.tokenVersion === null
        ? undefined
        : linkUrl(cx, { id: row.linkId, token_version: row.tokenVersion }),
  }));
  return await renderStaff(
    c,
    { title: "Sending, Bulk Upload", nav: "bulk" },
    <ProgressView
      {...found}
      rows={rows}
      figures={figures}
      view={view}
      page={page}
      pageSize={PAGE_SIZE}
      startedBy={found.starter?.name ?? ""}
      timeZone={firm.timeZone}
      nonce={c.get("nonce")}
    />,
  );
});

sendRoutes.post("/bulk/:id/stop", allow("links.send"), async (c) => {
  await stopIssue(memberContext(c), c.req.param("id"));
  return backToProgress(c, "Stopped. What was made stays; the other rows wait.");
});

sendRoutes.post("/bulk/:id/go-on", allow("links.send"), async (c) => {
  await goOnIssue(memberContext(c), c.req.param("id"));
  return backToProgress(c, "The sending goes on.");
});

sendRoutes.post("/bulk/:id/take-back", allow("links.send"), async (c) => {
  const rows = await takeBackRows(memberContext(c), c.req.param("id"));
  setFlash(c, { tone: "good", text: `${count(rows, "row")} taken back.` });
  return c.redirect(reviewHref(c.req.param("id"), {}), 303);
});

sendRoutes.post("/bulk/:id/review-failed", allow("links.send"), async (c) => {
  const rows = await reviewFailed(memberContext(c), c.req.param("id"));
  setFlash(c, { tone: "good", text: `${count(rows, "row")} to review again.` });
  return c.redirect(`/bulk/${c.req.param("id")}?rows=all`, 303);
});

function backToProgress(c: Web, text: string): Response {
  setFlash(c, { tone: "good", text });
  return c.redirect(progressHref(c.req.param("id") ?? "", "all", 1), 303);
}

function viewOf(text: string | undefined): OutcomeView {
  return OUTCOME_VIEWS.find((view) => view === text) ?? "all";
}
