import { Hono } from "hono";
import { Problem } from "../base/error.ts";
import { isId, newId } from "../base/id.ts";
import { may } from "../base/permission.ts";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { setFlash } from "../web/flash.ts";
import { readForm } from "../web/form.ts";
import { renderStaff } from "../web/respond.tsx";
import { readLinkReminders } from "./link-page.ts";
import { LinkRemindersView } from "./link-view.tsx";
import { remindNow } from "./remind-now.ts";
import { switchReminders } from "./switch.ts";

export const linkReminderRoutes = new Hono<WebEnv>();

linkReminderRoutes.get("/sent/:id/reminders", allow("links.see"), async (c) => {
  const { firm, member } = getScope(c);
  const reminders = await readLinkReminders(c.get("cx"), firm, c.req.param("id"));
  return await renderStaff(
    c,
    { title: `Reminders of ${reminders.link.reference}`, nav: "sent" },
    <LinkRemindersView
      reminders={reminders}
      timeZone={firm.timeZone}
      mayChange={may(member.role, "links.send")}
      occurrence={newId()}
    />,
  );
});

linkReminderRoutes.post("/sent/:id/reminders", allow("links.send"), async (c) => {
  const isOn = (await readForm(c)).text("on") === "yes";
  return await attempt(c, async () => {
    await switchReminders(memberContext(c), { linkId: c.req.param("id"), isOn });
    return isOn ? "Reminders are on for this link." : "Reminders are off for this link.";
  });
});

linkReminderRoutes.post("/sent/:id/remind", allow("links.send"), async (c) => {
  const typed = (await readForm(c)).text("occurrence");
  const occurrence = isId(typed) ? typed : newId();
  return await attempt(c, async () => {
    const { beside } = await remindNow(memberContext(c), { linkId: c.req.param("id"), occurrence });
    const named = beside.map((link) => link.reference).join(" and ");
    return named === ""
      ? "The reminder is on its way."
      : `The reminder is on its way. It names ${named}, too.`;
  });
});

/** Does it and goes back to the link's reminders, where it is said what was done, or why the state forbids it. */
async function attempt(c: Web, work: () => Promise<string>): Promise<Response> {
  try {
    setFlash(c, { tone: "good", text: await work() });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "conflict") throw error;
    setFlash(c, { tone: "bad", text: error.message });
  }
  return c.redirect(`/sent/${c.req.param("id") ?? ""}/reminders`, 303);
}
