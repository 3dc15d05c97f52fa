import { Hono } from "hono";
import { Problem } from "../base/error.ts";
import { newId } from "../base/id.ts";
import { withFirm } from "../db/tenant.ts";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { setFlash } from "../web/flash.ts";
import { readForm } from "../web/form.ts";
import { renderStaff } from "../web/respond.tsx";
import { placeOf } from "./columns-routes.ts";
import { type Place, placeHref, readPlace } from "./list-address.ts";
import { listChoices } from "./list-choice-queries.ts";
import { filterLine } from "./list-words.ts";
import { listViews } from "./saved-view-queries.ts";
import { changeView, dropView, replaceView, saveView } from "./saved-view-save.ts";
import { NewView, type NewViewProps, ViewsPage, type ViewsProps } from "./saved-view-view.tsx";

export const savedViewRoutes = new Hono<WebEnv>();

savedViewRoutes.get("/sent/views", allow("links.see"), (c) => showViews(c, undefined));

savedViewRoutes.get("/sent/views/new", allow("links.see"), (c) => {
  const { place } = readPlace((name) => c.req.query(name));
  return showNew(c, place, { formId: newId(), typed: { name: "", isShared: false }, errors: {} });
});

savedViewRoutes.post("/sent/views", allow("links.see"), async (c) => {
  const form = await readForm(c);
  const place = placeOf(form);
  const typed = { name: form.text("name"), isShared: form.has("shared") };
  const formId = form.text("formId");
  try {
    const viewId = await saveView(memberContext(c), { formId, ...typed, place });
    setFlash(c, { tone: "good", text: `The view “${typed.name}” is saved.` });
    return c.redirect(placeHref({ ...place, viewId }), 303);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "invalid" || error.fields.formId) throw error;
    return await showNew(c, place, { formId, typed, errors: error.fields });
  }
});

savedViewRoutes.post("/sent/views/:id", allow("links.see"), async (c) => {
  const form = await readForm(c);
  const viewId = c.req.param("id");
  const typed = { name: form.text("name"), isShared: form.has("shared") };
  try {
    await changeView(memberContext(c), { viewId, ...typed });
    setFlash(c, { tone: "good", text: `The view “${typed.name}” is saved.` });
    return c.redirect("/sent/views", 303);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "invalid") throw error;
    const isOwn = await ownsView(c, viewId);
    if (!isOwn) throw new Problem("not_found", "There is no such saved view.");
    return await showViews(c, { viewId, ...typed, errors: error.fields });
  }
});

savedViewRoutes.post("/sent/views/:id/replace", allow("links.see"), async (c) => {
  const place = placeOf(await readForm(c));
  const view = await replaceView(memberContext(c), { viewId: c.req.param("id"), place });
  setFlash(c, { tone: "good", text: `The view “${view.name}” now keeps these filters.` });
  return c.redirect(placeHref({ ...place, viewId: view.id }), 303);
});

savedViewRoutes.post("/sent/views/:id/delete", allow("links.see"), async (c) => {
  const view = await dropView(memberContext(c), { viewId: c.req.param("id") });
  setFlash(c, { tone: "good", text: `The view “${view.name}” is deleted. Its links are still there.` });
  return c.redirect("/sent/views", 303);
});

async function showViews(c: Web, failed: ViewsProps["failed"]): Promise<Response> {
  return await renderStaff(
    c,
    { title: "Your views, Sent Pages", nav: "sent", errors: failed?.errors },
    <ViewsPage views={await ownViews(c)} failed={failed} />,
  );
}

async function ownsView(c: Web, viewId: string): Promise<boolean> {
  return (await ownViews(c)).some((view) => view.id === viewId);
}

async function ownViews(c: Web) {
  const { firm, member } = getScope(c);
  const views = await withFirm(c.get("cx").database, firm.id, (tx) => listViews(tx, firm.id, member.id));
  return views.filter((view) => view.member_id === member.id);
}

async function showNew(
  c: Web,
  place: Place,
  given: Pick<NewViewProps, "formId" | "typed" | "errors">,
): Promise<Response> {
  const { firm } = getScope(c);
  const choices = await withFirm(c.get("cx").database, firm.id, (tx) =>
    listChoices(tx, firm.id, place.filter.batchId),
  );
  const hasErrors = Object.keys(given.errors).length > 0;
  return await renderStaff(
    c,
    { title: "Save this view, Sent Pages", nav: "sent", errors: hasErrors ? given.errors : undefined },
    <NewView {...given} place={place} words={filterLine(place.filter, choices, firm.currency)} />,
  );
}
