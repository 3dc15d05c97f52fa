import { parseArgs } from "node:util";
import { runStorm } from "./storm.ts";

// `npm run soak -- --minutes 30 --seed 7`: payments among random faults for as long as wanted. Exit code 1 when the books differ.
const { values } = parseArgs({
  options: { minutes: { type: "string" }, payments: { type: "string" }, seed: { type: "string" } },
});

const report = await runStorm({
  seed: whole("seed", values.seed, Date.now() % 1_000_000),
  payments: whole("payments", values.payments, values.minutes === undefined ? 500 : 1),
  minutes: whole("minutes", values.minutes, 0),
  onNews: (line) => console.log(line),
});
console.log(JSON.stringify(report, undefined, 2));
process.exitCode = report.differences.length === 0 ? 0 : 1;

function whole(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} is a whole number, not ${text}`);
  return Number(text);
}
