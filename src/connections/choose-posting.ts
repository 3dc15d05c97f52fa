import { z } from "zod";
import { record } from "../audit/record.ts";
import { invalid, notFound } from "../base/error.ts";
import { isId } from "../base/id.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { demand } from "../web/env.ts";
import { lockConnection, updateConnection } from "./queries.ts";

const choice = z.object({
  release: z.enum(["automatic", "manual"]),
  postedDate: z.enum(["payment_date", "posting_date"]),
});

const FAULTS: Record<string, string> = {
  release: "Choose when payments are written",
  postedDate: "Choose the date that postings carry",
};

/**
 * Chooses whether payments are written by themselves or after a bookkeeper's release, and which date they carry.
 * Throws `invalid` with the fields `release` and `postedDate`, `not_found`.
 */
export async function choosePosting(
  cx: MemberContext,
  input: { connectionId: string; release: string; postedDate: string },
): Promise<void> {
  demand(cx, "connections.manage");
  const chosen = choice.safeParse(input);
  if (!chosen.success) {
    const fields = chosen.error.issues.map((issue) => String(issue.path[0]));
    throw invalid(Object.fromEntries(fields.map((field) => [field, FAULTS[field] ?? "Choose one"])));
  }
  if (!isId(input.connectionId)) throw notFound("connection");
  const { release, postedDate } = chosen.data;
  await withFirm(cx.database, cx.firmId, async (tx) => {
    const row = await lockConnection(tx, cx.firmId, input.connectionId);
    if (!row) throw notFound("connection");
    if (row.posting_release === release && row.posted_date === postedDate) return;
    await updateConnection(tx, cx.firmId, row.id, { posting_release: release, posted_date: postedDate });
    await record(tx, cx, {
      action: "connection.posting_chosen",
      objectKind: "connection",
      objectId: row.id,
      before: { release: row.posting_release, postedDate: row.posted_date },
      after: { release, postedDate },
    });
  });
}
