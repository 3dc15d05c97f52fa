const STOP_LIMIT_MS = 25_000;

type Part = { name: string; stop: () => Promise<void> };
const parts: Part[] = [];
let stopping: Promise<never> | undefined;

/** Registers a part to end at the stop. The part that started last ends first. */
export function onStop(name: string, stop: () => Promise<void>): void {
  parts.push({ name, stop });
}

/** Whether the end has begun: what goes away now is meant to. */
export function isStopping(): boolean {
  return stopping !== undefined;
}

/** Ends every part in order, then the process. A part that does not end in time is left behind: killing us is safe, too. */
export function stopWith(code: number): Promise<never> {
  stopping ??= (async () => {
    setTimeout(() => process.exit(code === 0 ? 1 : code), STOP_LIMIT_MS).unref();
    for (const part of parts.reverse()) {
      await part.stop().catch((error) => console.error(`could not stop the ${part.name}:`, error));
    }
    process.exit(code);
  })();
  return stopping;
}

// `on`, not `once`: a terminal and the tools between us and it each pass the signal on, and a second one must not cut the stop short.
process.on("SIGTERM", () => void stopWith(0));
process.on("SIGINT", () => void stopWith(0));
