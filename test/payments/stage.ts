import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CompiledQuery } from "kysely";
import Stripe from "stripe";
import { afterAll, afterEach, beforeAll } from "vitest";
import type { Context, MemberContext } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { linkUrl } from "../../src/links/address.ts";
import type { LinkRow } from "../../src/links/queries.ts";
import { listPayments } from "../../src/payments/queries.ts";
import { postingJobs } from "../../src/postings/jobs.ts";
import { startProcessor } from "../../src/sandbox/processor/server.ts";
import { signature } from "../../src/sandbox/processor/webhooks/send.ts";
import type { Running } from "../../src/sandbox/serve.ts";
import { openProcessor } from "../../src/stripe/client.ts";
import { asOwner, useDatabase } from "../support/database.ts";
import type { FakeSystem } from "../support/fake-connector.ts";
import {
  drainJobs,
  keepingLog,
  makeFirm,
  makeMember,
  TEST_ORIGIN,
  type TestFirm,
  testContext,
  waitingJobs,
} from "../support/world.ts";
import { appOf, deliverRaw, recordingHandlers } from "./app.ts";
import { insertTestLink, type LinkWish } from "./links.ts";

export const SECRET_KEY = "sk_test_stand_in_0123456789";
export const WEBHOOK_SECRET = "whsec_stand_in_secret";

export type StageOptions = {
  followUpDelayMilliseconds?: number;
  /** The matter system: with it the jobs of postings do their work, else they are only counted. */
  system?: FakeSystem;
};

/** A firm with its two accounts at a card processor's stand-in, our routes in front of it, and the real Stripe library between. */
export function useStage(options: StageOptions = {}) {
  const box = useDatabase();
  const log = keepingLog();
  const clock = { aheadMs: 0 };
  const stage = {} as {
    firm: TestFirm;
    other: TestFirm;
    cx: Context;
    running: Running;
    staff: MemberContext;
  };
  const folder = mkdtempSync(join(tmpdir(), "payments-"));
  const now = () => new Date(Date.now() + clock.aheadMs);
  beforeAll(async () => {
    const cx = testContext(box, { log, now, connectors: connectorsOf(options.system) });
    stage.firm = await makeFirm(cx);
    stage.other = await makeFirm(cx, "Hale & Brandt LLP");
    stage.running = await startProcessor({
      data: folder,
      secretKey: SECRET_KEY,
      accounts: [stage.firm, stage.other].flatMap(({ processorAccounts }) => [
        { id: processorAccounts.operating, name: "Operating", fees_payer: "account" as const },
        { id: processorAccounts.trust, name: "Trust", fees_payer: "application" as const },
      ]),
      bankDebitDelayMilliseconds: 3_600_000,
      followUpDelayMilliseconds: options.followUpDelayMilliseconds ?? 0,
    });
    const processor = openProcessor({
      STRIPE_SECRET_KEY: SECRET_KEY,
      STRIPE_API_BASE: stage.running.origin,
      STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    });
    stage.cx = { ...cx, processor };
    stage.staff = await makeMember(stage.cx, stage.firm.firmId, "staff");
  });
  afterEach(() => {
    clock.aheadMs = 0;
    log.lines.splice(0);
  });
  afterAll(async () => {
    await stage.running.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const app = () => appOf(stage.cx);
  const handlers = recordingHandlers(options.system ? postingJobs : {});
  const read = <Result>(work: Parameters<typeof withFirm<Result>>[2]) =>
    withFirm(stage.cx.database, stage.firm.firmId, work);

  const makeLink = (wish: LinkWish = {}) => insertTestLink(stage, wish);

  const pathOf = (link: LinkRow) => new URL(linkUrl(stage.cx, link)).pathname;
  const post = async (path: string, fields: Record<string, string> = {}) =>
    await app().request(path, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { Origin: TEST_ORIGIN },
    });

  const control = async (name: string, body: Record<string, unknown>) => {
    const response = await fetch(`${stage.running.origin}/control/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as Record<string, unknown>;
  };
  const stripe = () =>
    new Stripe(SECRET_KEY, {
      host: "127.0.0.1",
      port: stage.running.port,
      protocol: "http",
      telemetry: false,
    });

  return {
    box,
    log,
    clock,
    stage,
    app,
    read,
    makeLink,
    pathOf,
    post,
    control,
    stripe,
    handled: handlers.calls,
    /** What the payer's form leads to: the address of the processor's page. */
    async begin(link: LinkRow, fields: Record<string, string> = {}): Promise<string> {
      const response = await post(pathOf(link), { how: "full", method: "card", receipt: "", ...fields });
      const location = response.headers.get("Location") ?? "";
      if (response.status !== 303 || !location.startsWith(stage.running.origin))
        throw new Error(`not led to the processor: ${response.status} ${location} ${await response.text()}`);
      return location;
    },
    async submit(url: string, fields: Record<string, string>): Promise<Response> {
      return await fetch(url, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
    },
    /** The events of an account at the stand-in, oldest first, as the API shows them. */
    async events(account = stage.firm.processorAccounts.operating): Promise<Stripe.Event[]> {
      const { data } = await stripe().events.list({ limit: 100 }, { stripeAccount: account });
      return data.reverse();
    },
    /** Delivers an event to our webhook, signed as the processor signs. */
    async deliver(event: unknown, secret = WEBHOOK_SECRET, aheadSeconds = 0): Promise<Response> {
      const body = JSON.stringify(event);
      const header = signature(body, secret, Math.floor(Date.now() / 1000) + aheadSeconds);
      return await deliverRaw(app(), body, header);
    },
    async drain(): Promise<void> {
      await drainJobs(box, stage.cx, handlers.all);
    },
    waiting: () => waitingJobs(box),
    link: (id: string) =>
      read((tx) => tx.selectFrom("payment_link").selectAll().where("id", "=", id).executeTakeFirstOrThrow()),
    checkouts: (linkId: string) =>
      read((tx) =>
        tx.selectFrom("checkout").selectAll().where("link_id", "=", linkId).orderBy("created_at").execute(),
      ),
    payments: (linkId: string) => read((tx) => listPayments(tx, stage.firm.firmId, { linkId, limit: 50 })),
    emails: (linkId: string) =>
      read((tx) =>
        tx.selectFrom("email").selectAll().where("link_id", "=", linkId).orderBy("kind").execute(),
      ),
    audit: async (linkId: string) =>
      (
        await read((tx) =>
          tx.selectFrom("audit_event").select("action").where("link_id", "=", linkId).orderBy("id").execute(),
        )
      ).map(({ action }) => action),
    /** Runs SQL inside the firm: for what only a test wants to see or break. */
    inFirm: async (text: string, values: unknown[] = []) =>
      (await read((tx) => tx.executeQuery<Record<string, unknown>>(CompiledQuery.raw(text, values)))).rows,
    owner: (text: string, values: unknown[] = []) => asOwner(box, text, values),
    sessions: async (linkId: string, account = stage.firm.processorAccounts.operating) =>
      (await stripe().checkout.sessions.list({ limit: 100 }, { stripeAccount: account })).data.filter(
        (session) => session.metadata?.link_id === linkId,
      ),
  };
}

function connectorsOf(system: FakeSystem | undefined): Context["connectors"] {
  if (!system) return new Map();
  const registration = { origin: "http://localhost:4999", clientId: "client", clientSecret: "secret" };
  return new Map([["docket", { connector: system.connector, registration }]]);
}

export type Stage = ReturnType<typeof useStage>;
