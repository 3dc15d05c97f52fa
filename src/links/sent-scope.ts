import { dayOf } from "../base/day.ts";
import type { Context } from "../context.ts";
import type { Scope } from "./list-filter-queries.ts";

/** Whose links a list is about, and what day and hour it is for that firm. */
export function listScope(cx: Pick<Context, "now">, firmId: string, timeZone: string): Scope {
  const now = cx.now();
  return { firmId, timeZone, now, today: dayOf(now, timeZone) };
}
