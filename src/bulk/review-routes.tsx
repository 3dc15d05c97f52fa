import { Hono } from "hono";
import { notFound } from "../base/error.ts";
import { isId } from "../base/id.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { listAccounts } from "../settings/queries.ts";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { setFlash } from "../web/flash.ts";
import { readForm } from "../web/form.ts";
import { renderStaff } from "../web/respond.tsx";
import { type Batch, findSameFile, getBatch } from "./batch-queries.ts";
import { addRow, confirmRepeats, removeRows } from "./change-rows.ts";
import { type Figures, figuresOf, readyTotals } from "./figures.ts";
import { cellsOf, type GridForm, readGridForm, readPlace, savedWords } from "./grid-form.ts";
import { orderDates } from "./order-dates.ts";
import { reviewHref } from "./review-address.ts";
import { count } from "./review-notices.tsx";
import { countReview, countRows, findReviewRow, listReview } from "./review-queries.ts";
import { ReviewView } from "./review-view.tsx";
import { RowView } from "./row-view.tsx";
import { saveRows } from "./save-rows.ts";

/** Rows of one page of the grid: its form stays small and its page quick, however long the file is. */
const PAGE_SIZE = 50;

export const reviewRoutes = new Hono<WebEnv>();

reviewRoutes.get("/bulk/:id", allow("links.send"), async (c) => {
  const id = c.req.param("id");
  const { firm } = getScope(c);
  const place = readPlace((name) => c.req.query(name));
  const found = await withFirm(c.get("cx").database, firm.id, async (tx) => {
    const batch = await getBatch(tx, firm.id, id);
    const counts = await countRows(tx, firm.id, id);
    const offset = (place.page - 1) * PAGE_SIZE;
    return {
      batch,
      counts,
      accounts: await listAccounts(tx, firm.id),
      sameFile: await findSameFile(tx, firm.id, batch),
      matching: await countReview(tx, firm.id, id, place),
      rows: await listReview(tx, firm.id, id, place, { offset, limit: PAGE_SIZE }),
    };
  });
  const figures = figuresOf(found.counts);
  const elsewhere = elsewhereOf(found.batch, figures, c.req.query("rows") !== undefined);
  if (elsewhere !== undefined) return c.redirect(elsewhere, 303);
  // A page that is no longer there leads to the first.
  if (found.rows.length === 0 && place.page > 1)
    return c.redirect(reviewHref(id, { ...place, page: 1 }), 303);
  const account =
    found.accounts.find((each) => each.id === found.batch.merchant_account_id) ?? found.accounts[0];
  if (!account) throw notFound("account");
  return await renderStaff(
    c,
    { title: "Review rows, Bulk Upload", nav: "bulk" },
    <ReviewView
      {...found}
      account={account}
      figures={figures}
      totals={readyTotals(found.counts, found.accounts, "copy")}
      place={place}
      pageSize={PAGE_SIZE}
      timeZone={firm.timeZone}
    />,
  );
});

reviewRoutes.post("/bulk/:id", allow("links.send"), async (c) => {
  const id = c.req.param("id");
  const cx = memberContext(c);
  const grid = readGridForm(await readForm(c));
  // Whatever button was pressed, what was typed is saved first.
  const saved = await saveRows(cx, id, grid.changes);
  const words = savedWords(saved);
  if (words) setFlash(c, words);
  if (grid.action === "add") return c.redirect(`/bulk/${id}/rows/${await addRow(cx, id)}`, 303);
  if ((grid.action === "send" || grid.action === "links") && saved.bad + saved.missed === 0) {
    return c.redirect(`/bulk/${id}/send?delivery=${grid.action === "send" ? "email" : "copy"}`, 303);
  }
  await changeTicked(c, cx, id, grid);
  return c.redirect(reviewHref(id, grid.place), 303);
});

reviewRoutes.get("/bulk/:id/rows/:rowId", allow("links.send"), async (c) => {
  const { id, rowId } = c.req.param();
  const { firm } = getScope(c);
  const { batch, row } = await withFirm(c.get("cx").database, firm.id, async (tx) => ({
    batch: await getBatch(tx, firm.id, id),
    row: isId(rowId) ? await findReviewRow(tx, firm.id, id, rowId) : undefined,
  }));
  if (!row) throw notFound("row");
  return await renderStaff(
    c,
    { title: `Row ${row.line}, Bulk Upload`, nav: "bulk" },
    <RowView batch={batch} row={row} />,
  );
});

reviewRoutes.post("/bulk/:id/rows/:rowId", allow("links.send"), async (c) => {
  const { id, rowId } = c.req.param();
  if (!isId(rowId)) throw notFound("row");
  const form = await readForm(c);
  const saved = await saveRows(memberContext(c), id, [
    {
      id: rowId,
      version: Number(form.text("version")),
      cells: cellsOf(form.withPrefix("")),
      accepted: form.has("accepted"),
    },
  ]);
  const words = savedWords(saved);
  if (words) setFlash(c, words);
  return c.redirect(saved.bad > 0 ? `/bulk/${id}/rows/${rowId}` : reviewHref(id, {}), 303);
});

reviewRoutes.post("/bulk/:id/dates", allow("links.send"), async (c) => {
  const id = c.req.param("id");
  const order = (await readForm(c)).text("order") === "day_first" ? "day_first" : "month_first";
  await orderDates(memberContext(c), id, order);
  const first = order === "day_first" ? "day" : "month";
  setFlash(c, { tone: "good", text: `The dates were read again, with the ${first} first.` });
  return c.redirect(reviewHref(id, {}), 303);
});

/** Where an upload is found that has nothing to review, or is being sent; `asked` is for the rows all the same. */
function elsewhereOf(batch: Batch, figures: Figures, asked: boolean): string | undefined {
  if (batch.state === "mapping") return `/bulk/${batch.id}/columns`;
  const isUnderWay = batch.state !== "review" || figures.inReview === 0;
  return isUnderWay && figures.sentOff > 0 && !asked ? `/bulk/${batch.id}/progress` : undefined;
}

async function changeTicked(c: Web, cx: MemberContext, id: string, grid: GridForm): Promise<void> {
  if (grid.action !== "delete" && grid.action !== "again") return;
  if (grid.ticked.length === 0) {
    setFlash(c, { tone: "warn", text: "Select at least one row first." });
    return;
  }
  if (grid.action === "delete") {
    const deleted = await removeRows(cx, id, grid.ticked);
    setFlash(c, { tone: "good", text: `${count(deleted, "row")} deleted.` });
    return;
  }
  const confirmed = await confirmRepeats(cx, id, grid.ticked);
  setFlash(
    c,
    confirmed === 0
      ? { tone: "warn", text: "None of the selected rows was held back." }
      : { tone: "good", text: `${count(confirmed, "row")} will be sent once more.` },
  );
}
