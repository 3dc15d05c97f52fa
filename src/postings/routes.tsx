import { Hono } from "hono";
import { Problem } from "../base/error.ts";
import { isId } from "../base/id.ts";
import { withFirm } from "../db/tenant.ts";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { type Flash, setFlash } from "../web/flash.ts";
import { readForm } from "../web/form.ts";
import { renderStaff } from "../web/respond.tsx";
import { decisionRoutes } from "./decision-routes.tsx";
import { PostingsView, postingsHref, TABS } from "./list-view.tsx";
import { listOpenIds } from "./queries.ts";
import { readPostings } from "./read-list.ts";
import { type Released, releasePostings } from "./release.ts";
import { putBack } from "./set-aside.ts";

const SEARCH_LENGTH_LIMIT = 100;
const NAMED_SKIPS_LIMIT = 3;

export const postingRoutes = new Hono<WebEnv>();

postingRoutes.get("/postings", allow("postings.see"), async (c) => {
  const { firm } = getScope(c);
  const wanted = { ...filterOf((name) => c.req.query(name)), ...anchorsOf(c) };
  const list = await readPostings(c.get("cx"), firm, wanted);
  // A page that is no longer there leads to the first.
  if (list.groups.length === 0 && (wanted.after ?? wanted.before) !== undefined) {
    return c.redirect(postingsHref({ ...list.filter, after: undefined, before: undefined }), 303);
  }
  const view = <PostingsView {...list} timeZone={firm.timeZone} />;
  return await renderStaff(c, { title: "Manage Postings", nav: "postings" }, view);
});

postingRoutes.post("/postings/release", allow("postings.manage"), async (c) => {
  const form = await readForm(c);
  const cx = memberContext(c);
  const paymentIds = form.all("payment").filter(isId);
  const postingIds = await withFirm(cx.database, cx.firmId, (tx) => listOpenIds(tx, cx.firmId, paymentIds));
  return await act(c, filterOf(form.text), async () => wordsOf(await releasePostings(cx, { postingIds })));
});

postingRoutes.post("/postings/:id/release", allow("postings.manage"), async (c) => {
  const form = await readForm(c);
  const input = { postingIds: [c.req.param("id")] };
  return await act(c, filterOf(form.text), async () =>
    wordsOf(await releasePostings(memberContext(c), input)),
  );
});

postingRoutes.post("/postings/:id/put-back", allow("postings.manage"), async (c) => {
  const form = await readForm(c);
  return await act(c, filterOf(form.text), async () => {
    const posting = await putBack(memberContext(c), { postingId: c.req.param("id") });
    return { tone: "good", text: `Posting ${posting.reference} is back at work.` };
  });
});

postingRoutes.route("/", decisionRoutes);

/** Does it and says so on the list it came from, or says there why it cannot be done. */
async function act(
  c: Web,
  filter: ReturnType<typeof filterOf>,
  work: () => Promise<Flash>,
): Promise<Response> {
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

function filterOf(read: (name: string) => string | undefined) {
  const account = read("account");
  return {
    tab: TABS.find(({ slug }) => slug === read("tab"))?.tab,
    account: account === "operating" || account === "trust" ? account : undefined,
    search: (read("q") ?? "").trim().slice(0, SEARCH_LENGTH_LIMIT),
  } as const;
}

function anchorsOf(c: Web): { after?: string; before?: string } {
  const { after, before } = c.req.query();
  if (after !== undefined && isId(after)) return { after };
  if (before !== undefined && isId(before)) return { before };
  return {};
}
