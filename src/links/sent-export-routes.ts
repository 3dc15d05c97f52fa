import { Hono } from "hono";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { setFlash } from "../web/flash.ts";
import { type SheetFormat, sendSheet } from "../web/sheet.ts";
import { placeHref } from "./list-address.ts";
import { isEmpty, readChoice } from "./many-choice.ts";
import { exportLinks } from "./sent-export.ts";

export const sentExportRoutes = new Hono<WebEnv>();

sentExportRoutes.get("/sent/export.xlsx", allow("links.see"), (c) => sendExport(c, "xlsx"));
sentExportRoutes.get("/sent/export.csv", allow("links.see"), (c) => sendExport(c, "csv"));

async function sendExport(c: Web, format: SheetFormat): Promise<Response> {
  const { timeZone } = getScope(c).firm;
  const choice = readChoice(new URL(c.req.url).searchParams);
  if (isEmpty(choice)) {
    setFlash(c, { tone: "warn", text: "Tick the links first, then choose what to do with them." });
    return c.redirect(placeHref(choice.place), 303);
  }
  const { columns, rows } = await exportLinks(memberContext(c), { choice, timeZone, format });
  return sendSheet(c, { name: "sent pages", timeZone, format, columns }, rows);
}
