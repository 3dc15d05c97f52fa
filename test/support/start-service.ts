import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { isAlive } from "./child.ts";
import { until } from "./until.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const READY_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 30_000;
const OUTPUT_KEPT_LINES = 200;
/** https://www.postgresql.org/docs/18/storage-file-layout.html names what the file holds. */
const PIDFILE_PORT_LINE = 3;

/** A whole service as a newcomer starts it: its own database, its sandbox, on free ports, in a folder of its own. */
export type Service = {
  origin: string;
  /** Sign-in links of the demo firm's members, by role. */
  links: Record<"staff" | "bookkeeper" | "admin", string>;
  docket: { origin: string; pid: number };
  processor: { origin: string; pid: number };
  mailbox: { origin: string; pid: number };
  folder: string;
  startedInMs: number;
  /** What it wrote to the terminal, newest last. */
  output: () => string;
  stop: () => Promise<void>;
  /** Ends it as a crash would; its sandbox ends with it, its database stays behind. */
  kill: () => Promise<void>;
  /** Stops it in the middle of whatever it does; what others send it waits in its sockets. Only a kill follows. */
  freeze: () => void;
  /** The address of its database, for the owner's login. */
  ownerUrl: () => Promise<string>;
  /** Ends it for good and takes its folder away. */
  destroy: () => Promise<void>;
};

/** Starts the real entry in a process of its own, and waits until it says that it is ready. */
export async function startService(
  options: { folder?: string; env?: Record<string, string> } = {},
): Promise<Service> {
  const folder = options.folder ?? (await makeFolder());
  const readyFile = path.join(folder, "ready.json");
  const startedAt = performance.now();
  const child = spawn(process.execPath, ["--import", "tsx", "src/entry/node.ts"], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, DATA_FOLDER: folder, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = keepOutput(child);
  const ready = await until(
    "the service is ready",
    () => readReady(child, readyFile, output),
    READY_LIMIT_MS,
  );
  const startedInMs = performance.now() - startedAt;
  return {
    origin: ready.origin,
    links: Object.fromEntries(ready.links.map((link) => [link.role, link.url])) as Service["links"],
    ...ready.sandbox,
    folder,
    startedInMs,
    output,
    stop: () => end(child, "SIGTERM"),
    kill: async () => {
      await end(child, "SIGKILL");
      const pids = Object.values(ready.sandbox).map((standIn) => standIn.pid);
      await until("the sandbox has ended, too", async () => !pids.some(isAlive), STOP_LIMIT_MS);
    },
    freeze: () => {
      child.kill("SIGSTOP");
    },
    ownerUrl: () => readOwnerUrl(folder),
    destroy: async () => {
      await end(child, "SIGTERM");
      await endLeftDatabase(folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A folder that PostgreSQL's own user can walk through, too. */
async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "sfp-service-"));
  await chmod(folder, 0o711);
  return folder;
}

type Ready = {
  pid: number;
  origin: string;
  links: { role: string; url: string }[];
  sandbox: Record<"docket" | "processor" | "mailbox", { origin: string; pid: number }>;
};

async function readReady(
  child: ChildProcess,
  file: string,
  output: () => string,
): Promise<Ready | undefined> {
  if (child.exitCode !== null || child.signalCode !== null)
    throw new Error(`the service ended while starting:\n${output()}`);
  const text = await readFile(file, "utf8").catch(() => "");
  if (!text.endsWith("\n")) return undefined;
  // An earlier start in the same folder left its own.
  const ready = JSON.parse(text) as Ready;
  return ready.pid === child.pid ? ready : undefined;
}

async function readOwnerUrl(folder: string): Promise<string> {
  const read = (...names: string[]) => readFile(path.join(folder, "postgres", ...names), "utf8");
  const [password, pidFile] = await Promise.all([read("password"), read("cluster", "postmaster.pid")]);
  const port = pidFile.split("\n")[PIDFILE_PORT_LINE];
  return `postgres://sfp_owner:${password.trim()}@127.0.0.1:${port}/send_for_payment`;
}

function keepOutput(child: ChildProcess): () => string {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      lines.push(text);
      if (lines.length > OUTPUT_KEPT_LINES) lines.shift();
    });
  }
  return () => lines.join("");
}

function end(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
    child.once("exit", () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill(signal);
  });
}

/** A service that was killed leaves its PostgreSQL running; the last one of a test takes it along. */
async function endLeftDatabase(folder: string): Promise<void> {
  const text = await readFile(path.join(folder, "postgres", "cluster", "postmaster.pid"), "utf8").catch(
    () => "",
  );
  const pid = Number(text.split("\n")[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  process.kill(pid, "SIGINT");
  await until("the database has ended", async () => !isAlive(pid) || undefined, STOP_LIMIT_MS);
}
