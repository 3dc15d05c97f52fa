import { Hono } from "hono";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { setFlash } from "../web/flash.ts";
import { renderStaff } from "../web/respond.tsx";
import { sendSheet } from "../web/sheet.ts";
import { placeHref } from "./list-address.ts";
import { type Choice, isEmpty, readChoice } from "./many-choice.ts";
import { addressLinks, chooseLinks, linksSheet } from "./many-copy.ts";
import { CopyView } from "./many-copy-view.tsx";

/** More addresses than this nobody copies by hand; the file holds all. */
const SHOWN_LIMIT = 1_000;

export const manyCopyRoutes = new Hono<WebEnv>();

manyCopyRoutes.get("/sent/copy", allow("links.send"), async (c) => {
  const choice = readChoice(new URL(c.req.url).searchParams);
  if (isEmpty(choice)) return backToList(c, choice);
  const { timeZone } = getScope(c).firm;
  const cx = memberContext(c);
  const ids = await chooseLinks(cx, choice, timeZone);
  const links = await addressLinks(cx, ids.slice(0, SHOWN_LIMIT), timeZone);
  return await renderStaff(
    c,
    { title: "Copy links, Sent Pages", nav: "sent" },
    <CopyView choice={choice} links={links} total={ids.length} />,
  );
});

manyCopyRoutes.get("/sent/copy.csv", allow("links.send"), async (c) => {
  const choice = readChoice(new URL(c.req.url).searchParams);
  if (isEmpty(choice)) return backToList(c, choice);
  const { timeZone } = getScope(c).firm;
  const { columns, rows } = await linksSheet(memberContext(c), choice, timeZone);
  return sendSheet(c, { name: "payment links", timeZone, format: "csv", columns }, rows);
});

function backToList(c: Web, choice: Choice): Response {
  setFlash(c, { tone: "warn", text: "Tick the links first, then choose what to do with them." });
  return c.redirect(placeHref(choice.place), 303);
}
