import { Hono } from "hono";
import { dayOf } from "../base/day.ts";
import { allow } from "../web/allow.ts";
import { getScope, type WebEnv } from "../web/env.ts";
import { renderStaff } from "../web/respond.tsx";
import { placeHref, readPlace } from "./list-address.ts";
import { ASKED_BY_FILTERS } from "./list-filters-view.tsx";
import { readSentFrame, readSentList } from "./sent-read.ts";
import { SentView, UnreadFilterView } from "./sent-view.tsx";

export const sentRoutes = new Hono<WebEnv>();

sentRoutes.get("/sent", allow("links.see"), async (c) => {
  const { firm, member } = getScope(c);
  const cx = c.get("cx");
  const who = { firm, memberId: member.id };
  const { place, typed, errors } = readPlace((name) => c.req.query(name));
  const isAsking = c.req.header("HX-Source") === ASKED_BY_FILTERS;
  const frame = {
    currency: firm.currency,
    typed,
    errors,
    columnsOpen: c.req.query("columns") === "open",
    nonce: c.get("nonce"),
    isAsking,
  };
  const page = { title: "Sent Pages", nav: "sent" } as const;
  if (Object.keys(errors).length > 0) {
    const list = await readSentFrame(cx, who, place);
    return await renderStaff(
      c,
      { ...page, errors },
      <UnreadFilterView place={place} list={list} frame={frame} />,
    );
  }
  const list = await readSentList(cx, who, place);
  // A page that is no longer there leads to the first.
  if (list.page.rows.length === 0 && (place.after ?? place.before) !== undefined)
    return c.redirect(placeHref({ ...place, after: undefined, before: undefined }), 303);
  // The address of what is seen, without the fields that ask for nothing.
  if (isAsking) c.header("HX-Replace-Url", placeHref(place));
  const today = dayOf(cx.now(), firm.timeZone);
  return await renderStaff(
    c,
    page,
    <SentView place={place} list={list} frame={frame} timeZone={firm.timeZone} today={today} />,
  );
});
