import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { waitForRest } from "../flows/books.ts";
import { settleCharges } from "../flows/doors.ts";
import { openUnconnectedStage, type Stage } from "../flows/stage.ts";
import { type Child, runFile } from "../support/child.ts";
import { authorizeDocket, waitForStatements } from "../support/main-job.ts";
import { until } from "../support/until.ts";
import { type Comparison, compareBooks } from "./differences.ts";
import { MANNERS, payUntilDone } from "./payer.ts";
import { type Seeded, seeded } from "./seeded.ts";
import { stockByBulk, stockFromMatters, type Ware } from "./stock.ts";
import { endTroubles, isOutOfReach, makeTrouble } from "./troubles.ts";
import { undoSome } from "./undo.ts";

type StormWish = {
  seed: number;
  /** How many payments at least; the storm goes on with further ones until `minutes` are over, too. */
  payments: number;
  minutes?: number;
  onNews?: (line: string) => void;
};

type StormReport = Comparison & {
  seed: number;
  seconds: number;
  /** How often each trouble was made, each kill included. */
  troubles: Record<string, number>;
};

const PAYERS_AT_ONCE = 5;
const WAVE = 60;
const BASKETS_PER_WAVE = 3;
const RUNNERS = 2;
const TROUBLE_PAUSE_MS = 300;
const RUNNER_KILL_SHARE = 0.02;
const SERVICE_KILL_SHARE = 0.005;
/** How often all is well again for a moment: troubles that nobody has met yet would pile up to an outage without end. */
const CALM_SHARE = 0.25;
const REST_LIMIT_MS = 600_000;
const AGREE_LIMIT_MS = 180_000;
const LOOK_AGAIN_MS = 2_000;
const UNDONE_PER_WAVE = 6;

/**
 * A firm's busy days in a few minutes: payers of every manner pay by the hundred, while every stand-in misbehaves and processes are
 * killed, all drawn from one seed. Then everything is well again, and three sets of books are held against each other.
 */
export async function runStorm(wish: StormWish): Promise<StormReport> {
  const startedAt = performance.now();
  const chance = seeded(wish.seed);
  const counts: Record<string, number> = {};
  const count = (name: string) => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  // The same port after each restart, so that links of before still lead there.
  const env = { RUNNER: "off", TRUSTED_PROXIES: "1", PORT: String(await findFreePort()) };
  const stage = await openUnconnectedStage(env);
  const runners: Child[] = [];
  try {
    for (let index = 0; index < RUNNERS; index += 1) runners.push(await startRunner(stage));
    await authorizeDocket(stage.service, stage.admin);
    await waitForStatements(stage.service, stage.staff);
    const endsAt = startedAt + (wish.minutes ?? 0) * 60_000;
    let paid = 0;
    const undoing = { undone: new Set<string>(), open: new Set<string>(), count: UNDONE_PER_WAVE };
    while (paid < wish.payments || performance.now() < endsAt) {
      const wares = await stock(stage, chance, Math.max(1, Math.min(WAVE, wish.payments - paid || WAVE)));
      await payAmidTroubles({ stage, runners, chance, count }, wares);
      for (const name of await undoSome(stage, chance, undoing)) count(name);
      paid += wares.length;
      wish.onNews?.(`${paid} links paid after ${Math.round((performance.now() - startedAt) / 1000)} s`);
    }
    await settleCharges(stage.service);
    await waitForPayments(stage);
    await waitForRest(stage.books, REST_LIMIT_MS);
    const comparison = await compareAtRest(stage);
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    return { seed: wish.seed, seconds, troubles: counts, ...comparison };
  } finally {
    for (const runner of runners) runner.process.kill("SIGTERM");
    await Promise.all(runners.map((runner) => runner.ended));
    await stage.close();
  }
}

/** Everything that a storm goes on with. */
type Weather = { stage: Stage; runners: Child[]; chance: Seeded; count: (name: string) => void };

/** Links are made in calm weather: what is tried here is money on its way. */
async function stock(stage: Stage, chance: Seeded, wanted: number): Promise<Ware[]> {
  const wares: Ware[] = [];
  for (let index = 0; index < BASKETS_PER_WAVE; index += 1)
    wares.push(...(await stockFromMatters(stage, chance)));
  const rest = wanted - wares.length;
  if (rest > 0) wares.push(...(await stockByBulk(stage, chance, rest)));
  return wares;
}

async function payAmidTroubles(weather: Weather, wares: readonly Ware[]): Promise<void> {
  const { stage, chance } = weather;
  const waiting = wares.map((ware) => ({
    ...ware,
    manner: chance.pick(MANNERS),
    seed: chance.whole(1, 2 ** 31),
  }));
  let open = true;
  const troubled = makeTroubles(weather, () => open);
  const payers = Array.from({ length: PAYERS_AT_ONCE }, async () => {
    for (let next = waiting.pop(); next; next = waiting.pop())
      await payUntilDone(() => stage.service, next.link, next.manner, seeded(next.seed));
  });
  try {
    // Who makes the troubles and fails must not leave the payers waiting for a service that never comes back.
    await Promise.race([Promise.all(payers), troubled.then(() => Promise.all(payers))]);
  } finally {
    open = false;
    await troubled;
    await endTroubles(stage.service);
  }
}

async function makeTroubles(
  { stage, runners, chance, count }: Weather,
  goesOn: () => boolean,
): Promise<void> {
  while (goesOn()) {
    if (chance.chance(SERVICE_KILL_SHARE)) {
      await stage.service.kill();
      await stage.restart();
      count("web server and stand-ins killed");
    } else if (chance.chance(RUNNER_KILL_SHARE)) {
      const [runner] = runners.splice(chance.whole(0, runners.length - 1), 1);
      runner?.process.kill("SIGKILL");
      runners.push(await startRunner(stage));
      count("runner killed");
    } else if (chance.chance(CALM_SHARE)) await calm(stage);
    else {
      const made = await makeTrouble(stage.service, chance);
      if (made) count(made);
    }
    await new Promise((resolve) => setTimeout(resolve, TROUBLE_PAUSE_MS));
  }
}

/** Like makeTrouble, it may meet a stand-in that is just being started again. */
async function calm(stage: Stage): Promise<void> {
  await endTroubles(stage.service).catch((error: unknown) => {
    if (!isOutOfReach(error)) throw error;
  });
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function startRunner(stage: Stage): Promise<Child> {
  const { folder } = stage.service;
  const runner = runFile("src/entry/worker.ts", [], { env: { HOME: process.env.HOME, DATA_FOLDER: folder } });
  const line = await runner.line();
  if (!line.startsWith("The runner is ready")) throw new Error(`the runner said: ${line}`);
  return runner;
}

/** What comes back is known to the processor before it is to us: the books are compared until they agree, or for so long. */
async function compareAtRest({ service, books }: Stage): Promise<Comparison> {
  const endsAt = performance.now() + AGREE_LIMIT_MS;
  for (;;) {
    const comparison = await compareBooks(service, books);
    if (comparison.differences.length === 0 || performance.now() > endsAt) return comparison;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

/** Waits until no link is open any more and no payment under way. */
async function waitForPayments({ books }: Stage): Promise<void> {
  await until(
    "every link is paid",
    async () => {
      const [row] = await books.read<{ waiting: number }>(
        `select (select count(*) from payment where state = 'processing')::int
           + (select count(*) from payment_link where state in ('outstanding', 'processing'))::int as waiting`,
      );
      return row?.waiting === 0;
    },
    REST_LIMIT_MS,
    500,
  );
}
