import { z } from "zod";
import { record } from "../audit/record.ts";
import { conflict } from "../base/error.ts";
import { LANGUAGES } from "../base/language.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { enqueue } from "../queue/enqueue.ts";
import { demand } from "../web/env.ts";
import { type LinkRow, lockLink, updateLink } from "./queries.ts";
import { parseInput, payerEmails, payerName } from "./request.ts";
import { lockOpenRequest, sending } from "./resend.ts";

const correctInput = z.object({
  linkId: z.string(),
  payerName,
  payerEmails: payerEmails.refine((list) => list.length > 0, "Enter at least one email address"),
  /** The payer's language; null is the browser's choice, and English in emails. Left out, it stays. */
  language: z.enum(LANGUAGES, "Choose one of the languages").nullable().optional(),
  /** What the member saw; the same form twice corrects once. */
  tokenVersion: z.int(),
});

/**
 * Puts other addresses in the place of those that a request went to and sends it there. Every open link of the request gets a new
 * address of its own: what was sent before opens nothing any more, and what is open at the processor is expired.
 */
export async function correctLink(cx: MemberContext, input: z.input<typeof correctInput>): Promise<LinkRow> {
  demand(cx, "links.send");
  const request = parseInput(correctInput, input);
  return await withFirm(cx.database, cx.firmId, async (tx) => {
    const { link, open, sendCount } = await lockOpenRequest(tx, cx.firmId, request.linkId);
    if (link.token_version !== request.tokenVersion) {
      if (link.payer_emails.join() === request.payerEmails.join()) return link;
      throw conflict("The address was changed by somebody else meanwhile. Look at it again.");
    }
    for (const each of open) {
      await updateLink(tx, cx.firmId, each.id, {
        ...sending(cx, sendCount),
        payer_name: request.payerName,
        payer_emails: request.payerEmails,
        token_version: each.token_version + 1,
        ...(request.language === undefined ? {} : { language: request.language }),
      });
      await record(tx, cx, {
        action: "link.corrected",
        objectKind: "link",
        objectId: each.id,
        linkId: each.id,
        before: { recipients: each.payer_emails.length, tokenVersion: each.token_version },
        after: { recipients: request.payerEmails.length, tokenVersion: each.token_version + 1 },
      });
      await enqueue(tx, "pay.expireCheckouts", { firmId: cx.firmId, linkId: each.id });
    }
    await enqueue(tx, "delivery.request", { firmId: cx.firmId, requestId: link.request_id });
    return await lockLink(tx, cx.firmId, link.id);
  });
}
