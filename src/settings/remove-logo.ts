import { record } from "../audit/record.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { demand } from "../web/env.ts";
import { logoInWords } from "./change-logo.ts";
import { deleteLogo, findLogo } from "./logo-queries.ts";
import { lockSettings } from "./queries.ts";

/** Takes the logo away; the firm's name stands alone from now on. */
export async function removeLogo(cx: MemberContext): Promise<void> {
  demand(cx, "settings.manage");
  await withFirm(cx.database, cx.firmId, async (tx) => {
    await lockSettings(tx, cx.firmId);
    const before = await findLogo(tx, cx.firmId);
    if (!before) return;
    await deleteLogo(tx, cx.firmId);
    await record(tx, cx, {
      action: "settings.logo_removed",
      objectKind: "settings",
      objectId: "payment_page",
      before: logoInWords(before),
    });
  });
}
