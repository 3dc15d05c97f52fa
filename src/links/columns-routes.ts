import { Hono } from "hono";
import { allow } from "../web/allow.ts";
import { memberContext, type WebEnv } from "../web/env.ts";
import { setFlash } from "../web/flash.ts";
import { type Form, readForm } from "../web/form.ts";
import { type ColumnKey, cleanColumns, FIXED_COLUMN, moveColumn } from "./columns-catalog.ts";
import { resetColumns, saveColumns } from "./columns-save.ts";
import { type Place, placeHref, readPlace } from "./list-address.ts";

export const columnsRoutes = new Hono<WebEnv>();

columnsRoutes.post("/sent/columns", allow("links.see"), async (c) => {
  const form = await readForm(c);
  const place = placeOf(form);
  const wish = form.text("do");
  const cx = memberContext(c);
  if (wish === "reset") {
    await resetColumns(cx);
    setFlash(c, { tone: "good", text: "The default columns are shown." });
    return c.redirect(placeHref({ ...place, viewId: undefined }), 303);
  }
  const [direction, column] = wish.split(".");
  const shown = shownOf(form);
  if (direction === "up" || direction === "down") {
    const columns = moveColumn(shown, column as ColumnKey, direction);
    const { inView } = await saveColumns(cx, { columns, viewId: place.viewId });
    return c.redirect(openColumns(inView ? place : { ...place, viewId: undefined }), 303);
  }
  const { inView } = await saveColumns(cx, { columns: shown, viewId: place.viewId });
  setFlash(c, { tone: "good", text: "Your columns are saved." });
  return c.redirect(placeHref(inView ? place : { ...place, viewId: undefined }), 303);
});

/** The place in the list that a form carries along. */
export function placeOf(form: Form): Place {
  const parts = form.withPrefix("place.");
  return readPlace((name) => parts.get(name)).place;
}

/** The ticked columns in the order of the rows. The box of the column that is always shown cannot be ticked, so it sends nothing. */
function shownOf(form: Form): ColumnKey[] {
  const ticked = new Set([FIXED_COLUMN, ...form.all("column")]);
  return cleanColumns(form.all("order").filter((name) => ticked.has(name)));
}

/** The same list with the configurator open, for the next arrow. */
function openColumns(place: Place): string {
  const href = placeHref(place);
  return `${href}${href.includes("?") ? "&" : "?"}columns=open#columns`;
}
