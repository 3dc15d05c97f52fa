import { Hono } from "hono";
import { dayOf } from "../base/day.ts";
import { isId } from "../base/id.ts";
import { withFirm } from "../db/tenant.ts";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { type Flash, setFlash } from "../web/flash.ts";
import { readForm } from "../web/form.ts";
import { withBack } from "./back.ts";
import { backOf, decide, type Errors, getDecision, show } from "./decide.tsx";
import { AbsentPage, HoldPage, MarkPage, SetAsideManyPage, SetAsidePage } from "./decision-view.tsx";
import { postingsHref, readFilter } from "./filter.ts";
import { listOpenLines } from "./line-queries.ts";
import { markPosted } from "./mark-posted.ts";
import { listOpenIds } from "./queries.ts";
import { releaseAbsent } from "./release.ts";
import { holdUnapplied, setAside, setAsideMany } from "./set-aside.ts";

/** The small pages on which a bookkeeper decides about one posting, or sets several aside. */
export const decisionRoutes = new Hono<WebEnv>();

decisionRoutes.post("/postings/set-aside/selected", allow("postings.manage"), async (c) => {
  const query = new URLSearchParams();
  const form = await readForm(c);
  for (const id of form.all("payment").filter(isId)) query.append("payment", id);
  const list = postingsHref(readFilter(form.text).filter);
  if (query.size > 0) return c.redirect(withBack(`/postings/set-aside?${query}`, list), 303);
  setFlash(c, { tone: "bad", text: "Select at least one payment." });
  return c.redirect(list, 303);
});

decisionRoutes.get("/postings/set-aside", allow("postings.manage"), (c) =>
  showSetAsideMany(c, c.req.queries("payment") ?? [], ""),
);

decisionRoutes.post("/postings/set-aside", allow("postings.manage"), async (c) => {
  const form = await readForm(c);
  const [paymentIds, reason] = [form.all("payment"), form.text("reason")];
  const cx = memberContext(c);
  const postingIds = await withFirm(cx.database, cx.firmId, (tx) =>
    listOpenIds(tx, cx.firmId, paymentIds.filter(isId)),
  );
  let outcome: Awaited<ReturnType<typeof setAsideMany>> = { done: 0, skipped: [] };
  return await decide(c, () => asideWords(outcome), {
    act: async () => {
      outcome = await setAsideMany(cx, { postingIds, reason });
    },
    again: (errors) => showSetAsideMany(c, paymentIds, reason, errors),
  });
});

function asideWords({ done, skipped }: Awaited<ReturnType<typeof setAsideMany>>): Flash {
  const words = done === 1 ? "1 posting is set aside." : `${done} postings are set aside.`;
  return { tone: skipped.length > 0 || done === 0 ? "warn" : "good", text: [words, ...skipped].join(" ") };
}

decisionRoutes.get("/postings/:id/by-hand", allow("postings.manage"), async (c) => {
  const { firm } = getScope(c);
  const today = dayOf(c.get("cx").now(), firm.timeZone);
  return await showMark(c, { number: "", postedOn: today });
});

decisionRoutes.post("/postings/:id/by-hand", allow("postings.manage"), async (c) => {
  const form = await readForm(c);
  const values = { number: form.text("number"), postedOn: form.text("postedOn") };
  return await decide(c, "Marked as posted by hand.", {
    act: () => markPosted(memberContext(c), { postingId: c.req.param("id"), ...values }),
    again: (errors) => showMark(c, values, errors),
  });
});

decisionRoutes.get("/postings/:id/set-aside", allow("postings.manage"), (c) => showSetAside(c, ""));

decisionRoutes.post("/postings/:id/set-aside", allow("postings.manage"), async (c) => {
  const reason = (await readForm(c)).text("reason");
  return await decide(c, "Set aside. The reason stays on record.", {
    act: () => setAside(memberContext(c), { postingId: c.req.param("id"), reason }),
    again: (errors) => showSetAside(c, reason, errors),
  });
});

decisionRoutes.get("/postings/:id/hold", allow("postings.manage"), (c) => showHold(c, ""));

decisionRoutes.post("/postings/:id/hold", allow("postings.manage"), async (c) => {
  const reason = (await readForm(c)).text("reason");
  return await decide(c, "Held as unapplied. It stands under Set aside until somebody takes it up again.", {
    act: () => holdUnapplied(memberContext(c), { postingId: c.req.param("id"), reason }),
    again: (errors) => showHold(c, reason, errors),
  });
});

decisionRoutes.get("/postings/:id/absent", allow("postings.manage"), async (c) =>
  show(c, "Is it there?", <AbsentPage {...(await getDecision(c))} />),
);

decisionRoutes.post("/postings/:id/absent", allow("postings.manage"), async (c) =>
  decide(c, "The posting is on its way again.", {
    act: () => releaseAbsent(memberContext(c), { postingId: c.req.param("id") }),
    again: () => Promise.resolve(c.redirect(backOf(c), 303)),
  }),
);

async function showMark(
  c: Web,
  values: { number: string; postedOn: string },
  errors?: Errors,
): Promise<Response> {
  const page = <MarkPage {...(await getDecision(c))} values={values} errors={errors} />;
  return await show(c, "Mark as posted by hand", page, errors);
}

async function showSetAside(c: Web, reason: string, errors?: Errors): Promise<Response> {
  const page = <SetAsidePage {...(await getDecision(c))} reason={reason} errors={errors} />;
  return await show(c, "Set aside", page, errors);
}

async function showHold(c: Web, reason: string, errors?: Errors): Promise<Response> {
  const page = <HoldPage {...(await getDecision(c))} reason={reason} errors={errors} />;
  return await show(c, "Hold as unapplied", page, errors);
}

async function showSetAsideMany(
  c: Web,
  paymentIds: readonly string[],
  reason: string,
  errors?: Errors,
): Promise<Response> {
  const { firm } = getScope(c);
  const lines = await withFirm(c.get("cx").database, firm.id, (tx) =>
    listOpenLines(tx, firm.id, paymentIds.filter(isId)),
  );
  if (lines.length === 0) {
    setFlash(c, { tone: "warn", text: "None of these payments has a part that can be set aside." });
    return c.redirect(backOf(c), 303);
  }
  const typed = { paymentIds, reason, errors };
  const page = <SetAsideManyPage lines={lines} {...typed} back={backOf(c)} />;
  return await show(c, "Set aside", page, errors);
}
