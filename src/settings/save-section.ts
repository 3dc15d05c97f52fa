import { record } from "../audit/record.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { demand } from "../web/env.ts";
import { lockSettings, updateSettings } from "./queries.ts";
import { changedParts, demandCurrent, type Section, sectionVersion, type Typed } from "./section.ts";

/**
 * Saves one page of the firm's settings. `seen` is the version that the form was made of. Throws `invalid` by box, `conflict` when
 * somebody else saved the page meanwhile. Saving what holds already changes and records nothing.
 */
export async function saveSection(
  cx: MemberContext,
  section: Section,
  input: { typed: Typed; seen: string },
): Promise<void> {
  demand(cx, "settings.manage");
  await withFirm(cx.database, cx.firmId, async (tx) => {
    const stored = await lockSettings(tx, cx.firmId);
    const change = section.read(input.typed, { stored, vault: cx.vault });
    demandCurrent(input.seen, sectionVersion(section, stored));
    const next = { ...stored, ...change } as typeof stored;
    const isHiddenChanged = section.hidden?.(stored) !== section.hidden?.(next);
    const parts = changedParts(section.show(stored), section.show(next));
    if (Object.keys(parts.after).length === 0 && !isHiddenChanged) return;
    await updateSettings(tx, cx.firmId, { ...change, updated_at: cx.now() });
    await record(tx, cx, {
      action: `settings.${section.key}_changed`,
      objectKind: "settings",
      objectId: section.key,
      before: parts.before,
      // That a secret was replaced is on record, never the secret.
      after: isHiddenChanged ? { ...parts.after, secret: "replaced" } : parts.after,
    });
  });
}
