import { record } from "../audit/record.ts";
import { newId } from "../base/id.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { linkWord } from "../ui/tags.tsx";
import { demand } from "../web/env.ts";
import type { SheetCell, SheetColumn } from "../web/sheet.ts";
import { linkUrl } from "./address.ts";
import { nameOf } from "./columns-words.ts";
import { type Choice, MANY_LIMIT } from "./many-choice.ts";
import { listChosen } from "./many-queries.ts";
import { tooMany } from "./many-start.ts";
import { readSent, type SentRow } from "./sent-queries.ts";
import { listScope } from "./sent-scope.ts";

export type CopiedLink = { row: SentRow; url: string };

const PAGE_ROWS = 500;
const COLUMNS: readonly SheetColumn[] = [
  { title: "Client", kind: "text", width: 34 },
  { title: "Payer", kind: "text", width: 34 },
  { title: "Reference", kind: "text", width: 14 },
  { title: "Amount", kind: "amount", width: 14 },
  { title: "Currency", kind: "text", width: 10 },
  { title: "Status", kind: "text", width: 18 },
  { title: "Payment link", kind: "text", width: 70 },
];

/** The ids of the chosen links, in the list's order. Throws `conflict` when they are too many. */
export async function chooseLinks(cx: MemberContext, choice: Choice, timeZone: string): Promise<string[]> {
  demand(cx, "links.send");
  const scope = listScope(cx, cx.firmId, timeZone);
  const ids = await withFirm(cx.database, cx.firmId, (tx) => listChosen(tx, scope, choice, scope.now));
  if (ids.length > MANY_LIMIT) throw tooMany();
  return ids;
}

/** The links with their addresses. They open payment pages: for the member's screen and files, never for a log. */
export async function addressLinks(
  cx: MemberContext,
  ids: readonly string[],
  timeZone: string,
): Promise<CopiedLink[]> {
  demand(cx, "links.send");
  const scope = listScope(cx, cx.firmId, timeZone);
  const rows = await withFirm(cx.database, cx.firmId, (tx) => readSent(tx, scope, ids));
  return rows.map((row) => ({ row, url: linkUrl(cx, { id: row.id, token_version: row.tokenVersion }) }));
}

/** The same as a sheet of any length. Each address opens a payment page, so the download is on record. */
export async function linksSheet(
  cx: MemberContext,
  choice: Choice,
  timeZone: string,
): Promise<{ columns: readonly SheetColumn[]; rows: AsyncIterable<SheetCell[]> }> {
  const ids = await chooseLinks(cx, choice, timeZone);
  await withFirm(cx.database, cx.firmId, (tx) =>
    record(tx, cx, {
      action: "links.copied",
      objectKind: "export",
      objectId: newId(),
      after: { links: ids.length, format: "csv" },
    }),
  );
  async function* rows(): AsyncGenerator<SheetCell[]> {
    for (let from = 0; from < ids.length; from += PAGE_ROWS) {
      for (const { row, url } of await addressLinks(cx, ids.slice(from, from + PAGE_ROWS), timeZone))
        yield [
          nameOf(row),
          row.payerName,
          row.reference,
          row.amountMinor,
          row.currency,
          linkWord(row.state),
          url,
        ];
    }
  }
  return { columns: COLUMNS, rows: rows() };
}
