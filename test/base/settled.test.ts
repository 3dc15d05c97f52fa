import { expect, test } from "vitest";
import { resultOf, settleEach, stepOn } from "../../src/base/settled.ts";

const pause = () => new Promise((resolve) => setImmediate(resolve));

test("each item has its outcome in its place, and a failure is its own", async () => {
  const results = await settleEach([1, 2, 3, 4], 2, async (item) => {
    for (let wait = item; wait < 4; wait++) await pause();
    if (item === 2) throw new Error("two");
    return item * 10;
  });
  expect(results).toEqual([
    { status: "fulfilled", value: 10 },
    { status: "rejected", reason: new Error("two") },
    { status: "fulfilled", value: 30 },
    { status: "fulfilled", value: 40 },
  ]);
});

test("no more than so many are under way at the same time, and all of these are", async () => {
  let running = 0;
  let most = 0;
  await settleEach(Array.from({ length: 20 }), 8, async () => {
    running += 1;
    most = Math.max(most, running);
    await pause();
    running -= 1;
  });
  expect(most).toBe(8);
  expect(await settleEach([], 8, pause)).toEqual([]);
});

test("work that throws before it begins is a failure like any other", async () => {
  const results = await settleEach([1], 1, () => {
    throw new Error("at once");
  });
  expect(results).toEqual([{ status: "rejected", reason: new Error("at once") }]);
});

test("a step goes on with what went well and keeps what failed in its place", async () => {
  const before = await settleEach(["a", "b", "c"], 3, async (item) => {
    if (item === "b") throw new Error(item);
    return item;
  });
  const after = await stepOn(before, (values) => settleEach(values, 3, async (value) => `${value}!`));
  expect(after).toEqual([
    { status: "fulfilled", value: "a!" },
    { status: "rejected", reason: new Error("b") },
    { status: "fulfilled", value: "c!" },
  ]);
  await expect(stepOn(before, async () => [])).rejects.toThrow("fewer results");
});

test("the result of a failure is its reason, thrown", () => {
  expect(resultOf({ status: "fulfilled", value: 7 })).toBe(7);
  expect(() => resultOf({ status: "rejected", reason: new Error("no") })).toThrow("no");
  expect(() => resultOf(undefined)).toThrow("there is no result");
});
