import { expect, test } from "vitest";
import {
  connectorsKnowNoProcess,
  contextIsAType,
  findPortCycles,
  importsAreWritten,
  importsDown,
  standsSomewhere,
} from "./layers.ts";
import {
  hasAName,
  hasNoInlineStyleOrScript,
  isFinished,
  isNoBarrel,
  isShort,
  poolStaysInside,
  queriesAreInQueries,
  usesStrongChance,
} from "./manners.ts";
import { findViolations, readSources } from "./sources.ts";

const LAYERS = [standsSomewhere, importsDown, contextIsAType, connectorsKnowNoProcess, importsAreWritten];
const SHAPES = [hasAName, isNoBarrel, isShort, queriesAreInQueries, poolStaysInside];
const WORDS = [isFinished, usesStrongChance, hasNoInlineStyleOrScript];

test("the whole project keeps its rules", () => {
  const sources = readSources();
  expect(sources.length).toBeGreaterThan(0);
  // The rules' own files hold the very words that they forbid.
  const others = sources.filter(({ file }) => !file.startsWith("test/tidy/"));
  const violations = [
    ...findViolations(sources, [...LAYERS, ...SHAPES]),
    ...findViolations(others, WORDS),
    ...findPortCycles(sources),
  ];
  // One text, so that the message names each of them in full.
  expect(violations.join("\n")).toBe("");
});
