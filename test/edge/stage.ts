import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { TestHarness } from "wrangler";
import { parseConfig } from "../../src/base/config.ts";
import { type Built, build } from "../../src/build.ts";
import { startMailbox } from "../../src/sandbox/mailbox/server.ts";
import { startProcessor } from "../../src/sandbox/processor/server.ts";
import type { Running } from "../../src/sandbox/serve.ts";
import { useDatabase } from "../support/database.ts";
import { makeFirm, TEST_ORIGIN, type TestFirm } from "../support/world.ts";
import { type Bundle, bundleWorker, startWorker } from "./bundle.ts";

const KEY = Buffer.alloc(32, 7).toString("base64");
export const SECRETS = {
  SEALING_KEYS: `k1:${KEY}`,
  LINK_KEY: KEY,
  STRIPE_SECRET_KEY: "sk_test_stand_in_0123456789",
  STRIPE_WEBHOOK_SECRET: "whsec_stand_in_secret",
  POSTMARK_SERVER_TOKEN: "7d3f0a52-test-server-token",
  POSTMARK_WEBHOOK_PASSWORD: "a-password-of-webhooks",
};

/**
 * The Worker on workerd, and beside it, with the same settings, the service's other half on Node: it fills the database and does
 * the jobs that the Worker enqueues. What is outside are the sandbox's card processor and mail service.
 */
export function useEdge() {
  const box = useDatabase();
  const stage = {} as {
    bundle: Bundle;
    node: Built["cx"];
    firm: TestFirm;
    worker: TestHarness;
    mailbox: Running;
    processor: Running;
  };
  const undo: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "edge-"));
    undo.push(() => rm(folder, { recursive: true, force: true }));
    const bundling = bundleWorker(path.join(folder, "bundle"));
    stage.mailbox = await startMailbox({ folder: path.join(folder, "mailbox"), token: SECRETS.POSTMARK_SERVER_TOKEN });
    undo.push(stage.mailbox.close);
    const processor = { data: path.join(folder, "processor"), secretKey: SECRETS.STRIPE_SECRET_KEY };
    const outsideOrigins = {}
  });
  afterAll(async () => {
    for (const step of undo.reverse()) await step();
  });
}
