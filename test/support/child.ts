import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { until } from "./until.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A TypeScript file that runs in a process of its own. */
export type Child = {
  process: ChildProcess;
  /** What it wrote, both streams. */
  output: () => string;
  /** The next line of standard output that was not read yet. Rejects when the process ends without one. */
  line: () => Promise<string>;
  /** Resolves with its exit code; null when a signal ended it. */
  ended: Promise<number | null>;
};

/** Runs a file of the project with these arguments. Its environment is only what is given here, and how to find programs. */
export function runFile(file: string, args: string[], options: SpawnOptions = {}): Child {
  const child = spawn(process.execPath, ["--import", "tsx", file, ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    ...options,
    env: { PATH: process.env.PATH, ...options.env },
  });
  let all = "";
  let unread = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    all += text;
    unread += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    all += text;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code));
  });
  return {
    process: child,
    output: () => all,
    ended,
    line: () =>
      until("the process writes a line", async () => {
        const end = unread.indexOf("\n");
        if (end < 0 && (child.exitCode !== null || child.signalCode !== null))
          throw new Error(`the process ended:\n${all}`);
        if (end < 0) return undefined;
        const line = unread.slice(0, end);
        unread = unread.slice(end + 1);
        return line;
      }),
  };
}

/** Whether a process is there, ours or another's. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}
