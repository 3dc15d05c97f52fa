import { Hono } from "hono";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { type SheetFormat, sendSheet } from "../web/sheet.ts";
import { faultsSheet, linksSheet, templateSheet } from "./downloads.ts";

export const downloadRoutes = new Hono<WebEnv>();

downloadRoutes.get("/bulk/template.csv", allow("links.send"), (c) => sendTemplate(c, "csv"));
downloadRoutes.get("/bulk/template.xlsx", allow("links.send"), (c) => sendTemplate(c, "xlsx"));
downloadRoutes.get("/bulk/:id/links.csv", allow("links.send"), (c) => sendLinks(c, "csv"));
downloadRoutes.get("/bulk/:id/links.xlsx", allow("links.send"), (c) => sendLinks(c, "xlsx"));

downloadRoutes.get("/bulk/:id/faults.csv", allow("links.send"), async (c) => {
  const { batch, columns, rows } = await faultsSheet(memberContext(c), c.req.param("id"));
  const sheet = {
    name: `${bareName(batch.file_name)} to fix`,
    format: "csv",
    columns,
    ...zoneOf(c),
  } as const;
  return sendSheet(c, sheet, rows);
});

function sendTemplate(c: Web, format: SheetFormat): Response {
  const { columns, rows } = templateSheet();
  return sendSheet(c, { name: "bulk upload template", format, columns, ...zoneOf(c) }, rows);
}

async function sendLinks(c: Web, format: SheetFormat): Promise<Response> {
  const { batch, columns, rows } = await linksSheet(memberContext(c), c.req.param("id") ?? "", format);
  return sendSheet(c, { name: `${bareName(batch.file_name)} links`, format, columns, ...zoneOf(c) }, rows);
}

function zoneOf(c: Web): { timeZone: string } {
  return { timeZone: getScope(c).firm.timeZone };
}

function bareName(fileName: string): string {
  return fileName.replace(/\.[a-z]{3,4}$/i, "");
}
