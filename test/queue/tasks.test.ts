import { expect, it } from "vitest";
import { jobNames } from "../../src/queue/catalog.ts";
import { tasks } from "../../src/tasks.ts";

it("every job of the catalogue has its handler, and every handler its job", () => {
  expect(Object.keys(tasks).sort()).toEqual(jobNames().sort());
});
