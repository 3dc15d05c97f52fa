import type { Selectable } from "kysely";
import { notFound } from "../base/error.ts";
import { isId } from "../base/id.ts";
import type { SentView } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";

export type SavedView = Selectable<SentView>;

/** The views that a member finds: their own by name, then those that others share. */
export async function listViews(tx: Tx, firmId: string, memberId: string): Promise<SavedView[]> {
  const views = await tx
    .selectFrom("sent_view")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where((eb) => eb.or([eb("member_id", "=", memberId), eb("is_shared", "=", true)]))
    .orderBy("name")
    .orderBy("id")
    .execute();
  return [
    ...views.filter((view) => view.member_id === memberId),
    ...views.filter((view) => view.member_id !== memberId),
  ];
}

/** Locks a member's own view. Throws `not_found`, also for a view that another member shares. */
export async function lockView(tx: Tx, firmId: string, memberId: string, id: string): Promise<SavedView> {
  const view = isId(id)
    ? await tx
        .selectFrom("sent_view")
        .selectAll()
        .where("firm_id", "=", firmId)
        .where("member_id", "=", memberId)
        .where("id", "=", id)
        .forUpdate()
        .executeTakeFirst()
    : undefined;
  if (!view) throw notFound("saved view");
  return view;
}

/** Writes a new view; one of the same id stays as it is, so that a form that comes twice makes one. */
export async function insertView(tx: Tx, row: Omit<SavedView, "created_at" | "updated_at">): Promise<void> {
  await tx
    .insertInto("sent_view")
    .values(row)
    .onConflict((conflict) => conflict.columns(["firm_id", "id"]).doNothing())
    .execute();
}

export async function updateView(
  tx: Tx,
  firmId: string,
  id: string,
  change: Partial<Pick<SavedView, "name" | "query" | "columns" | "is_shared" | "updated_at">>,
): Promise<void> {
  await tx.updateTable("sent_view").set(change).where("firm_id", "=", firmId).where("id", "=", id).execute();
}

export async function deleteView(tx: Tx, firmId: string, id: string): Promise<void> {
  await tx.deleteFrom("sent_view").where("firm_id", "=", firmId).where("id", "=", id).execute();
}

/** The columns that a member chose; undefined for the product's own. */
export async function findColumns(tx: Tx, firmId: string, memberId: string): Promise<string[] | undefined> {
  const row = await tx
    .selectFrom("sent_columns")
    .select("columns")
    .where("firm_id", "=", firmId)
    .where("member_id", "=", memberId)
    .executeTakeFirst();
  return row?.columns;
}

export async function keepColumns(
  tx: Tx,
  firmId: string,
  memberId: string,
  columns: string[],
  now: Date,
): Promise<void> {
  await tx
    .insertInto("sent_columns")
    .values({ firm_id: firmId, member_id: memberId, columns, updated_at: now })
    .onConflict((conflict) =>
      conflict.columns(["firm_id", "member_id"]).doUpdateSet({ columns, updated_at: now }),
    )
    .execute();
}

/** Takes a member's choice of columns away. */
export async function forgetColumns(tx: Tx, firmId: string, memberId: string): Promise<void> {
  await tx
    .deleteFrom("sent_columns")
    .where("firm_id", "=", firmId)
    .where("member_id", "=", memberId)
    .execute();
}
