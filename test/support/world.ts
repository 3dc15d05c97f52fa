import { randomBytes } from "node:crypto";
import { Logger, runOnce } from "graphile-worker";
import { newId } from "../../src/base/id.ts";
import { type Log, openLog } from "../../src/base/log.ts";
import type { Role } from "../../src/base/permission.ts";
import type { Captcha } from "../../src/captcha/port.ts";
import type { Context, FirmContext, MemberContext } from "../../src/context.ts";
import { openQueuePool } from "../../src/db/open.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { transact } from "../../src/db/tx.ts";
import type { Mail } from "../../src/mail/port.ts";
import type { Handlers } from "../../src/queue/handler.ts";
import { taskList } from "../../src/queue/runner.ts";
import type { Processor } from "../../src/stripe/port.ts";
import { openVault } from "../../src/vault/seal.ts";
import type { TestDatabase } from "./database.ts";
import { insertMatter, type StatementWish, type TestMatter } from "./matter-rows.ts";

export const TEST_ORIGIN = "http://127.0.0.1:4000";
/** More rounds than this are jobs that go in a circle. */
const DRAIN_ROUNDS_LIMIT = 500;
const KEY = Buffer.alloc(32, 7).toString("base64");

/** A context on the file's database. Ports that a test does not give fail loudly when they are called. */
export function testContext(box: TestDatabase, given: Partial<Context> = {}): Context {
  return {
    database: box.database,
    processor: notGiven<Processor>("processor"),
    mail: notGiven<Mail>("mail"),
    captcha: notGiven<Captcha>("captcha"),
    vault: openVault(`k1:${KEY}`, KEY),
    connectors: new Map(),
    config: {
      PUBLIC_ORIGIN: TEST_ORIGIN,
      MAIL_FROM: "payments@sendforpayment.example",
      NODE_ENV: "test",
      STRIPE_WEBHOOK_SECRET: "whsec_test",
      POSTMARK_WEBHOOK_PASSWORD: "a-password-of-webhooks",
      checkoutOrigin: "http://127.0.0.1:4002",
      processorDashboard: "http://127.0.0.1:4002/dashboard",
      trustedProxies: 0,
      sandbox: undefined,
    },
    log: silentLog(),
    now: () => new Date(),
    ...given,
  };
}

/** A log that keeps its lines, to look into. */
export function keepingLog(): Log & { lines: string[] } {
  const lines: string[] = [];
  return Object.assign(
    openLog("debug", (line) => lines.push(line)),
    { lines },
  );
}

function silentLog(): Log {
  return openLog("error", () => undefined);
}

function notGiven<Port extends object>(name: string): Port {
  return new Proxy({} as Port, {
    get: (_target, key) => () => {
      throw new Error(`the test gave no ${name}, but ${String(key)} was called`);
    },
  });
}

export type TestFirm = {
  firmId: string;
  slug: string;
  operatingAccountId: string;
  trustAccountId: string;
  processorAccounts: { operating: string; trust: string };
};

/** A firm with settings, an operating and a trust account. */
export async function makeFirm(cx: Context, name = "Marlow Keane LLP"): Promise<TestFirm> {
  const firmId = newId();
  const suffix = randomBytes(4).toString("hex");
  const firm = {
    firmId,
    slug: `firm-${suffix}`,
    operatingAccountId: newId(),
    trustAccountId: newId(),
    processorAccounts: { operating: `acct_operating_${suffix}`, trust: `acct_trust_${suffix}` },
  };
  await withFirm(cx.database, firmId, async (tx) => {
    await tx.insertInto("firm").values({ id: firmId, name, slug: firm.slug }).execute();
    await tx
      .insertInto("firm_settings")
      .values({
        firm_id: firmId,
        address: "40 Harbor Court, Chicago, IL 60601",
        phone: "(312) 555-0142",
        contact_email: "billing@marlowkeane.example",
      })
      .execute();
    await tx
      .insertInto("merchant_account")
      .values([
        {
          firm_id: firmId,
          id: firm.operatingAccountId,
          name: "Operating",
          kind: "operating",
          processor_account: firm.processorAccounts.operating,
          last4: "4417",
          currency: "USD",
          fees_payer: "account",
          is_default: true,
        },
        {
          firm_id: firmId,
          id: firm.trustAccountId,
          name: "Client trust",
          kind: "trust",
          processor_account: firm.processorAccounts.trust,
          last4: "8820",
          currency: "USD",
          fees_payer: "platform",
          is_default: true,
        },
      ])
      .execute();
  });
  return firm;
}

/** A member of a firm and the context in which they act. */
export async function makeMember(
  cx: Context,
  firmId: string,
  role: Role,
  name = "Dana Whitfield",
): Promise<MemberContext> {
  const personId = newId();
  const memberId = newId();
  await transact(cx.database, (tx) =>
    tx
      .insertInto("person")
      .values({ id: personId, email: `${memberId}@marlowkeane.example`, name })
      .execute(),
  );
  await withFirm(cx.database, firmId, (tx) =>
    tx
      .insertInto("member")
      .values({ firm_id: firmId, id: memberId, person_id: personId, role, state: "active" })
      .execute(),
  );
  return { ...cx, firmId, actor: { kind: "member", id: memberId, name, role, personId }, requestId: newId() };
}

export function systemContext(cx: Context, firmId: string): FirmContext {
  return { ...cx, firmId, actor: { kind: "system", name: "test" }, requestId: newId() };
}

/** A connection (with tokens that open), a client, a matter with an assigned payer, and open statements with these balances. */
export function makeMatter(cx: Context, firmId: string, statements: StatementWish[]): Promise<TestMatter> {
  return withFirm(cx.database, firmId, (tx) => insertMatter(cx, tx, firmId, statements));
}

/** Does every job that is due, as a runner would, until none is left: also what jobs add, and queues, which free one at a time. */
export async function drainJobs(box: TestDatabase, cx: Context, handlers: Handlers<Context>): Promise<void> {
  const pool = openQueuePool({ url: box.url, size: 4, onError: () => undefined });
  const options = {
    pgPool: pool,
    noHandleSignals: true,
    logger: new Logger(() => () => undefined),
    preset: { worker: { concurrentJobs: 4 } },
  };
  try {
    for (let round = 0; round < DRAIN_ROUNDS_LIMIT; round++) {
      await runOnce(options, taskList({ cx, handlers, log: cx.log }));
      const { rowCount } = await pool.query(
        "select from graphile_worker._private_jobs where run_at <= now() and attempts < max_attempts limit 1",
      );
      if (rowCount === 0) return;
    }
    throw new Error("the jobs add jobs without end");
  } finally {
    await pool.end();
  }
}

/** The jobs that wait: name and payload, oldest first. */
export async function waitingJobs(
  box: TestDatabase,
): Promise<{ name: string; payload: Record<string, unknown> }[]> {
  const pool = openQueuePool({ url: box.url, size: 1, onError: () => undefined });
  try {
    const { rows } = await pool.query(
      "select task_identifier as name, (select payload from graphile_worker._private_jobs p where p.id = j.id) as payload from graphile_worker.jobs j order by id",
    );
    return rows;
  } finally {
    await pool.end();
  }
}
