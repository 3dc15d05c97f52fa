import { Hono } from "hono";
import { Problem } from "../base/error.ts";
import { isId } from "../base/id.ts";
import { amountFaultText, parseAmount } from "../base/money.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { findMatter } from "../matters/queries.ts";
import {
  addToBasket,
  emptyBasket,
  setBasketAmount,
  spreadBasket,
  takeOutOfBasket,
} from "../statements/basket.ts";
import { type BasketFacts, readBasket } from "../statements/read-basket.ts";
import { searchStatements } from "../statements/search.ts";
import type { FieldErrors } from "../ui/notices.tsx";
import { allow } from "../web/allow.ts";
import { memberContext, type Web, type WebEnv } from "../web/env.ts";
import { setFlash } from "../web/flash.ts";
import { type Form, readForm, safePath } from "../web/form.ts";
import { renderStaff } from "../web/respond.tsx";
import type { BasketViewProps } from "./basket-view.tsx";
import { listPayerChoices, readDefaultAccounts } from "./choices.ts";
import { type MattersFilter, MattersView, mattersHref } from "./matters-view.tsx";
import { listReadings } from "./readings.ts";

const PAGE_SIZE = 50;
const AMOUNT = "amount-";

export const mattersRoutes = new Hono<WebEnv>();

mattersRoutes.get("/matters", allow("matters.search"), async (c) => {
  const matter = c.req.query("matter");
  return matter === undefined ? await showMatters(c, filterOf(c.req.query())) : await openMatter(c, matter);
});

/** The boxes of one page of results: a ticked one goes into the basket, one that was in it and is no longer ticked comes out. */
mattersRoutes.post("/matters/basket/add", allow("links.send"), async (c) => {
  const cx = memberContext(c);
  const form = await readForm(c);
  const items = form.all("item");
  const unticked = form.all("held").filter((id) => !items.includes(id));
  if (items.length === 0 && unticked.length === 0)
    setFlash(c, { tone: "warn", text: "Tick at least one item, then add it." });
  await orFlash(c, async () => {
    await takeOutOfBasket(cx, unticked);
    await addToBasket(cx, items);
  });
  return c.redirect(safePath(form.text("back")), 303);
});

mattersRoutes.post("/matters/basket", allow("links.send"), async (c) => {
  const cx = memberContext(c);
  const form = await readForm(c);
  const back = safePath(form.text("back"));
  const errors = await changeBasket(cx, form);
  if (errors !== undefined) return await showMatters(c, filterOfPath(back), { errors, typed: typedIn(form) });
  if (form.text("do") !== "continue") return c.redirect(`${back}#basket-panel`, 303);
  // A line that a spread did not reach asks for nothing and stays behind; one above its balance waits for the member's word.
  const basket = await readBasket(cx);
  if (basket.lines.some((line) => line.fault?.code === "closed")) {
    setFlash(c, {
      tone: "bad",
      text: "Something in the basket is no longer open. See what stands beside it.",
    });
    return c.redirect(`${back}#basket-panel`, 303);
  }
  const payer = form.text("payer");
  return c.redirect(isId(payer) ? `/matters/send?payer=${payer}` : "/matters/send", 303);
});

/** Does what the pressed button says, after the typed amounts are kept. Returns what was typed wrong. */
async function changeBasket(cx: MemberContext, form: Form): Promise<FieldErrors | undefined> {
  if (form.text("do") === "empty") {
    await emptyBasket(cx);
    return undefined;
  }
  const removed = form.text("remove");
  if (removed !== "") {
    await takeOutOfBasket(cx, [removed]);
    return undefined;
  }
  const errors: Record<string, string> = await keepAmounts(cx, form);
  if (Object.keys(errors).length === 0 && form.text("do") === "spread")
    Object.assign(errors, await spreadTyped(cx, form));
  return Object.keys(errors).length === 0 ? undefined : errors;
}

/** An amount that is the balance stays "the whole balance", whatever it becomes; only a different one is kept as it was typed. */
async function keepAmounts(cx: MemberContext, form: Form): Promise<Record<string, string>> {
  const errors: Record<string, string> = {};
  const { lines } = await readBasket(cx);
  for (const [statementId, text] of form.withPrefix(AMOUNT)) {
    const line = lines.find((each) => each.statement.id === statementId);
    if (!line) continue;
    const amount = parseAmount(text);
    if (!amount.ok) {
      errors[`${AMOUNT}${statementId}`] = amountFaultText(amount.fault);
    } else if (amount.minor !== line.amountMinor) {
      const isWhole = amount.minor === line.statement.balanceMinor;
      await setBasketAmount(cx, { statementId, amountMinor: isWhole ? null : amount.minor });
    }
  }
  return errors;
}

async function spreadTyped(cx: MemberContext, form: Form): Promise<Record<string, string>> {
  const amount = parseAmount(form.text("spread"));
  if (!amount.ok) return { spread: amountFaultText(amount.fault) };
  try {
    await spreadBasket(cx, { totalMinor: amount.minor, order: "oldest" });
    return {};
  } catch (error) {
    if (error instanceof Problem && error.code === "invalid") return { ...error.fields };
    throw error;
  }
}

async function showMatters(
  c: Web,
  filter: MattersFilter,
  wrong: { errors?: FieldErrors; typed?: ReadonlyMap<string, string> } = {},
): Promise<Response> {
  const cx = memberContext(c);
  const result = await searchStatements(cx, { ...filter, onlyOpen: true, pageSize: PAGE_SIZE });
  const basket = await readBasketView(cx, mattersHref(filter));
  const readings = await listReadings(cx);
  return await renderStaff(
    c,
    { title: "From matters", nav: "matters", errors: wrong.errors },
    <MattersView filter={filter} result={result} basket={{ ...basket, ...wrong }} readings={readings} />,
  );
}

/** Comes from the panel: the search for the matter by its number. */
async function openMatter(c: Web, matterId: string): Promise<Response> {
  const cx = memberContext(c);
  const matter = isId(matterId)
    ? await withFirm(cx.database, cx.firmId, (tx) => findMatter(tx, cx.firmId, matterId))
    : undefined;
  const text = matter?.number ?? "";
  return c.redirect(mattersHref({ text, kind: undefined, due: undefined, after: undefined }), 303);
}

async function readBasketView(cx: MemberContext, back: string): Promise<BasketViewProps> {
  const facts = await readBasket(cx);
  return await withFirm(cx.database, cx.firmId, async (tx) => ({
    facts,
    payers: await listPayerChoices(tx, cx.firmId, matterIdsOf(facts)),
    accounts: await readDefaultAccounts(tx, cx.firmId),
    back,
  }));
}

function matterIdsOf(facts: BasketFacts): string[] {
  return [...new Set(facts.lines.map((line) => line.statement.matterId))];
}

function filterOf(query: Record<string, string>): MattersFilter {
  const { q = "", kind, due, after } = query;
  return {
    text: q.trim(),
    kind: kind === "invoice" || kind === "trust_request" ? kind : undefined,
    due: due === "pastDue" || due === "over60" ? due : undefined,
    after: after === "" ? undefined : after,
  };
}

function filterOfPath(path: string): MattersFilter {
  return filterOf(Object.fromEntries(new URLSearchParams(path.split("?")[1] ?? "")));
}

function typedIn(form: Form): ReadonlyMap<string, string> {
  const amounts = [...form.withPrefix(AMOUNT)].map(([id, text]) => [`${AMOUNT}${id}`, text] as const);
  return new Map([...amounts, ["spread", form.text("spread")] as const]);
}

async function orFlash(c: Web, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "conflict") throw error;
    setFlash(c, { tone: "bad", text: error.message });
  }
}
