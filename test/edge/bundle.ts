import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createTestHarness, unstable_readConfig } from "wrangler";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const WRANGLER = path.join(ROOT, "node_modules/wrangler/bin/wrangler.js");
const CONFIG = path.join(ROOT, "wrangler.toml");

export type Bundle = {
  folder: string;
  /** The one module that is sent, as text. */
  code: string;
  /** Every file that is part of it, by its path from the project's root. */
  inputs: string[];
};

/** Bundles the Worker as a deployment would, into a folder, and sends it nowhere. */
export async function bundleWorker(folder: string): Promise<Bundle> {
  const options = ["deploy", "--dry-run", "--config", CONFIG, "--outdir", folder, "--metafile"];
  await promisify(execFile)(process.execPath, [WRANGLER, ...options], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: folder, ...quietly(folder) },
  });
  const code = await readFile(path.join(folder, "edge.js"), "utf8");
  const facts = JSON.parse(await readFile(path.join(folder, "bundle-meta.json"), "utf8")) as {
    inputs: Record<string, unknown>;
  };
  return { folder, code, inputs: Object.keys(facts.inputs) };
}

export type RunningWorker = {
  origin: string;
  /** What it wrote to the log, oldest first. */
  logs: () => string[];
  close: () => Promise<void>;
};

/** Starts the bundle on workerd, on a free port. `hyperdriveUrl` is the database behind a Hyperdrive binding. */
export async function startWorker(
  bundle: Bundle,
  settings: Record<string, string>,
  hyperdriveUrl?: string,
): Promise<RunningWorker> {
  Object.assign(process.env, quietly(bundle.folder));
  const { NODE_ENV = "test", ...secrets } = settings;
  const deployed = { configPath: CONFIG, prebuiltWorkerDir: bundle.folder, vars: { NODE_ENV }, secrets };
  const harness = createTestHarness({
    root: bundle.folder,
    workers: [
      hyperdriveUrl === undefined ? deployed : { config: withHyperdrive(bundle, settings, hyperdriveUrl) },
    ],
  });
  const { url } = await harness.listen();
  return {
    origin: url.origin,
    logs: () => harness.getLogs().map((line) => line.message),
    close: harness.close,
  };
}

/** The same configuration with the binding that the repository's cannot have: its id is each account's own. */
function withHyperdrive(bundle: Bundle, vars: Record<string, string>, localConnectionString: string) {
  const { name, compatibility_date, compatibility_flags } = unstable_readConfig({ config: CONFIG });
  return {
    name: name ?? "edge",
    main: path.join(bundle.folder, "edge.js"),
    no_bundle: true,
    compatibility_date: compatibility_date ?? "",
    compatibility_flags,
    vars,
    hyperdrive: [{ binding: "HYPERDRIVE", id: "0".repeat(32), localConnectionString }],
  };
}

/** Has wrangler ask nobody for anything, tell nobody of its use, and keep its notes in the folder. */
function quietly(folder: string): Record<string, string> {
  return {
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_SEND_ERROR_REPORTS: "false",
    WRANGLER_HIDE_BANNER: "true",
    WRANGLER_WRITE_LOGS: "false",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    XDG_CONFIG_HOME: path.join(folder, "config"),
  };
}
