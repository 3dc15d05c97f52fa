import { Hono } from "hono";
import { addDays, formatInstant } from "../base/day.ts";
import { Problem } from "../base/error.ts";
import { newId } from "../base/id.ts";
import { may } from "../base/permission.ts";
import { withFirm } from "../db/tenant.ts";
import { findMember } from "../team/queries.ts";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { setFlash } from "../web/flash.ts";
import { readForm } from "../web/form.ts";
import { renderStaff } from "../web/respond.tsx";
import { placeHref } from "./list-address.ts";
import { listChoices } from "./list-choice-queries.ts";
import { filterLine } from "./list-words.ts";
import { type Choice, choiceHref, isEmpty, readChoice } from "./many-choice.ts";
import { listOutcomes } from "./many-outcome-queries.ts";
import { countItems, getAction, type ItemState, surveyLinks } from "./many-queries.ts";
import { isManyVerb, type ManyVerb } from "./many-refusal.ts";
import { ManyResultView } from "./many-result-view.tsx";
import { startMany } from "./many-start.ts";
import { type ManyProps, ManyView } from "./many-view.tsx";
import { links, surveyOf } from "./many-words.ts";
import { listScope } from "./sent-scope.ts";

const PAGE_SIZE = 50;
const USUAL_EXTENSION_DAYS = 30;

export const manyRoutes = new Hono<WebEnv>();

manyRoutes.get("/sent/many", allow("links.send"), async (c) => {
  const choice = readChoice(new URL(c.req.url).searchParams);
  const verb = c.req.query("verb") ?? "";
  if (isEmpty(choice) || !isManyVerb(verb)) return backToList(c, choice);
  const { timeZone } = getScope(c).firm;
  const { today } = listScope(c.get("cx"), getScope(c).firm.id, timeZone);
  return await ask(c, verb, choice, {
    formId: newId(),
    asOf: c.get("cx").now().toISOString(),
    typed: {
      how: "until",
      expiresOn: addDays(today, USUAL_EXTENSION_DAYS),
      extendDays: USUAL_EXTENSION_DAYS.toString(),
      reason: "",
    },
    errors: {},
  });
});

manyRoutes.post("/sent/many", allow("links.send"), async (c) => {
  const form = await readForm(c);
  const parts = new URLSearchParams([...form.withPrefix("")].filter(([name]) => name !== "link"));
  for (const id of form.all("link")) parts.append("link", id);
  const choice = readChoice(parts);
  const verb = form.text("verb");
  if (isEmpty(choice) || !isManyVerb(verb)) return backToList(c, choice);
  const asked = { formId: form.text("formId"), asOf: form.text("asOf") };
  const typed = {
    how: form.text("how") === "days" ? ("days" as const) : ("until" as const),
    expiresOn: form.text("expiresOn"),
    extendDays: form.text("extendDays"),
    reason: form.text("reason"),
  };
  try {
    const chosenWords =
      choice.kind === "all"
        ? `All that match: ${await wordsOf(c, choice)}`
        : `${links(choice.ids.length)} ticked`;
    const wish = { ...asked, ...typed, verb, choice, chosenWords, seen: form.text("seen") };
    const actionId = await startMany(memberContext(c), wish);
    return c.redirect(`/sent/many/${actionId}`, 303);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === "conflict") {
      setFlash(c, { tone: "bad", text: error.message });
      return c.redirect(`${choiceHref("/sent/many", choice)}&verb=${verb}`, 303);
    }
    if (
      error.code !== "invalid" ||
      !(error.fields.expiresOn ?? error.fields.extendDays ?? error.fields.reason)
    )
      throw error;
    return await ask(c, verb, choice, { ...asked, typed, errors: error.fields });
  }
});

manyRoutes.get("/sent/many/:id", allow("links.send"), async (c) => {
  const { firm } = getScope(c);
  const id = c.req.param("id");
  const after = Number(c.req.query("after") ?? "0");
  const found = await withFirm(c.get("cx").database, firm.id, async (tx) => {
    const action = await getAction(tx, firm.id, id);
    const counts = await countItems(tx, firm.id, id);
    const show = shownState(c.req.query("show"), counts);
    const wish = { state: show, after: Number.isSafeInteger(after) ? after : 0, limit: PAGE_SIZE + 1 };
    return {
      action,
      counts,
      show,
      outcomes: await listOutcomes(tx, firm.id, id, wish),
      starter: await findMember(tx, firm.id, action.created_by),
    };
  });
  const outcomes = found.outcomes.slice(0, PAGE_SIZE);
  return await renderStaff(
    c,
    { title: "Outcome, Sent Pages", nav: "sent" },
    <ManyResultView
      {...found}
      outcomes={outcomes}
      next={found.outcomes.length > PAGE_SIZE ? outcomes.at(-1)?.position : undefined}
      startedAt={formatInstant(found.action.created_at, firm.timeZone)}
      startedBy={found.starter?.name ?? ""}
      nonce={c.get("nonce")}
    />,
  );
});

type Asked = Pick<ManyProps, "formId" | "asOf" | "typed" | "errors">;

/** The page with the question, at first and after a failed check. */
async function ask(c: Web, verb: ManyVerb, choice: Choice, asked: Asked): Promise<Response> {
  const { firm, member } = getScope(c);
  if (verb === "cancel" && !may(member.role, "links.cancel"))
    throw new Problem(
      "forbidden",
      "Your role does not include this. An administrator of your firm can change it.",
    );
  const scope = listScope(c.get("cx"), firm.id, firm.timeZone);
  const asOf = new Date(asked.asOf);
  if (Number.isNaN(asOf.getTime())) throw new Problem("invalid", "Reload the page and try again.");
  const rows = await withFirm(c.get("cx").database, firm.id, (tx) => surveyLinks(tx, scope, choice, asOf));
  const hasErrors = Object.keys(asked.errors).length > 0;
  return await renderStaff(
    c,
    { title: "Several links, Sent Pages", nav: "sent", errors: hasErrors ? asked.errors : undefined },
    <ManyView
      {...asked}
      verb={verb}
      choice={choice}
      words={choice.kind === "all" ? await wordsOf(c, choice) : ""}
      survey={surveyOf(verb, rows)}
    />,
  );
}

async function wordsOf(c: Web, choice: Choice): Promise<string> {
  const { firm } = getScope(c);
  const { filter } = choice.place;
  const choices = await withFirm(c.get("cx").database, firm.id, (tx) =>
    listChoices(tx, firm.id, filter.batchId),
  );
  return filterLine(filter, choices, firm.currency);
}

function backToList(c: Web, choice: Choice): Response {
  setFlash(c, { tone: "warn", text: "Tick the links first, then choose what to do with them." });
  return c.redirect(placeHref(choice.place), 303);
}

/** What was chosen, as long as there may be some of it; else what needs a person first, without it what was done. */
function shownState(text: string | undefined, counts: Record<ItemState, number>): ItemState {
  if (text === "done" || text === "refused") return text;
  if (text === "waiting" && counts.waiting > 0) return text;
  if (counts.refused > 0) return "refused";
  return counts.done > 0 ? "done" : "waiting";
}
