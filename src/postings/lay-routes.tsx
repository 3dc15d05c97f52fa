import { Hono } from "hono";
import { isId } from "../base/id.ts";
import { withFirm } from "../db/tenant.ts";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { readForm } from "../web/form.ts";
import { decide, type Errors, getDecision, show } from "./decide.tsx";
import { layPosting } from "./lay.ts";
import { firstValues, LayPage, type LayValues } from "./lay-view.tsx";
import type { PostingLine } from "./line-queries.ts";
import { findInvoiceNumber } from "./match-queries.ts";
import { PartsPage } from "./parts-view.tsx";
import { readParts } from "./read-parts.ts";
import { REST_FIELD, reallocate, type TypedShares } from "./reallocate.ts";
import { suggestTargets } from "./suggest.ts";
import { findTarget, searchTargets, type Target } from "./target-queries.ts";

const SEARCH_LENGTH_LIMIT = 100;
const STATEMENTS_SHOWN = 20;

/** The pages that say which statements a payment is for. */
export const layRoutes = new Hono<WebEnv>();

layRoutes.get("/postings/:id/statement", allow("postings.manage"), async (c) => {
  const { posting } = (await getDecision(c)).line;
  return await showLay(c, firstValues(posting, c.req.query("q") ?? ""));
});

layRoutes.post("/postings/:id/statement", allow("postings.manage"), async (c) => {
  const form = await readForm(c);
  const values = { search: form.text("q"), statement: form.text("statement"), amount: form.text("amount") };
  const input = { postingId: c.req.param("id"), statementId: values.statement, amount: values.amount };
  return await decide(c, "The payment has its statement.", {
    act: () => layPosting(memberContext(c), input),
    again: (errors) => showLay(c, values, errors),
  });
});

layRoutes.get("/postings/:id/parts", allow("postings.manage"), (c) =>
  showParts(c, { search: c.req.query("q") ?? "", amounts: undefined, rest: undefined }),
);

layRoutes.post("/postings/:id/parts", allow("postings.manage"), async (c) => {
  const form = await readForm(c);
  const values = {
    search: form.text("q"),
    amounts: form.withPrefix("amount-"),
    rest: form.text(REST_FIELD),
  };
  if (form.has("find")) return await showParts(c, values);
  const input = { postingId: c.req.param("id"), amounts: values.amounts, rest: values.rest };
  return await decide(c, "The payment is laid anew.", {
    act: () => reallocate(memberContext(c), input),
    again: (errors) => showParts(c, values, errors),
  });
});

async function showLay(c: Web, values: LayValues, errors?: Errors): Promise<Response> {
  const { line, payerName, back } = await getDecision(c);
  const { posting } = line;
  const { firm } = getScope(c);
  const search = cleanSearch(values.search);
  const isSearched = search !== "" || errors !== undefined;
  const page = await withFirm(c.get("cx").database, firm.id, async (tx) => ({
    invoiceNumber: await findInvoiceNumber(tx, firm.id, posting.payment_id),
    suggestions: search === "" ? await suggestTargets(tx, firm.id, posting) : [],
    found: isSearched ? await searchTargets(tx, firm.id, wantedBy(posting, search)) : undefined,
  }));
  const found = await withChosen(c, page.found, values.statement);
  const shown = { ...page, found, posting, payerName, back, values: { ...values, search }, errors };
  return await show(c, "Choose a statement", <LayPage {...shown} />, errors);
}

/** What was chosen stays in sight when the form comes back, also where the search does not find it. */
async function withChosen(
  c: Web,
  found: Target[] | undefined,
  chosenId: string,
): Promise<Target[] | undefined> {
  if (!found || !isId(chosenId) || found.some((target) => target.statementId === chosenId)) return found;
  const { firm } = getScope(c);
  const chosen = await withFirm(c.get("cx").database, firm.id, (tx) => findTarget(tx, firm.id, chosenId));
  return chosen ? [chosen, ...found] : found;
}

async function showParts(
  c: Web,
  values: { search: string; amounts: TypedShares | undefined; rest: string | undefined },
  errors?: Errors,
): Promise<Response> {
  const { line, back } = await getDecision(c);
  const { posting } = line;
  const { firm } = getScope(c);
  const search = cleanSearch(values.search);
  const parts = await withFirm(c.get("cx").database, firm.id, async (tx) => {
    const found = search === "" ? [] : await searchTargets(tx, firm.id, wantedBy(posting, search));
    return await readParts(tx, firm.id, posting, { ...values, found });
  });
  const shown = { ...parts, postingId: posting.id, back, values: { search, rest: parts.rest }, errors };
  return await show(c, "Reallocate the payment", <PartsPage {...shown} />, errors);
}

function cleanSearch(typed: string): string {
  return typed.trim().toLowerCase().slice(0, SEARCH_LENGTH_LIMIT);
}

function wantedBy(posting: PostingLine, search: string) {
  return {
    words: search.split(/\s+/).filter((word) => word !== ""),
    kind: posting.kind === "trust_deposit" ? ("trust_request" as const) : ("invoice" as const),
    currency: posting.currency,
    limit: STATEMENTS_SHOWN,
  };
}
