import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { authorizeDocket } from "../support/main-job.ts";
import { until } from "../support/until.ts";
import {
  countDocketTroubles,
  countMailTroubles,
  makeStatement,
  readMails,
  troubleDocket,
  troubleMail,
} from "./doors.ts";
import { openUnconnectedStage, type Stage, sendBasket, waitForPage } from "./stage.ts";

// What stands beside a payment's way and is killed in the middle, too: the first reading of a matter system, and emails.
const HELD_MS = 60_000;
const SLOW_MS = 2_000;
const WITHIN_A_MINUTE_MS = 60_000;
vi.setConfig({ testTimeout: 90_000 });

let stage: Stage;
beforeAll(async () => {
  stage = await openUnconnectedStage();
  for (const number of ["F-UNSENT", "F-TAKEN", "F-UNHEARD"])
    await makeStatement(stage.service, { number, total: 400 });
});
afterAll(() => stage?.close());

async function crash(): Promise<void> {
  await stage.service.kill();
  await stage.restart();
}

test("killed in the middle of the first reading: it goes on within a minute, where it was", {
  timeout: 90_000,
}, async () => {
  const path = "/api/v1/statements";
  await troubleDocket(stage.service, { kind: "latency", path, milliseconds: HELD_MS });
  await authorizeDocket(stage.service, stage.admin);
  await until(
    "the reading of statements is held",
    async () => (await countDocketTroubles(stage.service)) === 0,
  );
  await crash();
  await waitForPage(stage.staff, `${stage.service.origin}/matters?q=20391`, /20391/, WITHIN_A_MINUTE_MS);
  const runs = await stage.books.read("select kind, state from sync_run where kind = 'first'");
  expect(runs).toEqual([{ kind: "first", state: "done" }]);
});

test("killed while the mail service is asked: the email is not sent by itself again, and the page says so", async () => {
  await troubleMail(stage.service, { kind: "latency", milliseconds: HELD_MS });
  const { payer, page } = await sendBasket(stage, [{ number: "F-UNSENT" }]);
  await until("the mail service is asked", async () => (await readEmail(payer)) === "sending");
  await crash();
  await waitForPage(stage.staff, page, /Perhaps sent/);
  expect(await readEmail(payer)).toBe("unclear");
  expect(await readMails(stage.service, payer)).toEqual([]);
  await stage.staff.press(/^Resend/);
  const [mail] = await until("the email sent again", async () => {
    const mails = await readMails(stage.service, payer);
    return mails.length > 0 && mails;
  });
  expect(mail?.links.some((link) => link.includes("/p/"))).toBe(true);
});

test("killed when the mail service has taken an email and we have not noted it: it is sent once", async () => {
  await troubleMail(stage.service, { kind: "latency", milliseconds: SLOW_MS });
  const { payer } = await sendBasket(stage, [{ number: "F-TAKEN" }]);
  await until("the mail service is asked", async () => (await countMailTroubles(stage.service)) === 0);
  stage.service.freeze();
  await until(
    "the mail service has taken it",
    async () => (await readMails(stage.service, payer)).length > 0,
  );
  await crash();
  await until("the mail service's word clears it up", async () => (await readEmail(payer)) === "delivered");
  expect(await readMails(stage.service, payer)).toHaveLength(1);
});

test("an email whose answer was lost is sent once, and known to be delivered by the mail service's word", async () => {
  await troubleMail(stage.service, { kind: "drop_answer" });
  const { payer } = await sendBasket(stage, [{ number: "F-UNHEARD" }]);
  await until("the mail service's word clears it up", async () => (await readEmail(payer)) === "delivered");
  expect(await readMails(stage.service, payer)).toHaveLength(1);
});

/** The state of the newest email to an address. */
async function readEmail(address: string): Promise<string | undefined> {
  const [row] = await stage.books.read<{ state: string }>(
    "select state from email where to_address = $1 order by created_at desc limit 1",
    [address],
  );
  return row?.state;
}
