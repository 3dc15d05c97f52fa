import { record } from "../audit/record.ts";
import type { Language } from "../base/language.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { demand } from "../web/env.ts";
import { readTypedTemplate } from "./check-template.ts";
import { OWN_WORDS } from "./own-words.ts";
import { lockSettings } from "./queries.ts";
import { changedParts, demandCurrent, versionOf } from "./section.ts";
import { deleteTemplate, putTemplate } from "./template-queries.ts";
import { readTemplate, type Template, type TemplateUse } from "./templates.ts";

export type TemplateInput = {
  use: TemplateUse;
  language: Language;
  typed: Template;
  /** The version that the form was made of. */
  seen: string;
  /** Names the test mail to the member who saves; the same name is one mail. Undefined for no test. */
  test?: string | undefined;
};

/** The name of a template in the record. */
export function templateId(use: TemplateUse, language: Language): string {
  return `message:${use}:${language}`;
}

/** Stands for what a member saw of a template. */
export function templateVersion({ subject, body }: Template): string {
  return versionOf([subject, body]);
}

/**
 * Keeps a firm's own words for a letter, and sends them to the member as a test when asked. Words that are the product's own are kept
 * as such. Throws `invalid` with the fields `subject` and `body`, `conflict` when somebody else saved them meanwhile.
 */
export async function saveTemplate(cx: MemberContext, input: TemplateInput): Promise<void> {
  demand(cx, "settings.manage");
  const typed = readTypedTemplate(input.typed);
  await withFirm(cx.database, cx.firmId, async (tx) => {
    await lockSettings(tx, cx.firmId);
    const before = await readTemplate(tx, cx.firmId, input.use, input.language);
    demandCurrent(input.seen, templateVersion(before));
    await put(tx, cx, input, before, typed);
    if (input.test !== undefined)
      await enqueue(tx, "delivery.sendTest", {
        firmId: cx.firmId,
        memberId: cx.actor.id,
        use: input.use,
        language: input.language,
        nonce: input.test,
      });
  });
}

async function put(
  tx: Tx,
  cx: MemberContext,
  input: TemplateInput,
  before: Template,
  typed: Template,
): Promise<void> {
  if (before.subject === typed.subject && before.body === typed.body) return;
  const own = OWN_WORDS[input.language][input.use];
  if (own.subject === typed.subject && own.body === typed.body)
    await deleteTemplate(tx, cx.firmId, input.use, input.language);
  else
    await putTemplate(tx, {
      firm_id: cx.firmId,
      use: input.use,
      language: input.language,
      ...typed,
      updated_at: cx.now(),
      updated_by: cx.actor.id,
    });
  await recordWords(tx, cx, input, before, typed);
}

/** Records a change of words, before and after. */
export async function recordWords(
  tx: Tx,
  cx: MemberContext,
  { use, language }: Pick<TemplateInput, "use" | "language">,
  before: Template,
  after: Template,
): Promise<void> {
  const words = ({ subject, body }: Template) => ({ subject, body });
  const parts = changedParts(words(before), words(after));
  const which = { letter: use, language };
  await record(tx, cx, {
    action: "settings.message_changed",
    objectKind: "settings",
    objectId: templateId(use, language),
    before: { ...which, ...parts.before },
    after: { ...which, ...parts.after },
  });
}
