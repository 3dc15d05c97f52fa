import { z } from "zod";
import { record } from "../audit/record.ts";
import { addDays, dayOf, daysBetween } from "../base/day.ts";
import { conflict, invalid } from "../base/error.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { enqueue } from "../queue/enqueue.ts";
import { getFirm } from "../settings/queries.ts";
import { demand } from "../web/env.ts";
import { cancelReason } from "./cancel-reason.ts";
import { LONGEST_LIFE_DAYS } from "./extend.ts";
import { type Choice, isEmpty, MANY_LIMIT } from "./many-choice.ts";
import { insertAction, insertItems } from "./many-queries.ts";
import { MANY_VERBS, type ManyVerb } from "./many-refusal.ts";
import { actOnMany } from "./many-run.ts";
import { parseInput } from "./request.ts";
import { listScope } from "./sent-scope.ts";

/** So many are done before the page answers; more are left to a job. */
const AT_ONCE_LIMIT = 200;
/** The job that takes over should this process end in between. */
const TAKE_OVER_MS = 60_000;

const startInput = z.object({
  formId: z.uuid(),
  verb: z.enum(MANY_VERBS),
  /** The links as they were counted, and when: what came later is not meant. */
  seen: z.coerce.number().int().min(0),
  asOf: z.coerce.date(),
  how: z.enum(["until", "days"]).optional(),
  expiresOn: z.string().trim().optional(),
  extendDays: z.string().trim().optional(),
  reason: cancelReason,
});

export type StartMany = z.input<typeof startInput> & { choice: Choice; chosenWords: string };

/**
 * Begins one action on many links: which links they are is settled here, together with the job that acts on them. A few are done at
 * once. The same form again finds its action and begins no other. Returns the action's id. Throws `invalid`, and `conflict` when there
 * are too many, or more than the member was shown.
 */
export async function startMany(cx: MemberContext, input: StartMany): Promise<string> {
  demand(cx, input.verb === "cancel" ? "links.cancel" : "links.send");
  const request = parseInput(startInput, input);
  if (isEmpty(input.choice)) throw invalid({ form: "Tick the links first." });
  const isSmall = await withFirm(cx.database, cx.firmId, async (tx) => {
    const firm = await getFirm(tx, cx.firmId);
    const isNew = await insertAction(tx, {
      firm_id: cx.firmId,
      id: request.formId,
      verb: request.verb,
      ...extension(request, dayOf(cx.now(), firm.time_zone)),
      reason: request.verb === "cancel" ? (request.reason ?? null) : null,
      chosen: input.chosenWords,
      created_by: cx.actor.id,
      created_at: cx.now(),
    });
    if (!isNew) return false;
    const scope = listScope(cx, cx.firmId, firm.time_zone);
    const count = await insertItems(tx, scope, request.formId, input.choice, request.asOf);
    if (count > MANY_LIMIT) throw tooMany();
    if (count === 0) throw conflict("None of these links is there any more. Go back to the list.");
    if (input.choice.kind === "all" && count > request.seen) throw grown(request.seen, count);
    await record(tx, cx, {
      action: `linkAction.${request.verb}`,
      objectKind: "linkAction",
      objectId: request.formId,
      after: {
        links: count,
        chosen: input.chosenWords,
        ...(request.verb === "cancel" && request.reason !== undefined ? { reason: request.reason } : {}),
      },
    });
    const later = count > AT_ONCE_LIMIT ? {} : { runAt: new Date(Date.now() + TAKE_OVER_MS) };
    await enqueue(tx, "links.actOnMany", { firmId: cx.firmId, actionId: request.formId }, later);
    return count <= AT_ONCE_LIMIT;
  });
  if (isSmall) await actAtOnce(cx, request.formId);
  return request.formId;
}

/** What is asked for is stored with its job, so a failure here only means that the job does it. */
async function actAtOnce(cx: MemberContext, actionId: string): Promise<void> {
  try {
    await actOnMany(cx, { firmId: cx.firmId, actionId }, undefined);
  } catch (error) {
    cx.log.error("an action on links is left to its job", { firmId: cx.firmId, actionId }, error);
  }
}

export function tooMany() {
  return conflict(
    "These are more than 10,000 links. Narrow the list down with a filter, and do it in several parts.",
  );
}

function grown(seen: number, count: number) {
  return conflict(
    `${seen.toLocaleString("en-US")} links were in the list when you looked, now it is ${count.toLocaleString("en-US")}. Nothing was done. Look at them again.`,
  );
}

type Extension = { expires_on: string | null; extend_days: number | null };

/** Until when links are extended, checked as far as it does not depend on the link. */
function extension(request: z.output<typeof startInput>, today: string): Extension {
  if (request.verb !== ("extend" satisfies ManyVerb)) return { expires_on: null, extend_days: null };
  if (request.how === "days") {
    const days = /^\d{1,3}$/.test(request.extendDays ?? "") ? Number(request.extendDays) : 0;
    if (days < 1 || days > LONGEST_LIFE_DAYS)
      throw invalid({ extendDays: `Enter a whole number of days, from 1 to ${LONGEST_LIFE_DAYS}` });
    return { expires_on: null, extend_days: days };
  }
  const until = z.iso.date().safeParse(request.expiresOn);
  if (!until.success) throw invalid({ expiresOn: `Enter the last day, like ${addDays(today, 30)}` });
  const ahead = daysBetween(today, until.data);
  if (ahead < 0) throw invalid({ expiresOn: "Enter today or a later day" });
  if (ahead > LONGEST_LIFE_DAYS) throw invalid({ expiresOn: "Enter a day within one year" });
  return { expires_on: until.data, extend_days: null };
}
