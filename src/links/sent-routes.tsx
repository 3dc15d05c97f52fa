import { Hono } from "hono";
import { dayOf } from "../base/day.ts";
import { isId } from "../base/id.ts";
import { withFirm } from "../db/tenant.ts";
import { allow } from "../web/allow.ts";
import { getScope, type WebEnv } from "../web/env.ts";
import { renderStaff } from "../web/respond.tsx";
import { countMatches, listSent, readLinkCounts } from "./sent-queries.ts";
import { SentView, sentHref } from "./sent-view.tsx";
import { isLinkState } from "./state.ts";

const PAGE_SIZE = 25;
const SEARCH_LIMIT = 200;

export const sentRoutes = new Hono<WebEnv>();

sentRoutes.get("/sent", allow("links.see"), async (c) => {
  const { firm } = getScope(c);
  const tab = c.req.query("tab") ?? "";
  const state = isLinkState(tab) ? tab : undefined;
  const search = (c.req.query("q") ?? "").trim().slice(0, SEARCH_LIMIT);
  const words = search.split(/\s+/).filter((word) => word !== "");
  const { after, before } = anchorsOf(c.req.query("after"), c.req.query("before"));
  const { page, counts } = await withFirm(c.get("cx").database, firm.id, async (tx) => ({
    page: await listSent(tx, firm.id, { state, words, after, before }, PAGE_SIZE),
    counts: words.length > 0 ? await countMatches(tx, firm.id, words) : await readLinkCounts(tx, firm.id),
  }));
  // A page that is no longer there leads to the first.
  if (page.rows.length === 0 && (after ?? before) !== undefined)
    return c.redirect(sentHref({ state, search }), 303);
  return await renderStaff(
    c,
    { title: "Sent Pages", nav: "sent" },
    <SentView
      page={page}
      counts={counts}
      state={state}
      search={search}
      timeZone={firm.timeZone}
      today={dayOf(c.get("cx").now(), firm.timeZone)}
    />,
  );
});

function anchorsOf(after: string | undefined, before: string | undefined) {
  if (after !== undefined && isId(after)) return { after, before: undefined };
  if (before !== undefined && isId(before)) return { after: undefined, before };
  return { after: undefined, before: undefined };
}
