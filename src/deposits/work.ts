import type { Tx } from "../db/tx.ts";
import type { QueueItem } from "../ui/work.tsx";
import { countOpen, listDiscrepancies } from "./discrepancy-queries.ts";
import { discrepancyWords, isAlarm } from "./discrepancy-words.ts";
import { PAGE } from "./filter.ts";

/** Differences that are named one by one; the rest is counted. */
const NAMED_LIMIT = 3;

/** Open differences as things that need a person, alarms about client money first. `count` stands for all of them. */
export async function readDifferenceWork(
  tx: Tx,
  firmId: string,
): Promise<{ items: QueueItem[]; count: number }> {
  const { all } = await countOpen(tx, firmId);
  if (all === 0) return { items: [], count: 0 };
  const rows = await listDiscrepancies(tx, firmId, { open: true, limit: NAMED_LIMIT });
  const items = rows.map((row): QueueItem => {
    const { title, detail } = discrepancyWords(row);
    const action = { label: "Look into it", href: `${PAGE}/differences#difference-${row.id}` };
    return { icon: isAlarm(row.kind) ? "shield" : "s-alert", tone: "bad", title, detail, action };
  });
  const rest = all - rows.length;
  if (rest <= 0) return { items, count: all };
  const title = rest === 1 ? "1 more difference" : `${rest} more differences`;
  const more: QueueItem = {
    icon: "s-alert",
    tone: "warn",
    title,
    action: { label: "Show all", href: `${PAGE}/differences` },
  };
  return { items: [...items, more], count: all };
}
