/** A small deterministic generator (mulberry32), so that every seeding of one size makes the same firm. */
export type Random = {
  /** An integer from 0 up to, not including, the limit. */
  below: (limit: number) => number;
  /** True so many times in a hundred. */
  percent: (chance: number) => boolean;
  pick: <Item>(items: readonly [Item, ...Item[]]) => Item;
};

const GOLDEN_STEP = 0x6d2b79f5;
const TWO_TO_32 = 4_294_967_296;

/** Same seed, same sequence. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + GOLDEN_STEP) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / TWO_TO_32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    percent: (chance) => below(100) < chance,
    pick: (items) => items[below(items.length)] ?? items[0],
  };
}
