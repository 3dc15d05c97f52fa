import { z } from "zod";
import { record } from "../audit/record.ts";
import { conflict, invalid } from "../base/error.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { brokeConstraint } from "../db/tx.ts";
import { demand } from "../web/env.ts";
import { cleanColumns } from "./columns-catalog.ts";
import { type Place, placeQuery } from "./list-address.ts";
import { parseInput } from "./request.ts";
import {
  deleteView,
  findColumns,
  insertView,
  listViews,
  lockView,
  type SavedView,
  updateView,
} from "./saved-view-queries.ts";
import { columnsOf } from "./saved-view-state.ts";

const NAME_LIMIT = 60;
/** More than this nobody finds again. */
const VIEWS_LIMIT = 50;

const viewName = z
  .string()
  .trim()
  .min(1, "Enter a name for this view")
  .max(NAME_LIMIT, `Enter a name of at most ${NAME_LIMIT} characters`);
const saveInput = z.object({ formId: z.uuid(), name: viewName, isShared: z.boolean() });

/**
 * Saves the list that a member looks at, with its filters, its order and its columns, under a name. The same form again makes no
 * second one. Returns the view's id. Throws `invalid` for a name that is missing, too long or taken.
 */
export async function saveView(
  cx: MemberContext,
  input: z.input<typeof saveInput> & { place: Place },
): Promise<string> {
  demand(cx, "links.see");
  const request = parseInput(saveInput, input);
  return await uniquely(() =>
    withFirm(cx.database, cx.firmId, async (tx) => {
      const views = await listViews(tx, cx.firmId, cx.actor.id);
      const own = views.filter((view) => view.member_id === cx.actor.id);
      if (own.some((view) => view.id === request.formId)) return request.formId;
      if (own.length >= VIEWS_LIMIT)
        throw conflict(`You have ${VIEWS_LIMIT} saved views. Delete one that you no longer need.`);
      const mine = await findColumns(tx, cx.firmId, cx.actor.id);
      const columns = columnsOf(views, input.place.viewId, mine);
      await insertView(tx, {
        firm_id: cx.firmId,
        id: request.formId,
        member_id: cx.actor.id,
        name: request.name,
        query: placeQuery({ ...input.place, viewId: undefined }),
        columns: cleanColumns(columns),
        is_shared: request.isShared,
      });
      await note(cx, tx, "view.saved", request.formId, { name: request.name, shared: request.isShared });
      return request.formId;
    }),
  );
}

const changeInput = z.object({ viewId: z.string(), name: viewName, isShared: z.boolean() });

/** Renames a member's own view and says whether the firm finds it. Throws `invalid` as saving does, `not_found`. */
export async function changeView(cx: MemberContext, input: z.input<typeof changeInput>): Promise<void> {
  demand(cx, "links.see");
  const request = parseInput(changeInput, input);
  await uniquely(() =>
    withFirm(cx.database, cx.firmId, async (tx) => {
      const view = await lockView(tx, cx.firmId, cx.actor.id, request.viewId);
      const change = { name: request.name, is_shared: request.isShared, updated_at: cx.now() };
      await updateView(tx, cx.firmId, view.id, change);
      await note(cx, tx, "view.changed", view.id, { name: request.name, shared: request.isShared }, view);
    }),
  );
}

/** Puts the filters and the order on screen into a member's own view, in place of its earlier ones. Throws `not_found`. */
export async function replaceView(
  cx: MemberContext,
  input: { viewId: string; place: Place },
): Promise<SavedView> {
  demand(cx, "links.see");
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const view = await lockView(tx, cx.firmId, cx.actor.id, input.viewId);
    const query = placeQuery({ ...input.place, viewId: undefined });
    await updateView(tx, cx.firmId, view.id, { query, updated_at: cx.now() });
    await note(cx, tx, "view.changed", view.id, { name: view.name, shared: view.is_shared }, view);
    return view;
  });
}

/** Deletes a member's own view; the links in it stay. Throws `not_found`. */
export async function dropView(cx: MemberContext, input: { viewId: string }): Promise<SavedView> {
  demand(cx, "links.see");
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const view = await lockView(tx, cx.firmId, cx.actor.id, input.viewId);
    await deleteView(tx, cx.firmId, view.id);
    await note(cx, tx, "view.deleted", view.id, undefined, view);
    return view;
  });
}

/** What was searched for is left out: it may be a payer's name or address. */
async function note(
  cx: MemberContext,
  tx: Parameters<typeof record>[0],
  action: string,
  viewId: string,
  after: Record<string, unknown> | undefined,
  before?: SavedView,
): Promise<void> {
  await record(tx, cx, {
    action,
    objectKind: "view",
    objectId: viewId,
    before: before && { name: before.name, shared: before.is_shared },
    after,
  });
}

async function uniquely<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!brokeConstraint(error, "sent_view_name_unique")) throw error;
    throw invalid({ name: "You have a view of this name already. Choose another name" });
  }
}
