import { addDays, type Day, dayOf } from "../base/day.ts";
import { invalid } from "../base/error.ts";
import { isId } from "../base/id.ts";
import { sumMinor } from "../base/money.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { listPayers, type PayerRow } from "../matters/queries.ts";
import { demand } from "../web/env.ts";
import { listStatements, type StatementFacts } from "./queries.ts";
import { findStatementIds, readTimeZone } from "./search-queries.ts";

const PAGE_SIZE_LIMIT = 100;
const WORDS_LIMIT = 10;
const TEXT_LENGTH_LIMIT = 200;
const LONG_OVERDUE_DAYS = 60;

export type SearchInput = {
  text: string;
  onlyOpen: boolean;
  kind?: "invoice" | "trust_request" | undefined;
  /** Due before today, or more than 60 days ago, in the firm's time zone. */
  due?: "pastDue" | "over60" | undefined;
  /** `nextCursor` of the page before. */
  after?: string | undefined;
  pageSize: number;
};

/** The statements that were found on one matter, with whom to ask. */
export type MatterGroup = {
  matterId: string;
  connectionId: string;
  number: string;
  description: string;
  responsible: string | null;
  trustBalanceMinor: bigint | null;
  clientName: string;
  clientNumber: string;
  /** The assigned payer first. */
  payers: PayerRow[];
  statements: StatementFacts[];
};

export type SearchResult = {
  groups: MatterGroup[];
  /** Of this page. Balances by currency. */
  shown: { statements: number; matters: number; clients: number; balances: ReadonlyMap<string, bigint> };
  /** The firm's day, from which ages are counted. */
  today: Day;
  nextCursor: string | undefined;
};

/**
 * Finds statements by words that occur in their client, matter, number or payers; all statements without words. A page in the order
 * of due dates, grouped by matter. Throws `invalid` for a cursor that is not one.
 */
export async function searchStatements(cx: MemberContext, input: SearchInput): Promise<SearchResult> {
  demand(cx, "matters.search");
  const after = input.after === undefined ? undefined : parseCursor(input.after);
  const pageSize = Math.min(Math.max(Math.trunc(input.pageSize), 1), PAGE_SIZE_LIMIT);
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const today = dayOf(cx.now(), await readTimeZone(tx, cx.firmId));
    const ids = await findStatementIds(tx, {
      words: wordsOf(input.text),
      onlyOpen: input.onlyOpen,
      kind: input.kind,
      dueBefore: dueBefore(input.due, today),
      after,
      // One more than is shown says whether there is a next page.
      pageSize: pageSize + 1,
    });
    const shownIds = ids.slice(0, pageSize);
    const byId = new Map((await listStatements(tx, cx.firmId, shownIds)).map((item) => [item.id, item]));
    const statements = shownIds.flatMap((id) => byId.get(id) ?? []);
    const payers = await listPayers(
      tx,
      cx.firmId,
      statements.map((statement) => statement.matterId),
    );
    const last = statements.at(-1);
    return {
      groups: groupByMatter(statements, payers),
      shown: countShown(statements),
      today,
      nextCursor: ids.length > pageSize && last ? `${last.dueOn ?? ""}~${last.id}` : undefined,
    };
  });
}

/** The words of a search, in lower case, as they are stored. */
function wordsOf(text: string): string[] {
  const words = text.slice(0, TEXT_LENGTH_LIMIT).replaceAll("\0", "").toLowerCase().split(/\s+/);
  return [...new Set(words.filter((word) => word !== ""))].slice(0, WORDS_LIMIT);
}

function dueBefore(due: SearchInput["due"], today: Day): Day | undefined {
  if (due === undefined) return undefined;
  return due === "pastDue" ? today : addDays(today, -LONG_OVERDUE_DAYS);
}

function parseCursor(text: string): { dueOn: string | undefined; id: string } {
  const [dueOn = "", id = ""] = text.split("~");
  if (!isId(id) || !/^(\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))?$/.test(dueOn)) {
    throw invalid({ after: "This page of the list is not there. Start at the first page." });
  }
  return { dueOn: dueOn === "" ? undefined : dueOn, id };
}

function groupByMatter(statements: readonly StatementFacts[], payers: readonly PayerRow[]): MatterGroup[] {
  return [...Map.groupBy(statements, (statement) => statement.matterId)].flatMap(([matterId, found]) => {
    const first = found[0];
    if (!first) return [];
    return {
      matterId,
      connectionId: first.connectionId,
      number: first.matterNumber,
      description: first.matterDescription,
      responsible: first.responsible,
      trustBalanceMinor: first.trustBalanceMinor,
      clientName: first.clientName,
      clientNumber: first.clientNumber,
      payers: payers.filter((payer) => payer.matter_id === matterId),
      statements: found,
    };
  });
}

function countShown(statements: readonly StatementFacts[]): SearchResult["shown"] {
  const byCurrency = Map.groupBy(statements, (statement) => statement.currency);
  return {
    statements: statements.length,
    matters: new Set(statements.map((statement) => statement.matterId)).size,
    clients: new Set(statements.map((statement) => statement.clientId)).size,
    balances: new Map(
      [...byCurrency].map(([currency, items]) => [
        currency,
        sumMinor(items.map((item) => item.balanceMinor)),
      ]),
    ),
  };
}
