import { Hono } from "hono";
import { Problem } from "../base/error.ts";
import { withFirm } from "../db/tenant.ts";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { setFlash } from "../web/flash.ts";
import { type Form, readForm } from "../web/form.ts";
import { renderStaff } from "../web/respond.tsx";
import { readLastChange } from "./last-change.ts";
import { listNoticeMembers, readNotifications } from "./notification-queries.ts";
import { NotificationView } from "./notification-view.tsx";
import { inWords, NOTICE_LABELS, type Notifications, rulesOf } from "./notifications.ts";
import { saveNotifications } from "./save-notifications.ts";
import { differences, isStale, versionOf } from "./section.ts";

const PATH = "/settings/notifications";

type Tried = { typed: Notifications; errors?: Record<string, string>; seen?: string; isStale?: boolean };

export const notificationRoutes = new Hono<WebEnv>();

notificationRoutes.get(PATH, allow("settings.manage"), (c) => showPage(c));

notificationRoutes.post(PATH, allow("settings.manage"), async (c) => {
  const form = await readForm(c);
  const typed = typedOf(form);
  const seen = form.text("seen");
  try {
    await saveNotifications(memberContext(c), { typed, seen });
  } catch (error) {
    if (isStale(error)) return await showPage(c, { typed, isStale: true });
    if (!(error instanceof Problem) || error.code !== "invalid") throw error;
    return await showPage(c, { typed, errors: error.fields, seen });
  }
  setFlash(c, { tone: "good", text: "Notifications are saved." });
  return c.redirect(PATH, 303);
});

function typedOf(form: Form): Notifications {
  return {
    rules: rulesOf((event) => ({
      toSender: form.has(`sender-${event}`),
      memberIds: [...new Set(form.all(`member-${event}`))].toSorted(),
    })),
    expiryDays: form.text("expiryDays"),
    copiesToSender: form.has("copies"),
  };
}

async function showPage(c: Web, tried?: Tried): Promise<Response> {
  const { firm, member } = getScope(c);
  const cx = c.get("cx");
  const { stored, members, lastChange } = await withFirm(cx.database, firm.id, async (tx) => ({
    stored: await readNotifications(tx, firm.id),
    members: await listNoticeMembers(tx, firm.id),
    lastChange: await readLastChange(tx, firm, "notifications", cx.now()),
  }));
  const stale =
    tried?.isStale && differences(NOTICE_LABELS, inWords(stored, members), inWords(tried.typed, members));
  return await renderStaff(
    c,
    { title: "Notifications", nav: "settings", errors: tried?.errors, status: stale ? 409 : undefined },
    <NotificationView
      member={member}
      members={members}
      typed={tried?.typed ?? stored}
      seen={tried?.seen ?? versionOf(stored)}
      lastChange={lastChange}
      errors={tried?.errors}
      stale={stale || undefined}
    />,
  );
}
