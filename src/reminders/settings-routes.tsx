import { Hono } from "hono";
import { dayOf } from "../base/day.ts";
import { Problem } from "../base/error.ts";
import { withFirm } from "../db/tenant.ts";
import { getSettings } from "../settings/queries.ts";
import type { FieldErrors } from "../ui/notices.tsx";
import type { Difference } from "../ui/settings-page.tsx";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { setFlash } from "../web/flash.ts";
import { readForm } from "../web/form.ts";
import { renderStaff } from "../web/respond.tsx";
import { changeRows, draftWords, type PlanDraft, readDraft, startDraft, toPlanInput } from "./draft.ts";
import { countOpenLinks, findCurrentPlan } from "./plan-queries.ts";
import { DRAFT_PATH } from "./preview-view.tsx";
import { savePlan } from "./save-plan.ts";
import { PlanView } from "./settings-view.tsx";

export const reminderSettingsRoutes = new Hono<WebEnv>();

reminderSettingsRoutes.get("/settings/reminders", allow("settings.manage"), (c) => showPlan(c, undefined));

reminderSettingsRoutes.post(DRAFT_PATH, allow("settings.manage"), async (c) => {
  const form = await readForm(c);
  return await showPlan(c, changeRows(readDraft(form), form.text("do")));
});

reminderSettingsRoutes.post("/settings/reminders", allow("settings.manage"), async (c) => {
  const draft = readDraft(await readForm(c));
  try {
    const plan = await savePlan(memberContext(c), toPlanInput(draft));
    const text = plan.isOn
      ? "Reminders are saved. New requests follow them."
      : "Reminders are saved. New requests get none until you switch them on.";
    setFlash(c, { tone: "good", text });
    return c.redirect("/settings/reminders", 303);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === "conflict") return await showStale(c, draft);
    if (error.code !== "invalid") throw error;
    return await showPlan(c, draft, { errors: error.fields });
  }
});

/** Somebody else saved meanwhile: what they saved stands beside what was typed, and the next save is of this form. */
async function showStale(c: Web, draft: PlanDraft): Promise<Response> {
  const { firm } = getScope(c);
  const saved = await withFirm(c.get("cx").database, firm.id, (tx) => findCurrentPlan(tx, firm.id));
  const theirs = startDraft(saved, dayOf(c.get("cx").now(), firm.timeZone));
  const stale = [{ label: "Reminders", theirs: draftWords(theirs), mine: draftWords(draft) }];
  return await showPlan(c, { ...draft, version: theirs.version }, { stale });
}

/** The page of a draft, or of the plan as it is saved. */
async function showPlan(
  c: Web,
  typed: PlanDraft | undefined,
  outcome: { errors?: FieldErrors | undefined; stale?: readonly Difference[] | undefined } = {},
): Promise<Response> {
  const { firm, member } = getScope(c);
  const cx = c.get("cx");
  const today = dayOf(cx.now(), firm.timeZone);
  const facts = await withFirm(cx.database, firm.id, async (tx) => ({
    draft: typed ?? startDraft(await findCurrentPlan(tx, firm.id), today),
    settings: await getSettings(tx, firm.id),
    openCount: await countOpenLinks(tx, firm.id),
  }));
  return await renderStaff(
    c,
    {
      title: "Smart Reminders, Settings",
      nav: "settings",
      errors: outcome.errors,
      status: outcome.stale ? 409 : undefined,
    },
    <PlanView
      {...facts}
      {...outcome}
      member={member}
      timeZone={firm.timeZone}
      today={today}
      nonce={c.get("nonce")}
    />,
  );
}
