import type Stripe from "stripe";
import { demandList } from "./read.ts";

const PAGE_SIZE = 100;

/** Where a page of a list of the processor begins. https://docs.stripe.com/api/pagination */
type Place = { limit: number; starting_after?: string };

/**
 * Reads a list of the processor page by page in its own order, the newest first, and no more than so many pages. Throws
 * `unreadable`.
 */
export async function readPages<Item extends { id: string }>(
  pagesLimit: number,
  ask: (place: Place) => Promise<Stripe.ApiList<Item>>,
): Promise<Item[]> {
  const found: Item[] = [];
  for (let page = 0; page < pagesLimit; page++) {
    const last = found.at(-1);
    const answer = await ask({ limit: PAGE_SIZE, ...(last ? { starting_after: last.id } : {}) });
    demandList(answer);
    found.push(...answer.data);
    if (!answer.has_more) break;
  }
  return found;
}
