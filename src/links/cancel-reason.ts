import { z } from "zod";

/** So long may the reason be with which links are cancelled; the table says the same. */
export const REASON_LENGTH_LIMIT = 200;
/** What stands under the box for it. */
export const REASON_HINT = `For your firm only; the payer does not see it. Up to ${REASON_LENGTH_LIMIT} characters.`;

/** A typed reason in one line; undefined when none was given. */
export const cancelReason = z
  .string()
  .transform((text) => text.replace(/\s+/g, " ").trim())
  .pipe(
    z.string().max(REASON_LENGTH_LIMIT, {
      error: ({ input }) =>
        `Shorten the reason to ${REASON_LENGTH_LIMIT} characters. It has ${String(input).length}`,
    }),
  )
  .transform((text) => (text === "" ? undefined : text))
  .optional();
