import { Hono } from "hono";
import type { Child } from "hono/jsx";
import { dayOf } from "../base/day.ts";
import { notFound, Problem } from "../base/error.ts";
import { isId } from "../base/id.ts";
import { withFirm } from "../db/tenant.ts";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { setFlash } from "../web/flash.ts";
import { readForm } from "../web/form.ts";
import { renderStaff } from "../web/respond.tsx";
import { AbsentPage, MarkPage, SetAsidePage } from "./decision-view.tsx";
import { layPosting } from "./lay.ts";
import { firstValues, LayPage, type LayValues } from "./lay-view.tsx";
import type { PostingLine } from "./line-queries.ts";
import type { LineFacts } from "./line-view.tsx";
import { findPaymentGroup } from "./list-queries.ts";
import { markPosted } from "./mark-posted.ts";
import { findInvoiceNumber } from "./match-queries.ts";
import { readPosting } from "./read-list.ts";
import { releaseAbsent } from "./release.ts";
import { setAside } from "./set-aside.ts";
import { searchTargets, type Target } from "./target-queries.ts";

const SEARCH_LENGTH_LIMIT = 100;
const STATEMENTS_SHOWN = 20;

type Errors = Readonly<Record<string, string>> | undefined;
type Decision = { line: LineFacts; payerName: string };

/** The small pages on which a bookkeeper decides about one posting. */
export const decisionRoutes = new Hono<WebEnv>();

decisionRoutes.get("/postings/:id/statement", allow("postings.manage"), async (c) => {
  const decision = await getDecision(c);
  const { posting } = decision.line;
  const search = c.req.query("q") ?? (await suggestSearch(c, posting));
  return await showLay(c, decision, firstValues(posting, search));
});

decisionRoutes.post("/postings/:id/statement", allow("postings.manage"), async (c) => {
  const form = await readForm(c);
  const values = { search: form.text("q"), statement: form.text("statement"), amount: form.text("amount") };
  const input = { postingId: c.req.param("id"), statementId: values.statement, amount: values.amount };
  return await decide(c, "The payment has its statement.", {
    act: () => layPosting(memberContext(c), input),
    again: async (errors) => await showLay(c, await getDecision(c), values, errors),
  });
});

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

decisionRoutes.get("/postings/:id/absent", allow("postings.manage"), async (c) =>
  show(c, "Post it again", <AbsentPage {...(await getDecision(c))} />),
);

decisionRoutes.post("/postings/:id/absent", allow("postings.manage"), async (c) =>
  decide(c, "The posting is on its way again.", {
    act: () => releaseAbsent(memberContext(c), { postingId: c.req.param("id") }),
    again: () => Promise.resolve(c.redirect("/postings", 303)),
  }),
);

/** Does it and says so on the list; what was typed wrong comes back on its page; what changed meanwhile is said on the list. */
async function decide(
  c: Web,
  done: string,
  decision: { act: () => Promise<unknown>; again: (errors: Errors) => Promise<Response> },
): Promise<Response> {
  try {
    await decision.act();
    setFlash(c, { tone: "good", text: done });
  } catch (error) {
    if (error instanceof Problem && error.code === "invalid") return await decision.again(error.fields);
    if (!(error instanceof Problem && error.code === "conflict")) throw error;
    setFlash(c, { tone: "bad", text: error.message });
  }
  return c.redirect("/postings", 303);
}

async function getDecision(c: Web): Promise<Decision> {
  const { firm } = getScope(c);
  const cx = c.get("cx");
  const id = c.req.param("id") ?? "";
  const line = isId(id) ? await readPosting(cx, firm, id) : undefined;
  if (!line) throw notFound("posting");
  const payment = await withFirm(cx.database, firm.id, (tx) =>
    findPaymentGroup(tx, firm.id, line.posting.payment_id),
  );
  return { line, payerName: payment?.payerName ?? "" };
}

async function showLay(c: Web, decision: Decision, values: LayValues, errors?: Errors): Promise<Response> {
  const { posting } = decision.line;
  const search = values.search.trim().toLowerCase().slice(0, SEARCH_LENGTH_LIMIT);
  const found = await findStatements(c, posting, search);
  const page = { posting, payerName: decision.payerName, found, values: { ...values, search }, errors };
  return await show(c, "Choose a statement", <LayPage {...page} />, errors);
}

/** The statements that have the number which the link named come first; where there are none, all do. */
async function suggestSearch(c: Web, posting: PostingLine): Promise<string> {
  const { firm } = getScope(c);
  const number = await withFirm(c.get("cx").database, firm.id, (tx) =>
    findInvoiceNumber(tx, firm.id, posting.payment_id),
  );
  const found = number === "" ? [] : await findStatements(c, posting, number.toLowerCase());
  return found.length > 0 ? number : "";
}

function findStatements(c: Web, posting: PostingLine, search: string): Promise<Target[]> {
  const { firm } = getScope(c);
  return withFirm(c.get("cx").database, firm.id, (tx) =>
    searchTargets(tx, firm.id, {
      words: search.split(/\s+/).filter((word) => word !== ""),
      kind: posting.kind === "trust_deposit" ? "trust_request" : "invoice",
      currency: posting.currency,
      limit: STATEMENTS_SHOWN,
    }),
  );
}

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

function show(c: Web, title: string, page: Child, errors?: Errors): Promise<Response> {
  return renderStaff(c, { title, nav: "postings", errors }, page);
}
