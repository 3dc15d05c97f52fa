import DataLoader from "dataloader";
import { resultOf, settleEach } from "../base/settled.ts";
import type { Database } from "./open.ts";
import { withFirm } from "./tenant.ts";
import type { Tx } from "./tx.ts";

/** More than this in one statement gains nothing any more. */
const AT_ONCE = 500;

/**
 * Makes one statement of many calls: what one transaction asks for in one turn of the event loop, with the same `shared`, comes to `run`
 * as a list in the order of the calls, and `run` gives an answer for each in the same order. So a verb is written for one thing, and
 * done for many side by side it still costs a handful of statements. Nothing is remembered: the next call asks anew.
 */
export function together<Input, Output>(
  run: (tx: Tx, shared: string, inputs: readonly Input[]) => Promise<readonly Output[]>,
): (tx: Tx, shared: string, input: Input) => Promise<Output> {
  const loaders = new WeakMap<Tx, Map<string, DataLoader<Input, Output>>>();
  return (tx, shared, input) => {
    const ofTx = loaders.get(tx) ?? new Map<string, DataLoader<Input, Output>>();
    loaders.set(tx, ofTx);
    const known = ofTx.get(shared);
    const options = { cache: false, maxBatchSize: AT_ONCE };
    const loader = known ?? new DataLoader<Input, Output>((inputs) => run(tx, shared, inputs), options);
    if (!known) ofTx.set(shared, loader);
    return loader.load(input);
  };
}

/**
 * Does the same for many things of a firm, side by side in one transaction. Where one of them fails nothing of it is kept, and each is
 * done in a transaction of its own, so that what is wrong with one harms no other. `work` must do nothing but talk to the transaction,
 * and two of the things must not touch the same rows.
 */
export async function eachTogether<Item, Result>(
  database: Database,
  firmId: string,
  items: readonly Item[],
  work: (tx: Tx, item: Item) => Promise<Result>,
): Promise<PromiseSettledResult<Result>[]> {
  if (items.length > 1) {
    try {
      const results = await withFirm(database, firmId, (tx) => allOf(items.map((item) => work(tx, item))));
      return results.map((value) => ({ status: "fulfilled", value }));
    } catch {
      // Which of them it was shows when each is done alone.
    }
  }
  return await settleEach(items, 1, (item) => withFirm(database, firmId, (tx) => work(tx, item)));
}

/** Like Promise.all, but it is over only when all are: a transaction must not end while somebody still talks to it. */
export async function allOf<Result>(running: readonly Promise<Result>[]): Promise<Result[]> {
  return (await Promise.allSettled(running)).map(resultOf);
}
