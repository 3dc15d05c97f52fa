import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { startEmbedded } from "../../src/db/embedded.ts";
import { migrate } from "../../src/db/migrate.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The migrated database from which each file of tests gets its copy. */
    template: { url: string; ownerUrl: string };
  }
}

/** One PostgreSQL for the whole run, its database migrated once; files of tests clone it. Durability is off: it is thrown away. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), "sfp-test-"));
  const flags = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=300",
    "shared_buffers=256MB",
  ];
  const cluster = await startEmbedded({ folder, flags });
  await migrate(cluster.ownerUrl);
  project.provide("template", { url: cluster.url, ownerUrl: cluster.ownerUrl });
  return async () => {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
