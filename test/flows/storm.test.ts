import { expect, test } from "vitest";
import { runStorm } from "../soak/storm.ts";

const PAYMENTS = 500;
/** Any would do; this one can be had again with `npm run soak -- --payments 500 --seed 20261123`. */
const SEED = 20_261_123;
const LIMIT_MS = 1_500_000;

test("five hundred payments among random faults and kills: none is lost, none twice, all to the cent", {
  timeout: LIMIT_MS,
}, async () => {
  const report = await runStorm({ seed: SEED, payments: PAYMENTS });
  process.stdout.write(`${JSON.stringify(report)}\n`);
  expect(report.differences).toEqual([]);
  expect(report.payments).toBeGreaterThanOrEqual(PAYMENTS);
  expect(report.troubles["runner killed"]).toBeGreaterThan(0);
  expect(report.undone).toBeGreaterThan(0);
});
