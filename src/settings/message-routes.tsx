import { Hono } from "hono";
import { dayOf } from "../base/day.ts";
import { Problem } from "../base/error.ts";
import { newId } from "../base/id.ts";
import { isLanguage, type Language } from "../base/language.ts";
import { withFirm } from "../db/tenant.ts";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { setFlash } from "../web/flash.ts";
import { type Form, readForm } from "../web/form.ts";
import { renderStaff } from "../web/respond.tsx";
import { readLastChange } from "./last-change.ts";
import { exampleValues, previewTemplate } from "./message-preview.ts";
import { MessageResetView } from "./message-reset-view.tsx";
import { MESSAGES_PATH, MessageView, messageHref } from "./message-view.tsx";
import { OWN_WORDS } from "./own-words.ts";
import { getSettings } from "./queries.ts";
import { resetTemplate } from "./reset-template.ts";
import { saveTemplate, templateId, templateVersion } from "./save-template.ts";
import { differences, isStale } from "./section.ts";
import { readTemplate, TEMPLATE_USES, type Template, type TemplateUse } from "./templates.ts";

const LABELS = { subject: "Subject", body: "Message" };

type Place = { use: TemplateUse; language: Language };
type Tried = { typed: Template; errors?: Record<string, string>; seen?: string; isStale?: boolean };

/** The words of the letters. */
export const messageRoutes = new Hono<WebEnv>();

messageRoutes.get(MESSAGES_PATH, allow("settings.manage"), (c) => showMessage(c, placeOf(c)));

messageRoutes.post(`${MESSAGES_PATH}/preview`, allow("settings.manage"), async (c) => {
  const form = await readForm(c);
  return await showMessage(c, placeIn(form), { typed: typedOf(form), seen: form.text("seen") });
});

messageRoutes.post(MESSAGES_PATH, allow("settings.manage"), async (c) => {
  const form = await readForm(c);
  const place = placeIn(form);
  const typed = typedOf(form);
  const seen = form.text("seen");
  const isTested = form.text("send") === "test";
  try {
    const test = isTested ? form.text("test").slice(0, 100) || newId() : undefined;
    await saveTemplate(memberContext(c), { ...place, typed, seen, test });
  } catch (error) {
    if (isStale(error)) return await showMessage(c, place, { typed, isStale: true });
    if (!(error instanceof Problem) || error.code !== "invalid") throw error;
    return await showMessage(c, place, { typed, errors: error.fields, seen });
  }
  setFlash(c, {
    tone: "good",
    text: isTested ? "The message is saved, and a test of it is on the way to you." : "The message is saved.",
  });
  return c.redirect(messageHref(place.use, place.language), 303);
});

messageRoutes.get(`${MESSAGES_PATH}/reset`, allow("settings.manage"), async (c) => {
  const { use, language } = placeOf(c);
  return await renderStaff(
    c,
    { title: "Go back to the standard words?", nav: "settings" },
    <MessageResetView use={use} language={language} words={OWN_WORDS[language][use]} />,
  );
});

messageRoutes.post(`${MESSAGES_PATH}/reset`, allow("settings.manage"), async (c) => {
  const place = placeIn(await readForm(c));
  await resetTemplate(memberContext(c), place);
  setFlash(c, { tone: "good", text: "The standard words are in use again." });
  return c.redirect(messageHref(place.use, place.language), 303);
});

function placeOf(c: Web): Place {
  return place(c.req.query("use"), c.req.query("language"));
}

function placeIn(form: Form): Place {
  return place(form.text("use"), form.text("language"));
}

/** What an address or a form names; the first of each for what there is not. */
function place(use: string | undefined, language: string | undefined): Place {
  return {
    use: TEMPLATE_USES.find((each) => each === use) ?? "request",
    language: isLanguage(language) ? language : "en",
  };
}

function typedOf(form: Form): Template {
  return { subject: form.text("subject"), body: form.text("body").replaceAll("\r\n", "\n") };
}

async function showMessage(c: Web, { use, language }: Place, tried?: Tried): Promise<Response> {
  const { firm, member } = getScope(c);
  const cx = c.get("cx");
  const { stored, settings, lastChange } = await withFirm(cx.database, firm.id, async (tx) => ({
    stored: await readTemplate(tx, firm.id, use, language),
    settings: await getSettings(tx, firm.id),
    lastChange: await readLastChange(tx, firm, templateId(use, language), cx.now()),
  }));
  const typed = tried?.typed ?? stored;
  const facts = {
    firmName: firm.name,
    phone: settings.phone,
    currency: firm.currency,
    today: dayOf(cx.now(), firm.timeZone),
  };
  const stale = tried?.isStale ? differences(LABELS, words(stored), words(tried.typed)) : undefined;
  return await renderStaff(
    c,
    { title: "Messages", nav: "settings", errors: tried?.errors, status: stale ? 409 : undefined },
    <MessageView
      member={member}
      use={use}
      language={language}
      typed={typed}
      isOwn={stored.isOwn}
      seen={tried?.seen ?? templateVersion(stored)}
      lastChange={lastChange}
      preview={previewTemplate(typed, language, facts)}
      examples={exampleValues(language, facts)}
      test={newId()}
      nonce={c.get("nonce")}
      errors={tried?.errors}
      stale={stale}
    />,
  );
}

function words({ subject, body }: Template): Record<string, string> {
  return { subject, body };
}
