import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";

type ChildOptions = {
  /** Stands before each line that the child says on stderr. */
  name: string;
  /** The absolute path of its TypeScript file. */
  script: string;
  env: Record<string, string>;
  /** Called once when the process ends without having been stopped; the code is null after a signal. */
  onExit?: ((code: number | null) => void) | undefined;
};

export type Child = {
  pid: number;
  /** What the ready line said. */
  facts: Record<string, unknown>;
  /** Closes its stdin and waits until it is gone, by force after a while. */
  stop: () => Promise<void>;
  /** Ends it as a crash would, and waits until it is gone. */
  kill: () => Promise<void>;
};

const READY_TIMEOUT_MILLISECONDS = 30_000;
const STOP_TIMEOUT_MILLISECONDS = 5_000;
const LAST_LINES = 20;
const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
// A stand-in knows nothing of the product's settings, so only the machine's own variables are handed on.
const INHERITED = ["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SystemRoot"];

/**
 * Starts a stand-in's process and waits for its ready line. Rejects with the end of its stderr when it ends
 * before, or is not ready in time. Its stdin is a pipe that closes when this process dies, which ends it too.
 */
export async function startChild({ name, script, env, onExit }: ChildOptions): Promise<Child> {
  const child = spawn(process.execPath, ["--import", TSX, script], {
    cwd: REPOSITORY,
    env: { ...inheritedEnvironment(), ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  // What is said to a process that has just ended is lost, which is no error here: `exit` tells of the end.
  child.stdin.on("error", () => child.stdin.destroy());
  const lastLines: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => {
    lastLines.push(line);
    if (lastLines.length > LAST_LINES) lastLines.shift();
    process.stderr.write(`[${name}] ${line}\n`);
  });
  const exited = new Promise<void>((resolve) => child.once("close", () => resolve()));
  let facts: Record<string, unknown>;
  try {
    facts = await readyLine(child);
  } catch (error) {
    child.kill("SIGKILL");
    await exited;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`the sandbox's ${name} did not start: ${reason}\n${lastLines.join("\n")}`, {
      cause: error,
    });
  }
  let expected = false;
  child.once("exit", (code) => {
    if (!expected) onExit?.(code);
  });
  return {
    pid: child.pid ?? 0,
    facts,
    stop: async () => {
      expected = true;
      child.stdin.end();
      const force = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MILLISECONDS);
      await exited;
      clearTimeout(force);
    },
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

function inheritedEnvironment(): Record<string, string> {
  const entries = INHERITED.map((key): [string, string | undefined] => [key, process.env[key]]);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

async function readyLine(child: ChildProcess): Promise<Record<string, unknown>> {
  const settled = new AbortController();
  const timeout = AbortSignal.timeout(READY_TIMEOUT_MILLISECONDS);
  const signal = AbortSignal.any([settled.signal, timeout]);
  if (child.stdout === null) throw new Error("its stdout is not a pipe");
  const lines = createInterface({ input: child.stdout });
  try {
    const ready = once(lines, "line", { signal }).then(([line]) => parseReadyLine(String(line)));
    const ended = once(child, "exit", { signal }).then(([code, by]) => {
      throw new Error(`it ended with ${code ?? by}`);
    });
    return await Promise.race([ready, ended]);
  } catch (error) {
    if (timeout.aborted)
      throw new Error(`it was not ready in ${READY_TIMEOUT_MILLISECONDS} ms`, { cause: error });
    throw error;
  } finally {
    settled.abort();
  }
}

function parseReadyLine(line: string): Record<string, unknown> {
  const facts: unknown = JSON.parse(line);
  if (typeof facts === "object" && facts !== null && "ready" in facts && facts.ready === true)
    return { ...facts };
  throw new Error(`its first line was not the ready line: ${line}`);
}
