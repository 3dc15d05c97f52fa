import type { Tx } from "../db/tx.ts";
import type { Matter } from "./check-row.ts";

/** The matters with these numbers. A number that two matters share names neither. */
export async function findMattersByNumber(
  tx: Tx,
  firmId: string,
  numbers: readonly string[],
): Promise<Map<string, Matter>> {
  if (numbers.length === 0) return new Map();
  const rows = await tx
    .selectFrom("matter")
    .innerJoin("client", (join) =>
      join.onRef("client.firm_id", "=", "matter.firm_id").onRef("client.id", "=", "matter.client_id"),
    )
    .select(["matter.id", "matter.number", "matter.description", "client.name as clientName"])
    .where("matter.firm_id", "=", firmId)
    .where("matter.number", "in", [...numbers])
    .where("matter.deleted_at", "is", null)
    .execute();
  const found = new Map<string, Matter>();
  const shared = new Set<string>();
  for (const row of rows) {
    if (found.has(row.number)) shared.add(row.number);
    const label = `${row.number} ${row.description}`.trim();
    found.set(row.number, { id: row.id, label, clientName: row.clientName });
  }
  for (const number of shared) found.delete(number);
  return found;
}
