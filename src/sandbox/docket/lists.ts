import { createHash } from "node:crypto";
import type { SQLInputValue } from "node:sqlite";
import { z } from "zod";
import { Refusal } from "./refusal.ts";
import type { Store } from "./store.ts";

const DEFAULT_LIMIT = 200;
const MAX_LIMIT = 500;

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const listQuery = z.object({
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  cursor: z.string().optional(),
  updated_since: instant.optional(),
});

export type ListSource = {
  table: string;
  columns: string;
  /** The column that says when a record last changed. */
  changeColumn: "updated_at" | "at";
  keepsDeleted: boolean;
  /** Equalities that narrow the list. */
  filters: Record<string, string>;
};

type Page<Row> = { rows: Row[]; nextCursor: string | null };

/**
 * One page of a list by keyset, so that it stays whole while data changes: by id, or with `updated_since` by change time
 * and id. Throws a Refusal (400) for a wrong query or a cursor of another query.
 */
export function listPage<Row extends { id: string }>(
  store: Store,
  source: ListSource,
  query: Record<string, string>,
): Page<Row> {
  const parsed = listQuery.safeParse(query);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Refusal(
      400,
      "bad_request",
      `${issue?.path.join(".") ?? "query"}: ${issue?.message ?? "wrong"}`,
    );
  }
  const { limit, cursor, updated_since: since } = parsed.data;
  const binding = bindingOf(source, since);
  const after = cursor === undefined ? undefined : readCursor(cursor, binding);
  const { where, parameters } = conditions(source, since, after);
  const order = since === undefined ? "id" : `${source.changeColumn}, id`;
  const rows = store.all<Row & Record<string, number>>(
    `select ${source.columns} from ${source.table} ${where} order by ${order} limit ?`,
    ...parameters,
    limit + 1,
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  if (rows.length <= limit || last === undefined) return { rows: page, nextCursor: null };
  const position = { id: last.id, changedAt: last[source.changeColumn] ?? 0 };
  return { rows: page, nextCursor: writeCursor(binding, position) };
}

type Position = { id: string; changedAt: number };

function conditions(source: ListSource, since: number | undefined, after: Position | undefined) {
  const terms: string[] = [];
  const parameters: SQLInputValue[] = [];
  for (const [column, value] of Object.entries(source.filters)) {
    terms.push(`${column} = ?`);
    parameters.push(value);
  }
  if (since === undefined) {
    if (source.keepsDeleted) terms.push("deleted_at is null");
    if (after !== undefined) {
      terms.push("id > ?");
      parameters.push(after.id);
    }
  } else if (after === undefined) {
    terms.push(`${source.changeColumn} >= ?`);
    parameters.push(since);
  } else {
    terms.push(`(${source.changeColumn}, id) > (?, ?)`);
    parameters.push(after.changedAt, after.id);
  }
  return { where: terms.length === 0 ? "" : `where ${terms.join(" and ")}`, parameters };
}

function bindingOf(source: ListSource, since: number | undefined): string {
  const query = JSON.stringify([source.table, source.filters, since ?? null]);
  return createHash("sha256").update(query).digest("base64url").slice(0, 16);
}

function writeCursor(binding: string, position: Position): string {
  return Buffer.from(JSON.stringify([binding, position.changedAt, position.id])).toString("base64url");
}

const cursorShape = z.tuple([z.string(), z.number(), z.string()]);

function readCursor(cursor: string, binding: string): Position {
  const parsed = cursorShape.safeParse(parseJson(Buffer.from(cursor, "base64url").toString()));
  if (!parsed.success || parsed.data[0] !== binding) {
    throw new Refusal(400, "invalid_cursor", "The cursor is not of this query.");
  }
  return { changedAt: parsed.data[1], id: parsed.data[2] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
