import { createHash } from "node:crypto";
import { record } from "../audit/record.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { demand } from "../web/env.ts";
import { findLogo, type LogoFacts, putLogo } from "./logo-queries.ts";
import { lockSettings } from "./queries.ts";
import { readLogo } from "./read-logo.ts";

const HASH_LENGTH = 32;

/** Puts a logo in the place of the one before. Returns the hash that names it. Throws `invalid` with the field `logo`. */
export async function changeLogo(cx: MemberContext, input: { bytes: Uint8Array }): Promise<string> {
  demand(cx, "settings.manage");
  const picture = readLogo(input.bytes);
  const hash = createHash("sha256").update(input.bytes).digest("hex").slice(0, HASH_LENGTH);
  await withFirm(cx.database, cx.firmId, async (tx) => {
    await lockSettings(tx, cx.firmId);
    const before = await findLogo(tx, cx.firmId);
    if (before?.hash === hash) return;
    await putLogo(tx, {
      firm_id: cx.firmId,
      media_type: picture.mediaType,
      content: Buffer.from(input.bytes),
      hash,
      width: picture.width,
      height: picture.height,
      updated_at: cx.now(),
    });
    await record(tx, cx, {
      action: "settings.logo_changed",
      objectKind: "settings",
      objectId: "payment_page",
      before: before && logoInWords(before),
      after: logoInWords({
        media_type: picture.mediaType,
        hash,
        width: picture.width,
        height: picture.height,
      }),
    });
  });
  return hash;
}

/** What the record keeps of a logo. */
export function logoInWords(logo: Omit<LogoFacts, "updated_at">): Record<string, string> {
  return { logo: logo.media_type, size: `${logo.width} × ${logo.height}`, hash: logo.hash };
}
