import { type ColumnKey, cleanColumns, DEFAULT_COLUMNS } from "./columns-catalog.ts";
import { type Place, placeQuery } from "./list-address.ts";
import type { SavedView } from "./saved-view-queries.ts";

/** The columns to show: those of the saved view on screen, else the member's own, else the product's. */
export function columnsOf(
  views: readonly SavedView[],
  viewId: string | undefined,
  mine: readonly string[] | undefined,
): ColumnKey[] {
  const view = views.find((each) => each.id === viewId);
  return cleanColumns(view?.columns ?? mine ?? DEFAULT_COLUMNS);
}

/** The address of a saved view. */
export function viewHref(view: SavedView): string {
  const query = new URLSearchParams(view.query);
  query.set("view", view.id);
  return `/sent?${query.toString()}`;
}

/** Whether what is on screen is another list than the one that was saved. */
export function differs(view: SavedView, place: Place): boolean {
  return placeQuery({ ...place, viewId: undefined }) !== view.query;
}
