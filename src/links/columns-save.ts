import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { demand } from "../web/env.ts";
import { type ColumnKey, cleanColumns } from "./columns-catalog.ts";
import { forgetColumns, keepColumns, listViews, updateView } from "./saved-view-queries.ts";

type SaveColumns = {
  /** The shown columns in their order; unknown names are left out, the client's column is always there. */
  columns: readonly string[];
  /** The saved view that is on screen: when it is the member's own, the columns become its. */
  viewId: string | undefined;
};

/**
 * Keeps the columns that a member sees: in the saved view on screen when it is theirs, else as their own for every list. Returns
 * whether they went into the view.
 */
export async function saveColumns(cx: MemberContext, input: SaveColumns): Promise<{ inView: boolean }> {
  demand(cx, "links.see");
  const columns: ColumnKey[] = cleanColumns(input.columns);
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const views = await listViews(tx, cx.firmId, cx.actor.id);
    const view = views.find((each) => each.id === input.viewId && each.member_id === cx.actor.id);
    if (view) await updateView(tx, cx.firmId, view.id, { columns, updated_at: cx.now() });
    else await keepColumns(tx, cx.firmId, cx.actor.id, columns, cx.now());
    return { inView: view !== undefined };
  });
}

/** Brings back the product's own columns for a member. */
export async function resetColumns(cx: MemberContext): Promise<void> {
  demand(cx, "links.see");
  await withFirm(cx.database, cx.firmId, (tx) => forgetColumns(tx, cx.firmId, cx.actor.id));
}
