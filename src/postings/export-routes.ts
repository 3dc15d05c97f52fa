import { Hono } from "hono";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { type SheetFormat, sendSheet } from "../web/sheet.ts";
import { exportPostings } from "./export.ts";
import { readFilter } from "./filter.ts";

/** The list of postings as a file, with the filters that are in force. */
export const exportRoutes = new Hono<WebEnv>();

exportRoutes.get("/postings/export.xlsx", allow("postings.see"), (c) => send(c, "xlsx"));
exportRoutes.get("/postings/export.csv", allow("postings.see"), (c) => send(c, "csv"));

function send(c: Web, format: SheetFormat): Response {
  const { timeZone } = getScope(c).firm;
  const { filter } = readFilter((name) => c.req.query(name));
  const { columns, rows } = exportPostings(memberContext(c), { timeZone, wanted: filter });
  return sendSheet(c, { name: "postings", timeZone, format, columns }, rows);
}
