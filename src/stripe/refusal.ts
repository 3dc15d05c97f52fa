import Stripe from "stripe";
import { ProcessorError, type ProcessorErrorKind } from "./port.ts";

/** The code of an outage that only says: the first request with this key is still under way. */
export const KEY_IN_USE = "idempotency_key_in_use";
/** The code of a refusal that says: this key was used before, with other parameters. */
export const KEY_REUSED = "idempotency_key_reused";

/** What the library threw, in the port's words. Its own message goes along as the cause only: it may quote what was sent. */
export function toProcessorError(error: unknown): ProcessorError {
  if (error instanceof ProcessorError) return error;
  if (!(error instanceof Stripe.errors.StripeError))
    return new ProcessorError("unreadable", "the answer is not what the processor documents", {
      cause: error,
    });
  const kind = kindOf(error);
  const status = error.statusCode === undefined ? "without a status" : `with status ${error.statusCode}`;
  return new ProcessorError(kind, `the processor answered ${status} (${error.type})`, {
    code: codeOf(error, kind),
    cause: error,
  });
}

/** https://docs.stripe.com/error-handling#error-types */
function kindOf(error: Stripe.errors.StripeError): ProcessorErrorKind {
  if (error instanceof Stripe.errors.StripeConnectionError) return "outage";
  // The library itself never repeats a 429 that does not ask for it; the queue does, later.
  if (error instanceof Stripe.errors.StripeRateLimitError) return "outage";
  if (error.code === KEY_IN_USE) return "outage";
  if (error instanceof Stripe.errors.StripeAuthenticationError) return "auth";
  if (error instanceof Stripe.errors.StripePermissionError) return "auth";
  if (error.statusCode === undefined) return "unreadable";
  if (error.statusCode >= 500) return "outage";
  if (error.statusCode === 409) return "outage";
  if (error.statusCode === 404 || error.code === "resource_missing") return "missing";
  return "rejected";
}

function codeOf(error: Stripe.errors.StripeError, kind: ProcessorErrorKind): string | undefined {
  if (error.code !== undefined) return error.code;
  const isAboutKey = error instanceof Stripe.errors.StripeIdempotencyError;
  return isAboutKey && kind === "rejected" ? KEY_REUSED : undefined;
}
