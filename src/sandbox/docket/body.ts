import type { Context } from "hono";
import { z } from "zod";
import { toCents } from "./money.ts";
import { Refusal } from "./refusal.ts";

/** Major units in JSON to positive integer cents. */
export const moneyField = z.number().transform((amount, context) => {
  const cents = toCents(amount);
  if (cents === undefined || cents <= 0) {
    context.addIssue({ code: "custom", message: "must be above zero, with at most two decimals" });
    return z.NEVER;
  }
  return cents;
});

/** The request's JSON by a schema. Throws a Refusal: 400 when it is not JSON, 422 when it does not fit. */
export async function readBody<Output>(context: Context, schema: z.ZodType<Output>): Promise<Output> {
  const parsed = schema.safeParse(await readJson(context));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join(".") ?? "";
  throw new Refusal(422, "invalid", `${field === "" ? "body" : field}: ${issue?.message ?? "does not fit"}`);
}

async function readJson(context: Context): Promise<unknown> {
  try {
    return await context.req.json();
  } catch {
    throw new Refusal(400, "bad_request", "The body is not JSON.");
  }
}
