import { afterAll, beforeAll, expect, test } from "vitest";
import { type Child, runFile } from "../support/child.ts";
import { authorizeDocket, payByCard, readDocketLedger, waitForStatements } from "../support/main-job.ts";
import { until } from "../support/until.ts";
import { expectBooksToAgree, readPostings, waitForPosted } from "./books.ts";
import { countDocketTroubles, troubleDocket } from "./doors.ts";
import {
  goToProcessor,
  openUnconnectedStage,
  payAndLeave,
  type Stage,
  sendRequest,
  waitForPage,
} from "./stage.ts";

const SLOW_MS = 3_000;
const TAKE_OVER_LIMIT_MS = 30_000;
const AT_ONCE = 6;

let stage: Stage;
const runners: Child[] = [];

beforeAll(async () => {
  stage = await openUnconnectedStage({ RUNNER: "off" });
  runners.push(await startRunner());
  await authorizeDocket(stage.service, stage.admin);
  await waitForStatements(stage.service, stage.staff);
});

afterAll(async () => {
  for (const runner of runners) runner.process.kill("SIGTERM");
  await Promise.all(runners.map((runner) => runner.ended));
  await stage?.close();
});

/** A runner in a process of its own, beside the web server, found by the same data folder. */
async function startRunner(): Promise<Child> {
  const { folder } = stage.service;
  const runner = runFile("src/entry/worker.ts", [], { env: { HOME: process.env.HOME, DATA_FOLDER: folder } });
  expect(await runner.line()).toMatch(/^The runner is ready/);
  return runner;
}

test("an email of a runner beside the web server leads to the web server", async () => {
  const { payerLinks } = await sendRequest(stage, [{ number: "F-BESIDE", total: 501 }]);
  expect(new URL(payerLinks[0] ?? "").origin).toBe(stage.service.origin);
});

test("a runner that is killed in the middle of a posting is replaced by another, and Docket has one entry", {
  timeout: 120_000,
}, async () => {
  const [writing] = runners;
  const { payerLinks } = await sendRequest(stage, [{ number: "F-TAKEOVER", total: 502 }]);
  const path = "/api/v1/payments";
  await troubleDocket(stage.service, { kind: "latency", path, method: "POST", milliseconds: SLOW_MS });
  expect(await payAndLeave(await goToProcessor(payerLinks[0] ?? ""))).toBe(303);
  await until("the write is held", async () => (await countDocketTroubles(stage.service)) === 0);
  const other = await startRunner();
  writing?.process.kill("SIGSTOP");
  await until("Docket has written it", async () => (await countEntries("F-TAKEOVER")) === 1);
  writing?.process.kill("SIGKILL");
  await until(
    "the other runner takes over",
    async () => other.output().includes("took over the jobs of runners that are gone"),
    TAKE_OVER_LIMIT_MS,
  );
  runners.splice(0, 1, other);
  await waitForPosted(stage.books, "F-TAKEOVER");
  expect(await countEntries("F-TAKEOVER")).toBe(1);
});

test("two runners at once write every posting once", async () => {
  runners.push(await startRunner());
  const links: string[] = [];
  for (let index = 0; index < AT_ONCE; index += 1) {
    const { payerLinks } = await sendRequest(stage, [{ number: `F-BOTH-${index}`, total: 510 + index }]);
    links.push(payerLinks[0] ?? "");
  }
  const payers = await Promise.all(links.map((link) => payByCard(link)));
  for (const [index, payer] of payers.entries()) {
    await waitForPage(payer, links[index] ?? "", /Payment received/);
    await waitForPosted(stage.books, `F-BOTH-${index}`);
  }
  await expectBooksToAgree(stage.service, stage.books);
  expect(await readDocketLedger(stage.service)).toHaveLength(AT_ONCE + 1);
});

async function countEntries(number: string): Promise<number> {
  const [posting] = await readPostings(stage.books, number);
  const ledger = await readDocketLedger(stage.service);
  return ledger.filter((line) => line.reference === posting?.reference).length;
}
