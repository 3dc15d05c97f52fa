import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";
import { parseConfig } from "../../src/base/config.ts";
import { build } from "../../src/build.ts";
import type { Context } from "../../src/context.ts";
import { startMailbox } from "../../src/sandbox/mailbox/server.ts";
import { startProcessor } from "../../src/sandbox/processor/server.ts";
import type { Running } from "../../src/sandbox/serve.ts";
import { useDatabase } from "../support/database.ts";
import { makeFirm, TEST_ORIGIN, type TestFirm, testContext } from "../support/world.ts";
import { type Bundle, bundleWorker, type RunningWorker, startWorker } from "./bundle.ts";

const KEY = Buffer.alloc(32, 7).toString("base64");
export const WEBHOOK_SECRET = "whsec_stand_in_secret";
const SECRETS = {
  SEALING_KEYS: `k1:${KEY}`,
  LINK_KEY: KEY,
  STRIPE_SECRET_KEY: "sk_test_stand_in_0123456789",
  STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
  POSTMARK_SERVER_TOKEN: "7d3f0a52-test-server-token",
  POSTMARK_WEBHOOK_PASSWORD: "a-password-of-webhooks",
};

type Edge = {
  bundle: Bundle;
  worker: RunningWorker;
  settings: Record<string, string>;
  /** The service's other half: fills the database, and does the jobs that the Worker enqueues. */
  node: Context;
  firm: TestFirm;
  mailbox: Running;
  processor: Running;
};

/** The Worker on workerd, the service's other half on Node with the same settings, and the sandbox's outside world. */
export function useEdge() {
  const box = useDatabase();
  const edge = {} as Edge;
  const undo: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "edge-"));
    undo.push(() => rm(folder, { recursive: true, force: true }));
    const bundling = bundleWorker(path.join(folder, "bundle"));
    edge.firm = await makeFirm(testContext(box));
    edge.mailbox = await startMailbox({ folder, token: SECRETS.POSTMARK_SERVER_TOKEN });
    undo.push(edge.mailbox.close);
    edge.processor = await startProcessor({
      data: folder,
      secretKey: SECRETS.STRIPE_SECRET_KEY,
      accounts: [
        { id: edge.firm.processorAccounts.operating, name: "Operating", fees_payer: "account" },
        { id: edge.firm.processorAccounts.trust, name: "Trust", fees_payer: "application" },
      ],
    });
    undo.push(edge.processor.close);
    edge.settings = {
      ...SECRETS,
      NODE_ENV: "test",
      PUBLIC_ORIGIN: TEST_ORIGIN,
      DATABASE_URL: box.url,
      STRIPE_API_BASE: edge.processor.origin,
      POSTMARK_API_BASE: edge.mailbox.origin,
    };
    const { cx, close } = build(parseConfig(edge.settings), undefined, () => undefined);
    undo.push(close);
    edge.node = cx;
    edge.bundle = await bundling;
    edge.worker = await startWorker(edge.bundle, edge.settings);
    undo.push(edge.worker.close);
  });
  afterAll(async () => {
    for (const step of undo.reverse()) await step();
  });
  const send = (path: string, request: RequestInit) =>
    fetch(`${edge.worker.origin}${path}`, { redirect: "manual", ...request });
  return {
    box,
    edge,
    send,
    get: (path: string, headers: Record<string, string> = {}) => send(path, { headers }),
    /** Sends a form of one of our own pages. */
    post: (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
      send(path, {
        method: "POST",
        body: new URLSearchParams(fields),
        headers: { Origin: TEST_ORIGIN, ...headers },
      }),
  };
}
