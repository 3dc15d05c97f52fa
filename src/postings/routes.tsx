import { Hono } from "hono";
import { dayOf } from "../base/day.ts";
import { Problem } from "../base/error.ts";
import { isId } from "../base/id.ts";
import { withFirm } from "../db/tenant.ts";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { type Flash, setFlash } from "../web/flash.ts";
import { type Form, readForm } from "../web/form.ts";
import { show } from "./decide.tsx";
import { decisionRoutes } from "./decision-routes.tsx";
import { exportRoutes } from "./export-routes.ts";
import { postingsHref, readFilter, type WantedFilter } from "./filter.ts";
import { layRoutes } from "./lay-routes.tsx";
import { PostingsView } from "./list-view.tsx";
import { pageRoutes } from "./page-routes.tsx";
import { listOpenIds } from "./queries.ts";
import { readPostings } from "./read-list.ts";
import { type Released, releasePostings } from "./release.ts";
import { putBack } from "./set-aside.ts";

const NAMED_SKIPS_LIMIT = 3;

export const postingRoutes = new Hono<WebEnv>();

postingRoutes.get("/postings", allow("postings.see"), async (c) => {
  const { firm } = getScope(c);
  const { filter, errors } = readFilter((name) => c.req.query(name));
  const wanted = { ...filter, ...anchorsOf((name) => c.req.query(name) ?? "") };
  const list = await readPostings(c.get("cx"), firm, wanted);
  // A page that is no longer there leads to the first.
  if (list.groups.length === 0 && (wanted.after ?? wanted.before) !== undefined) {
    return c.redirect(postingsHref({ ...list.filter, after: undefined, before: undefined }), 303);
  }
  const isWrong = Object.keys(errors).length > 0;
  const days = { from: c.req.query("from") ?? "", to: c.req.query("to") ?? "" };
  const faults = isWrong ? { errors, typed: days } : {};
  const today = dayOf(c.get("cx").now(), firm.timeZone);
  const view = <PostingsView {...list} {...faults} timeZone={firm.timeZone} today={today} />;
  return await show(c, "Manage Postings", view, isWrong ? errors : undefined);
});

postingRoutes.post("/postings/release", allow("postings.manage"), (c) => releaseSelected(c, false));

postingRoutes.post("/postings/retry", allow("postings.manage"), (c) => releaseSelected(c, true));

postingRoutes.post("/postings/:id/release", allow("postings.manage"), async (c) => {
  const form = await readForm(c);
  const input = { postingIds: [c.req.param("id")] };
  return await act(c, filterOf(form), async () => wordsOf(await releasePostings(memberContext(c), input)));
});

postingRoutes.post("/postings/:id/put-back", allow("postings.manage"), async (c) => {
  const form = await readForm(c);
  return await act(c, filterOf(form), async () => {
    const posting = await putBack(memberContext(c), { postingId: c.req.param("id") });
    return { tone: "good", text: `Posting ${posting.reference} is back at work.` };
  });
});

postingRoutes.route("/", exportRoutes);
postingRoutes.route("/", decisionRoutes);
postingRoutes.route("/", layRoutes);
postingRoutes.route("/", pageRoutes);

async function releaseSelected(c: Web, isRetry: boolean): Promise<Response> {
  const form = await readForm(c);
  const cx = memberContext(c);
  const paymentIds = form.all("payment").filter(isId);
  const postingIds = await withFirm(cx.database, cx.firmId, (tx) =>
    listOpenIds(tx, cx.firmId, paymentIds, isRetry),
  );
  return await act(c, filterOf(form), async () => {
    if (paymentIds.length > 0 && postingIds.length === 0)
      throw new Problem("invalid", "Nothing of these payments waits for this.");
    return wordsOf(await releasePostings(cx, { postingIds }));
  });
}

/** Does it and says so on the list it came from, or says there why it cannot be done. */
async function act(c: Web, filter: WantedFilter, work: () => Promise<Flash>): Promise<Response> {
  try {
    setFlash(c, await work());
  } catch (error) {
    if (!(error instanceof Problem && (error.code === "conflict" || error.code === "invalid"))) throw error;
    setFlash(c, { tone: "bad", text: error.message });
  }
  return c.redirect(postingsHref(filter), 303);
}

function wordsOf({ released, skipped }: Released): Flash {
  const going = released === 1 ? "1 posting is on its way." : `${released} postings are on their way.`;
  if (skipped.length === 0) return { tone: "good", text: going };
  const named = skipped.slice(0, NAMED_SKIPS_LIMIT).map(({ reference, why }) => `${reference}: ${why}`);
  const more = skipped.length > named.length ? [`And ${skipped.length - named.length} more.`] : [];
  const text = [...(released > 0 ? [going] : []), `Not posted: ${skipped.length}.`, ...named, ...more].join(
    " ",
  );
  return { tone: released > 0 ? "warn" : "bad", text };
}

/** The list as it was, on the page on which it was. */
function filterOf(form: Form): WantedFilter {
  return { ...readFilter(form.text).filter, ...anchorsOf(form.text) };
}

function anchorsOf(read: (name: string) => string): { after?: string; before?: string } {
  const [after, before] = [read("after"), read("before")];
  if (isId(after)) return { after };
  return isId(before) ? { before } : {};
}
