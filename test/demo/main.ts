import { parseAmount } from "../../src/base/money.ts";
import {
  authorizeDocket,
  type DocketEntry,
  MATTER_NUMBER,
  payByCard,
  readDocketLedger,
  sendBasket,
  signIn,
  tick,
  waitForMail,
  waitForStatements,
} from "../support/main-job.ts";
import { type Service, startService } from "../support/start-service.ts";
import { until } from "../support/until.ts";
import type { Visitor } from "../support/visitor.ts";
import { type Outcome, printOutcome, Stopwatch } from "./report.ts";

// The main job on a fresh embedded default, over HTTP only: what a person would do in a browser, step by step. Ends with an exit
// code other than 0 when anything does not add up. `--json` prints one object instead of words.
const STATEMENTS = ["20391", "20402"];
const CONFIRM_LIMIT_MS = 30_000;
const asJson = process.argv.includes("--json");
const watch = new Stopwatch(asJson ? undefined : (line) => process.stdout.write(`${line}\n`));

let service: Service | undefined;
try {
  service = await watch.step("the service starts: PostgreSQL, sandbox, web and runner", () => startService());
  const outcome = await runMainJob(service);
  printOutcome(outcome, watch, asJson);
  process.exitCode = outcome.faults.length === 0 ? 0 : 1;
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  process.stdout.write(
    asJson
      ? `${JSON.stringify({ ok: false, reason, steps: watch.steps })}\n`
      : `\nIt did not add up: ${reason}\n`,
  );
  process.exitCode = 1;
} finally {
  await service?.destroy();
}

async function runMainJob(running: Service): Promise<Outcome> {
  const admin = await watch.step("the administrator signs in", () => signIn(running, "admin"));
  await watch.step("authorises Docket by OAuth: sign-in, consent, back", () =>
    authorizeDocket(running, admin),
  );
  const staff = await watch.step("staff signs in", () => signIn(running, "staff"));
  await watch.step("clients, matters, payers and statements are synced", () =>
    waitForStatements(running, staff),
  );
  const before = await readBalances(running, admin);
  const since = new Date();
  await watch.step(`ticks statements ${STATEMENTS.join(" and ")} into the basket`, () =>
    tick(staff, STATEMENTS),
  );
  const linkPage = await watch.step("reviews and sends the link by email", () => sendBasket(staff));
  const mail = await watch.step("the email lies in the outbox", () => waitForMail(running, since));
  const payer = await watch.step("the payer opens it and pays by card at the processor's page", () =>
    payByCard(mail.link),
  );
  await watch.step("the signed webhook is in: the link shows the receipt", () => waitForReceipt(payer));
  const bookkeeper = await signIn(running, "bookkeeper");
  const lines = await watch.step("the postings are written into Docket and confirmed", () =>
    waitForPosted(running, bookkeeper),
  );
  const after = await watch.step("Docket shows the lower balances", () => readBalances(running, admin));
  await staff.open(linkPage);
  return {
    link: {
      reference: find(staff.page.text, /SFP-[0-9A-Z]+/),
      page: linkPage,
      state: find(staff.page.text, /Payment received/),
    },
    payment: {
      reference: find(payer.page.text, /PAY-[0-9A-Z]+/),
      amount: find(payer.page.text, /\$[\d,]+\.\d{2}/),
    },
    postings: lines,
    balances: STATEMENTS.map((number) => ({
      number,
      before: before.get(number) ?? "?",
      after: after.get(number) ?? "?",
    })),
    ...compare(lines, await readDocketLedger(running), { before, after }),
  };
}

type PostedLine = { entryId: string; statement: string; amount: string; isConfirmed: boolean };

/** Balances by statement number, as Docket's own page of the matter shows them to somebody signed in there. */
async function readBalances(running: Service, inDocket: Visitor): Promise<Map<string, string>> {
  await inDocket.open(`${running.docket.origin}/matters?q=${MATTER_NUMBER}`);
  const page = await inDocket.follow(new RegExp(MATTER_NUMBER));
  const found = new Map<string, string>();
  for (const row of page.document.querySelectorAll("tbody tr")) {
    const number = STATEMENTS.find((each) => row.querySelector("th")?.text.trim() === each);
    const amount = row.querySelector("td[data-label=Balance]")?.text.trim();
    if (number && amount) found.set(number, amount);
  }
  return found;
}

function waitForReceipt(payer: Visitor): Promise<true> {
  return until("the receipt", async () => {
    if (/Payment received/.test(payer.page.text)) return true;
    await payer.open(payer.page.url);
    return undefined;
  });
}

/** The lines of the posted tab, as soon as every statement's stands there, confirmed. */
function waitForPosted(running: Service, bookkeeper: Visitor): Promise<PostedLine[]> {
  return until(
    "every posting is posted and confirmed",
    async () => {
      const page = await bookkeeper.open(`${running.origin}/postings?tab=posted`);
      const lines = page.document.querySelectorAll("tbody tr").flatMap((row) => {
        const statement = STATEMENTS.find((each) => row.querySelector("th")?.text.includes(each));
        const written = row.querySelector("td[data-label='Written to'] small")?.text ?? "";
        const entryId = /^\w+/.exec(written)?.[0];
        const amount = /\$[\d,]+\.\d{2}/.exec(row.text)?.[0];
        return statement && entryId && amount
          ? [{ entryId, statement, amount, isConfirmed: written.includes("confirmed") }]
          : [];
      });
      return lines.length === STATEMENTS.length && lines.every((line) => line.isConfirmed)
        ? lines
        : undefined;
    },
    CONFIRM_LIMIT_MS,
  );
}

/** Docket's ledger against our postings: every entry on both sides, to the cent. */
function compare(
  lines: PostedLine[],
  ledger: DocketEntry[],
  balances: Record<"before" | "after", Map<string, string>>,
): Pick<Outcome, "ledgers" | "faults"> {
  const ours = lines.map((line) => `${line.entryId} ${cents(line.amount)}`).sort();
  const theirs = ledger.map((entry) => `${entry.entry_id} ${BigInt(Math.round(entry.amount * 100))}`).sort();
  const faults = [
    ...ours.filter((entry) => !theirs.includes(entry)).map((entry) => `only in our postings: ${entry}`),
    ...theirs.filter((entry) => !ours.includes(entry)).map((entry) => `only in Docket: ${entry}`),
  ];
  if (ours.length !== theirs.length)
    faults.push(`${ours.length} postings, but ${theirs.length} entries in Docket`);
  for (const line of lines) {
    const fell =
      cents(balances.before.get(line.statement) ?? "") - cents(balances.after.get(line.statement) ?? "");
    if (fell !== cents(line.amount))
      faults.push(`the balance of ${line.statement} fell by ${fell} cents, not by ${line.amount}`);
  }
  const total = (entries: string[]) =>
    entries.reduce((sum, entry) => sum + BigInt(entry.split(" ")[1] ?? "0"), 0n).toString();
  return {
    ledgers: {
      postings: ours.length,
      entries: theirs.length,
      oursCents: total(ours),
      docketCents: total(theirs),
    },
    faults,
  };
}

function cents(amount: string): bigint {
  const parsed = parseAmount(amount);
  if (!parsed.ok) throw new Error(`${amount} is no amount`);
  return parsed.minor;
}

function find(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[0];
  if (!found) throw new Error(`${pattern} is not on the page: ${text.slice(0, 1000)}`);
  return found;
}
