/**
 * Does `work` for each item, at most `atOnce` at the same time, and gives each its outcome, in the order of the items. A failure
 * concerns its own item only.
 */
export async function settleEach<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<PromiseSettledResult<Result>[]> {
  const results: PromiseSettledResult<Result>[] = [];
  const waiting = items.entries();
  // They share the iterator: whoever is done takes the next.
  const worker = async () => {
    for (const [index, item] of waiting) {
      const [result] = await Promise.allSettled([(async () => await work(item))()]);
      results[index] = result;
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}

/** The next step with what went well so far, all in one; what failed before keeps its failure and its place. */
export async function stepOn<Before, After>(
  results: readonly PromiseSettledResult<Before>[],
  step: (values: Before[]) => Promise<readonly PromiseSettledResult<After>[]>,
): Promise<PromiseSettledResult<After>[]> {
  const values = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const stepped = [...(await step(values))];
  return results.map((result) => {
    if (result.status === "rejected") return result;
    const next = stepped.shift();
    if (!next) throw new Error("a step gave fewer results than it was given values");
    return next;
  });
}

/** What came of it. Throws what it failed by. */
export function resultOf<Result>(result: PromiseSettledResult<Result> | undefined): Result {
  if (result === undefined) throw new Error("there is no result");
  if (result.status === "rejected") throw result.reason;
  return result.value;
}
