import Papa from "papaparse";
import { makeStatement, readMails } from "../flows/doors.ts";
import { payLinks, type Stage, sendBasket } from "../flows/stage.ts";
import { expectPage } from "../support/main-job.ts";
import { until } from "../support/until.ts";
import type { Seeded } from "./seeded.ts";

/** A link that waits for its payer, and what it asks for in minor units. */
export type Ware = { link: string; source: "bulk" | "matters" };

const STATEMENTS_AT_ONCE = 6;
const SYNC_LIMIT_MS = 60_000;
const ISSUE_LIMIT_MS = 60_000;

let made = 0;

/** Makes invoices in Docket and one Bulk Upload whose rows name them. Gives a link per row. */
export async function stockByBulk(stage: Stage, chance: Seeded, count: number): Promise<Ware[]> {
  const invoices = Array.from({ length: count }, () => ({ number: `S-${++made}`, total: amount(chance) }));
  await makeAll(stage, invoices);
  await waitForSynced(
    stage,
    invoices.map((invoice) => invoice.number),
  );
  const lines = invoices.map(({ number, total }) =>
    [number, "11/13/2026", "12/13/2026", `Payer of ${number}`, "", total.toFixed(2), ""].join(","),
  );
  const file = [
    "Invoice number,Invoice date,Due date,Recipient name,Recipient email,Amount,Message",
    ...lines,
  ];
  const { staff, service } = stage;
  await staff.open(`${service.origin}/bulk`);
  await staff.press(/^Upload and review/, {
    accountId: await operatingAccount(stage),
    file: new File([file.join("\r\n")], `storm-${made}.csv`, { type: "text/csv" }),
  });
  const batch = /\/bulk\/([0-9a-f-]+)/.exec(staff.page.url)?.[1];
  await staff.press(/^Generate links/);
  expectPage(staff, /Nothing has been sent yet/);
  await staff.press(/^Generate \d+ links/);
  return await until(
    `${count} links are made`,
    async () => {
      const sheet = await staff.open(`${service.origin}/bulk/${batch}/links.csv`);
      const { data } = Papa.parse<Record<string, string>>(sheet.html.replace(/^\uFEFF/, ""), {
        header: true,
      });
      const links = data.flatMap((row) => row["Payment link"] || []);
      return links.length === count && links.map((link): Ware => ({ link, source: "bulk" }));
    },
    ISSUE_LIMIT_MS,
    500,
  );
}

/** Makes a basket of two invoices, or of an invoice and a trust request, and sends it by email. Gives its links. */
export async function stockFromMatters(stage: Stage, chance: Seeded): Promise<Ware[]> {
  const kind = chance.chance(0.5) ? "trust_request" : "invoice";
  const lines = [
    { number: `S-${++made}`, total: amount(chance) },
    { number: `S-${++made}`, total: amount(chance), kind } as const,
  ];
  await makeAll(stage, lines);
  await waitForSynced(
    stage,
    lines.map((line) => line.number),
  );
  const { payer } = await sendBasket(stage, lines);
  const mail = await until(`a mail to ${payer}`, async () => (await readMails(stage.service, payer))[0]);
  return payLinks(mail).map((link): Ware => ({ link, source: "matters" }));
}

function amount(chance: Seeded): number {
  return chance.whole(200, 90_000) / 100;
}

async function makeAll(stage: Stage, wishes: readonly Parameters<typeof makeStatement>[1][]): Promise<void> {
  for (let from = 0; from < wishes.length; from += STATEMENTS_AT_ONCE) {
    const some = wishes.slice(from, from + STATEMENTS_AT_ONCE);
    await Promise.all(some.map((wish) => makeStatement(stage.service, wish)));
  }
}

function waitForSynced(stage: Stage, numbers: readonly string[]): Promise<unknown> {
  return until(
    "the new statements are read",
    async () => {
      const [row] = await stage.books.read<{ count: number }>(
        "select count(*)::int as count from statement where number = any($1)",
        [numbers],
      );
      return row?.count === numbers.length;
    },
    SYNC_LIMIT_MS,
    200,
  );
}

async function operatingAccount({ books }: Stage): Promise<string> {
  const [row] = await books.read<{ id: string }>(
    "select id from merchant_account where kind = 'operating' and is_default",
  );
  if (!row) throw new Error("the firm has no operating account");
  return row.id;
}
