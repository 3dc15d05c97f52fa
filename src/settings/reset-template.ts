import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { demand } from "../web/env.ts";
import { OWN_WORDS } from "./own-words.ts";
import { lockSettings } from "./queries.ts";
import { recordWords, type TemplateInput } from "./save-template.ts";
import { deleteTemplate, findTemplate } from "./template-queries.ts";

/** Goes back to the product's own words. Doing it twice changes and records nothing more. */
export async function resetTemplate(
  cx: MemberContext,
  input: Pick<TemplateInput, "use" | "language">,
): Promise<void> {
  demand(cx, "settings.manage");
  await withFirm(cx.database, cx.firmId, async (tx) => {
    await lockSettings(tx, cx.firmId);
    const before = await findTemplate(tx, cx.firmId, input.use, input.language);
    if (!before) return;
    await deleteTemplate(tx, cx.firmId, input.use, input.language);
    await recordWords(tx, cx, input, before, OWN_WORDS[input.language][input.use]);
  });
}
