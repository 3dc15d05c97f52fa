import type { Context } from "../context.ts";
import { bodyOf } from "../store/objects.ts";
import { badParameter } from "./problems.ts";

type Body = Record<string, unknown>;

const MAX_DEPTH = 4;

/** The fields that hold an id and can be replaced by the object, for each kind of object. */
const EXPANDABLE: Record<string, readonly string[]> = {
  "checkout.session": [
    "payment_intent",
    "customer",
    "setup_intent",
    "subscription",
    "invoice",
    "payment_link",
  ],
  payment_intent: ["latest_charge", "payment_method", "customer", "application", "on_behalf_of", "review"],
  charge: [
    "balance_transaction",
    "payment_intent",
    "customer",
    "failure_balance_transaction",
    "application_fee",
    "on_behalf_of",
  ],
  refund: [
    "charge",
    "payment_intent",
    "balance_transaction",
    "failure_balance_transaction",
    "payment_method",
  ],
  dispute: ["charge", "payment_intent"],
  balance_transaction: ["source"],
  payout: ["balance_transaction", "failure_balance_transaction", "destination"],
};

/** Fields that are absent until asked for, with what makes them. */
export type Includes = Record<string, Record<string, (cx: Context, body: Body) => unknown>>;

/**
 * Replaces ids by objects along each path (`payment_intent.latest_charge`); lists are walked through `data`.
 */
export function expand(cx: Context, body: Body, paths: string[], includes: Includes): Body {
  const result = structuredClone(body);
  for (const path of paths) {
    const steps = path.split(".");
    const depth = steps.filter((step) => step !== "data").length;
    if (depth > MAX_DEPTH) {
      throw badParameter(
        "expand",
        `You cannot expand more than ${MAX_DEPTH} levels of a property. Property: ${path}`,
      );
    }
    walk(cx, result, steps, path, includes);
  }
  return result;
}

function walk(cx: Context, body: Body, steps: string[], path: string, includes: Includes): void {
  const [field, ...rest] = steps;
  if (field === undefined) return;
  if (field === "data" && Array.isArray(body.data)) {
    for (const entry of body.data) walk(cx, entry as Body, rest, path, includes);
    return;
  }
  const kind = String(body.object);
  const include = includes[kind]?.[field];
  if (include !== undefined && body[field] === undefined) body[field] = include(cx, body);
  else if (typeof body[field] === "string" && EXPANDABLE[kind]?.includes(field)) {
    body[field] = bodyOf(cx, body[field]) ?? body[field];
  } else if (!EXPANDABLE[kind]?.includes(field) && include === undefined) {
    throw badParameter("expand", `This property cannot be expanded (${path}).`);
  }
  const inner = body[field];
  if (typeof inner === "object" && inner !== null) walk(cx, inner as Body, rest, path, includes);
}
