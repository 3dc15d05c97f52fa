import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createTestHarness, type TestHarness } from "wrangler";

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

/** Starts a bundle on workerd, on a free port of this machine, with these settings as its secrets. */
export async function startWorker(bundle: Bundle, settings: Record<string, string>): Promise<TestHarness> {
  Object.assign(process.env, quietly(bundle.folder));
  const { NODE_ENV, ...secrets } = settings;
  const harness = createTestHarness({
    root: bundle.folder,
    workers: [{ configPath: CONFIG, prebuiltWorkerDir: bundle.folder, vars: { NODE_ENV: NODE_ENV ?? "test" }, secrets }],
  });
  await harness.listen();
  return harness;
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
