import { sql } from "kysely";
import { newId } from "../../src/base/id.ts";
import type { Context } from "../../src/context.ts";
import { openQueuePool } from "../../src/db/open.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { jobNames } from "../../src/queue/catalog.ts";
import { enqueueAll } from "../../src/queue/enqueue.ts";
import type { Handlers } from "../../src/queue/handler.ts";
import { startRunner } from "../../src/queue/runner.ts";
import type { PaymentFacts, Processor } from "../../src/stripe/port.ts";
import { tasks } from "../../src/tasks.ts";
import { asOwner, type TestDatabase } from "../support/database.ts";
import { makeFakeSystem } from "../support/fake-connector.ts";
import { until } from "../support/until.ts";
import { makeFirm, type TestFirm, testContext } from "../support/world.ts";
import { type Bound, type Figure, type Ratio, watchMemory } from "./measure.ts";
import { type Bench, storePayments, storeWebhooks } from "./posting-stock.ts";

const FIRMS = 8;
const PAYMENTS = 2_400;
const WARM_UP_PAYMENTS = 400;
const EMPTY_JOBS = 6_000;
const ROUNDS = 3;
const FEW_STORED = 1_000;
const MANY_STORED = 100_000;
const CONCURRENCY = 8;
const ROUND_LIMIT_MS = 120_000;
/** Taking the webhook in, preparing, writing: a payment alone takes a job for each, many share them. */
const STEPS = 3;
/** A quarter of the rate of empty jobs. */
const LIMIT_TO_EMPTY_JOBS = 4;
const LIMIT_OF_GROWTH = 1.5;
const MEMORY_LIMIT_MB = 120;

/**
 * From the stored webhook to the posting on record, through the real runner and all jobs, with a processor and a matter system that
 * answer at once; each step against an empty job of the same runner; with few and with many payments in store.
 */
export async function benchPostings(box: TestDatabase): Promise<{ ratios: Ratio[]; bounds: Bound[] }> {
  const bench = await openBench(box);
  await payments(bench, WARM_UP_PAYMENTS);
  const empty = await figureOf("an empty job", () => emptyJobs(bench));
  await storePayments(bench, FEW_STORED);
  const few = await figureOf(`a payment's way with ${FEW_STORED} stored`, () => payments(bench, PAYMENTS));
  const step = scale(few, 1 / STEPS, "a step of a payment's way");
  await storePayments(bench, MANY_STORED);
  const peaks: number[] = [];
  const many = await figureOf(`a payment's way with ${MANY_STORED} stored`, async () => {
    const round = await payments(bench, PAYMENTS);
    peaks.push(round.peakMb);
    return round;
  });
  return {
    ratios: [
      { what: "a step from webhook to posting", figure: step, base: empty, limit: LIMIT_TO_EMPTY_JOBS },
      { what: "a posting among many payments", figure: many, base: few, limit: LIMIT_OF_GROWTH },
    ],
    bounds: [
      {
        what: "memory while posting",
        value: Math.max(...peaks),
        limit: MEMORY_LIMIT_MB,
        unit: "MB above idle",
      },
      { what: "postings, for the record", value: 1000 / few.medianMs, limit: Infinity, unit: "a second" },
      { what: "empty jobs, for the record", value: 1000 / empty.medianMs, limit: Infinity, unit: "a second" },
    ],
  };
}

async function openBench(box: TestDatabase): Promise<Bench> {
  const payments = new Map<string, PaymentFacts>();
  const { connector } = makeFakeSystem();
  const registration = { origin: "http://localhost:4999", clientId: "client", clientSecret: "secret" };
  const processor = {
    findPayment: async (_account: string, id: string) => {
      const found = payments.get(id);
      if (!found) throw new Error(`there is no payment ${id}`);
      return found;
    },
  } as Partial<Processor> as Processor;
  const mail = { send: async () => ({ outcome: "sent", messageId: newId() }) as const };
  const cx = testContext(box, {
    processor,
    mail,
    connectors: new Map([["docket", { connector, registration }]]),
  });
  const firms: TestFirm[] = [];
  for (let index = 0; index < FIRMS; index += 1) firms.push(await makeFirm(cx, `Firm ${index}`));
  return { box, cx, firms, payments };
}

/** Milliseconds per thing that was done, over a few rounds. `round` gives how many things and how long. */
async function figureOf(
  name: string,
  round: () => Promise<{ count: number; elapsedMs: number }>,
): Promise<Figure> {
  const times: number[] = [];
  for (let index = 0; index < ROUNDS; index += 1) {
    const { count, elapsedMs } = await round();
    times.push(elapsedMs / count);
  }
  times.sort((one, other) => one - other);
  return {
    name,
    medianMs: times[Math.floor(ROUNDS / 2)] ?? Number.NaN,
    p95Ms: times.at(-1) ?? Number.NaN,
  };
}

function scale(figure: Figure, factor: number, name: string): Figure {
  return { name, medianMs: figure.medianMs * factor, p95Ms: figure.p95Ms * factor };
}

/** As many payments, spread over the firms: all webhooks are stored first, then the runner starts. */
async function payments(
  bench: Bench,
  count: number,
): Promise<{ count: number; elapsedMs: number; peakMb: number }> {
  for (const firm of bench.firms) await storeWebhooks(bench, firm, count / FIRMS);
  const from = new Date();
  const memory = watchMemory();
  const elapsedMs = await runUntil(bench, tasks, async () => (await countPosted(bench, from)) >= count);
  const peakMb = memory.stop();
  // What follows a posting without anybody waiting for it, such as receipts, is no part of this and of no later round.
  await forgetJobs(bench);
  bench.payments.clear();
  return { count, elapsedMs, peakMb };
}

async function emptyJobs(bench: Bench): Promise<{ count: number; elapsedMs: number }> {
  const nothing = Object.fromEntries(
    jobNames().map((name) => [name, async () => undefined]),
  ) as unknown as Handlers<Context>;
  const firmId = bench.firms[0]?.firmId ?? "";
  await withFirm(bench.cx.database, firmId, (tx) =>
    enqueueAll(
      tx,
      "postings.reverse",
      Array.from({ length: EMPTY_JOBS }, () => ({ firmId, paymentId: newId() })),
    ),
  );
  const elapsedMs = await runUntil(bench, nothing, () => isIdle(bench));
  return { count: EMPTY_JOBS, elapsedMs };
}

async function runUntil(
  { box, cx }: Bench,
  handlers: Handlers<Context>,
  isDone: () => Promise<boolean>,
): Promise<number> {
  const pool = openQueuePool({ url: box.url, size: CONCURRENCY + 2, onError: () => undefined });
  const startedAt = performance.now();
  const runner = await startRunner({ pool, cx, handlers, concurrency: CONCURRENCY, log: cx.log });
  try {
    await until("the jobs are done", isDone, ROUND_LIMIT_MS);
    return performance.now() - startedAt;
  } finally {
    await runner.stop();
    await pool.end();
  }
}

/** Of what was prepared since an instant. */
async function countPosted({ cx, firms }: Bench, from: Date): Promise<number> {
  let count = 0;
  for (const { firmId } of firms) {
    const { rows } = await withFirm(cx.database, firmId, (tx) =>
      sql<{ count: number }>`select count(*)::int as count from posting
        where firm_id = ${firmId} and created_at >= ${from} and state = 'posted'`.execute(tx),
    );
    count += rows[0]?.count ?? 0;
  }
  return count;
}

async function isIdle({ box }: Bench): Promise<boolean> {
  const rows = await asOwner(box, "select from graphile_worker._private_jobs where run_at <= now() limit 1");
  return rows.length === 0;
}

async function forgetJobs({ box }: Bench): Promise<void> {
  await asOwner(box, "delete from graphile_worker._private_jobs");
}
