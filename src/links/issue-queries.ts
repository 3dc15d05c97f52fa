import type { Insertable, Selectable } from "kysely";
import { newReference } from "../base/id.ts";
import type { LinkAllocation, PaymentLink } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";
import type { LinkRow } from "./queries.ts";

/** 35 random bits: short enough to read out on the telephone, and rarely taken. */
export const REFERENCE_LENGTH = 7;
export const REFERENCE_TRIES = 5;

export type AllocationRow = Selectable<LinkAllocation>;

/** Inserts a link under a reference that is free in its firm. */
export async function insertLink(tx: Tx, row: Omit<Insertable<PaymentLink>, "reference">): Promise<LinkRow> {
  for (let attempt = 1; attempt <= REFERENCE_TRIES; attempt++) {
    const inserted = await tx
      .insertInto("payment_link")
      .values({ ...row, reference: newReference("SFP", REFERENCE_LENGTH) })
      .onConflict((conflict) => conflict.constraint("payment_link_reference_unique").doNothing())
      .returningAll()
      .executeTakeFirst();
    if (inserted) return inserted;
  }
  throw new Error("no free reference was found for a link");
}

export async function insertAllocations(tx: Tx, rows: Insertable<LinkAllocation>[]): Promise<void> {
  if (rows.length > 0) await tx.insertInto("link_allocation").values(rows).execute();
}

/** What a link lays on statements, in order. */
export function listAllocations(tx: Tx, firmId: string, linkId: string): Promise<AllocationRow[]> {
  return tx
    .selectFrom("link_allocation")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("link_id", "=", linkId)
    .orderBy("position")
    .execute();
}
