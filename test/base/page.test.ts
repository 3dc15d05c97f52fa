import { expect, test } from "vitest";
import { toPage } from "../../src/base/page.ts";

test("the first page has nothing before it, and something behind it where one row more was read", () => {
  expect(toPage([1, 2, 3], {}, 2)).toEqual({ rows: [1, 2], hasEarlier: false, hasLater: true });
  expect(toPage([1, 2], {}, 2)).toEqual({ rows: [1, 2], hasEarlier: false, hasLater: false });
  expect(toPage([], {}, 2)).toEqual({ rows: [], hasEarlier: false, hasLater: false });
});

test("a page behind a row has the page of that row before it", () => {
  expect(toPage([3, 4], { after: "2" }, 2)).toEqual({ rows: [3, 4], hasEarlier: true, hasLater: false });
});

test("a page that ends before a row was read backwards, stands in the list's order and has that row behind it", () => {
  expect(toPage([4, 3, 2], { before: "5" }, 2)).toEqual({ rows: [3, 4], hasEarlier: true, hasLater: true });
  expect(toPage([2, 1], { before: "3" }, 2)).toEqual({ rows: [1, 2], hasEarlier: false, hasLater: true });
});
