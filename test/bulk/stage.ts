import { beforeAll } from "vitest";
import { newId } from "../../src/base/id.ts";
import { issueRows } from "../../src/bulk/issue-rows.ts";
import { startIssue } from "../../src/bulk/start.ts";
import { uploadBatch } from "../../src/bulk/upload.ts";
import type { Context, MemberContext } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import type { Tx } from "../../src/db/tx.ts";
import { asOwner, useDatabase } from "../support/database.ts";
import {
  keepingLog,
  makeFirm,
  makeMember,
  type TestFirm,
  testContext,
  waitingJobs,
} from "../support/world.ts";

export const HEADINGS = "Invoice number,Invoice date,Due date,Recipient name,Recipient email,Amount,Message";

/** A line of a sheet under `HEADINGS`; every call without a number asks for another invoice. */
export function line(
  change: Partial<Record<"invoice" | "date" | "due" | "name" | "email" | "amount" | "message", string>> = {},
) {
  nextInvoice += 1;
  const row = {
    invoice: String(nextInvoice),
    date: "11/13/2026",
    due: "12/13/2026",
    name: "Adaeze Okafor",
    email: "a.okafor@okaforlogistics.example",
    amount: "125.00",
    message: "",
    ...change,
  };
  const cells = [row.invoice, row.date, row.due, row.name, row.email, row.amount, row.message];
  return cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",");
}
let nextInvoice = 100_000;

export function sheet(...lines: string[]): string {
  return `${[HEADINGS, ...lines].join("\r\n")}\r\n`;
}

/** A firm with a member of staff, another firm, and what tests of uploads ask again and again. */
export function useBulkStage() {
  const box = useDatabase();
  const log = keepingLog();
  const clock = { aheadMs: 0 };
  const stage = {} as { cx: Context; firm: TestFirm; staff: MemberContext; stranger: MemberContext };
  beforeAll(async () => {
    stage.cx = testContext(box, { log, now: () => new Date(Date.now() + clock.aheadMs) });
    stage.firm = await makeFirm(stage.cx);
    stage.staff = await makeMember(stage.cx, stage.firm.firmId, "staff");
    const other = await makeFirm(stage.cx, "Hale & Brandt LLP");
    stage.stranger = await makeMember(stage.cx, other.firmId, "admin");
  });
  const read = <Result>(work: (tx: Tx) => Promise<Result>) =>
    withFirm(stage.cx.database, stage.firm.firmId, work);

  async function upload(
    text: string,
    change: { formId?: string; accountId?: string; fileName?: string } = {},
  ) {
    const { batchId } = await uploadBatch(stage.staff, {
      formId: newId(),
      accountId: stage.firm.operatingAccountId,
      fileName: "november.csv",
      bytes: new TextEncoder().encode(text),
      ...change,
    });
    return batchId;
  }

  const rowsOf = (batchId: string) =>
    read((tx) =>
      tx.selectFrom("bulk_row").selectAll().where("batch_id", "=", batchId).orderBy("line").execute(),
    );
  const batchOf = (batchId: string) =>
    read((tx) => tx.selectFrom("bulk_batch").selectAll().where("id", "=", batchId).executeTakeFirstOrThrow());
  const statesOf = async (batchId: string) => (await rowsOf(batchId)).map((row) => row.state);
  const linksOf = (batchId: string) =>
    read((tx) =>
      tx
        .selectFrom("payment_link")
        .innerJoin("bulk_row", "bulk_row.link_id", "payment_link.id")
        .selectAll("payment_link")
        .where("bulk_row.batch_id", "=", batchId)
        .orderBy("bulk_row.line")
        .execute(),
    );

  /** Presses Send, or Generate links, on an upload as it stands. */
  async function start(batchId: string, delivery: "email" | "copy" = "email") {
    const { version } = await batchOf(batchId);
    return await startIssue(stage.staff, { batchId, delivery, version });
  }

  const issue = (batchId: string) => issueRows(stage.cx, { firmId: stage.firm.firmId, batchId }, undefined);
  const jobs = async (name: string) => (await waitingJobs(box)).filter((job) => job.name === name);
  const forgetJobs = () => asOwner(box, "delete from graphile_worker._private_jobs");

  return {
    box,
    log,
    clock,
    stage,
    read,
    upload,
    rowsOf,
    batchOf,
    statesOf,
    linksOf,
    start,
    issue,
    jobs,
    forgetJobs,
  };
}
