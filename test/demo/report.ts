/** What the demo found at the end. */
export type Outcome = {
  link: { reference: string; page: string; state: string };
  payment: { reference: string; amount: string };
  postings: { entryId: string; statement: string; amount: string; isConfirmed: boolean }[];
  balances: { number: string; before: string; after: string }[];
  ledgers: { postings: number; entries: number; oursCents: string; docketCents: string };
  /** What does not add up; empty when all is well. */
  faults: string[];
};

type Step = { name: string; milliseconds: number };

/** Runs steps and says how long each took, as it happens. */
export class Stopwatch {
  readonly steps: Step[] = [];
  readonly #startedAt = performance.now();
  readonly #say: ((line: string) => void) | undefined;

  constructor(say: ((line: string) => void) | undefined) {
    this.#say = say;
  }

  get totalMilliseconds(): number {
    return Math.round(performance.now() - this.#startedAt);
  }

  async step<Result>(name: string, run: () => Promise<Result>): Promise<Result> {
    const startedAt = performance.now();
    const result = await run();
    const milliseconds = Math.round(performance.now() - startedAt);
    this.steps.push({ name, milliseconds });
    this.#say?.(`${String(milliseconds).padStart(6)} ms  ${name}`);
    return result;
  }
}

/** Prints the closing table, or everything as one JSON object. */
export function printOutcome(outcome: Outcome, watch: Stopwatch, asJson: boolean): void {
  const ok = outcome.faults.length === 0;
  if (asJson) {
    process.stdout.write(
      `${JSON.stringify({ ok, milliseconds: watch.totalMilliseconds, steps: watch.steps, ...outcome })}\n`,
    );
    return;
  }
  const { ledgers } = outcome;
  const rows: [string, string][] = [
    ["link", `${outcome.link.reference}, ${outcome.link.state.toLowerCase()}`],
    ["payment", `${outcome.payment.reference}, ${outcome.payment.amount}`],
    ...outcome.postings.map((line): [string, string] => [
      "posting",
      `statement ${line.statement}, ${line.amount}, ${line.entryId} in Docket, ${line.isConfirmed ? "confirmed" : "not confirmed"}`,
    ]),
    ...outcome.balances.map((line): [string, string] => [
      "balance in Docket",
      `statement ${line.number}: ${line.before} before, ${line.after} after`,
    ]),
    [
      "ledgers",
      `${ledgers.postings} postings of ${ledgers.oursCents} cents here, ${ledgers.entries} entries of ${ledgers.docketCents} cents in Docket: ${ok ? "equal" : "NOT EQUAL"}`,
    ],
  ];
  process.stdout.write(`\n${rows.map(([name, words]) => `${name.padEnd(20)}${words}`).join("\n")}\n`);
  for (const fault of outcome.faults) process.stdout.write(`FAULT: ${fault}\n`);
  process.stdout.write(`\n${(watch.totalMilliseconds / 1000).toFixed(1)} s in all\n`);
}
