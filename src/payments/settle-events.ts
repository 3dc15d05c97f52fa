import type { Selectable } from "kysely";
import { z } from "zod";
import { settleEach, stepOn } from "../base/settled.ts";
import type { Context } from "../context.ts";
import type { InboxEvent } from "../db/schema.ts";
import { ProcessorError } from "../stripe/port.ts";
import type { Hint } from "./read-facts.ts";
import { type Settled, settlePayments } from "./settle.ts";

const kept = z.object({ paymentIntentId: z.string().optional(), sessionId: z.string().optional() });

/** What is noted with an event. `missing`: the processor itself no longer has what it speaks of. */
export type Outcome = Settled | "missing";

/** Settles what a firm's kept events hint at, with an outcome for each in their order; a failure concerns its own event only. */
export async function settleEvents(
  cx: Context,
  firmId: string,
  events: readonly Selectable<InboxEvent>[],
): Promise<PromiseSettledResult<Outcome>[]> {
  const hints = await settleEach(events, events.length, async (event) => hintOf(event));
  const settled = await stepOn(hints, (all) => settlePayments(cx, firmId, all));
  return settled.map((result, index) => {
    if (result.status === "fulfilled" || !isMissing(result.reason)) return result;
    // What is not there cannot be read by trying again.
    cx.log.warn("the processor has no such object", { account: events[index]?.account ?? undefined });
    return { status: "fulfilled", value: "missing" };
  });
}

function hintOf({ account, payload }: Selectable<InboxEvent>): Hint {
  if (account === null) throw new Error("an event of the processor names no account");
  return { processorAccount: account, ...kept.parse(payload) };
}

function isMissing(reason: unknown): boolean {
  return reason instanceof ProcessorError && reason.kind === "missing";
}
