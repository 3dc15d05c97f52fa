import type { ContentfulStatusCode } from "hono/utils/http-status";

type Details = {
  code?: string;
  param?: string;
  headers?: Record<string, string>;
  /** True when the request never began to execute: then its idempotency key stays free. */
  refused?: boolean;
};

/** An answer in Stripe's error shape. */
export class Problem extends Error {
  readonly status: ContentfulStatusCode;
  readonly type: string;
  readonly details: Details;

  constructor(status: ContentfulStatusCode, type: string, message: string, details: Details = {}) {
    super(message);
    this.status = status;
    this.type = type;
    this.details = details;
  }
}

/** The body of an error answer; `origin` is where the dashboard stands in for Stripe's log of requests. */
export function problemBody(problem: Problem, origin: string) {
  const { code, param } = problem.details;
  return {
    error: {
      ...(code === undefined ? {} : { code, doc_url: `https://stripe.com/docs/error-codes/${code}` }),
      message: problem.message,
      ...(param === undefined ? {} : { param }),
      request_log_url: `${origin}/dashboard`,
      type: problem.type,
    },
  };
}

/**
 * 400 for a parameter that cannot be read or is not allowed: nothing began, so the idempotency key stays
 * free.
 */
export function badParameter(param: string, message: string, code?: string): Problem {
  return new Problem(400, "invalid_request_error", message, {
    param,
    refused: true,
    ...(code === undefined ? {} : { code }),
  });
}

/** 400 for a request that the state of things does not allow. */
export function notAllowed(message: string, code?: string, param?: string): Problem {
  return new Problem(400, "invalid_request_error", message, {
    ...(code === undefined ? {} : { code }),
    ...(param === undefined ? {} : { param }),
  });
}

/**
 * 404 for an object that is not there, or not on this account. `param` names the parameter that carried the
 * id.
 */
export function missing(noun: string, id: string, param = "id"): Problem {
  return new Problem(404, "invalid_request_error", `No such ${noun}: '${id}'`, {
    code: "resource_missing",
    param,
  });
}
