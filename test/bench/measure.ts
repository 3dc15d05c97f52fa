const WARM_UP_RUNS = 20;
const RUNS = 200;

export type Figure = { name: string; medianMs: number; p95Ms: number };

/** Runs something again and again, one after the other, and gives the median and the 95th percentile. */
export async function measure(name: string, run: () => Promise<unknown>, runs = RUNS): Promise<Figure> {
  for (let index = 0; index < Math.min(WARM_UP_RUNS, runs); index++) await run();
  const times: number[] = [];
  for (let index = 0; index < runs; index++) {
    const startedAt = performance.now();
    await run();
    times.push(performance.now() - startedAt);
  }
  times.sort((one, other) => one - other);
  const at = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { name, medianMs: at(0.5), p95Ms: at(0.95) };
}

export type Ratio = { what: string; figure: Figure; base: Figure; limit: number };

/** Prints one line per ratio and says whether all keep their limits. Machines differ; a ratio within one run does not. */
export function report(ratios: readonly Ratio[]): boolean {
  let ok = true;
  for (const { what, figure, base, limit } of ratios) {
    const ratio = figure.medianMs / base.medianMs;
    const keeps = ratio <= limit;
    ok &&= keeps;
    const times = `${figure.medianMs.toFixed(2)} ms (95 %: ${figure.p95Ms.toFixed(2)} ms) against ${base.medianMs.toFixed(2)} ms of ${base.name}`;
    console.log(
      `${keeps ? "keeps" : "BREAKS"}  ${what}: ${ratio.toFixed(1)} times, limit ${limit}; ${times}`,
    );
  }
  return ok;
}

/** A figure with a limit of its own, whatever the machine. */
export type Bound = { what: string; value: number; limit: number; unit: string };

/** Prints one line per bound and says whether all keep their limits. */
export function reportBounds(bounds: readonly Bound[]): boolean {
  for (const { what, value, limit, unit } of bounds) {
    console.log(
      `${value <= limit ? "keeps" : "BREAKS"}  ${what}: ${value.toFixed(1)} ${unit}, limit ${limit} ${unit}`,
    );
  }
  return bounds.every(({ value, limit }) => value <= limit);
}

const SAMPLE_INTERVAL_MS = 20;

/** Looks at the memory of the process again and again; `stop` gives the most above the beginning, in MB. */
export function watchMemory(): { stop: () => number } {
  const idle = process.memoryUsage().rss;
  let most = idle;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, SAMPLE_INTERVAL_MS);
  return {
    stop() {
      clearInterval(timer);
      return (most - idle) / 1024 / 1024;
    },
  };
}
