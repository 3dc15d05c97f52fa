/**
 * What can go wrong in a way that a person can act on. `code` is for programs and tests, `message` is for the person; anything
 * else that is thrown is a defect and shows only a reference number.
 */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  /** Field name to sentence, for forms. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, message: string, fields: Record<string, string> = {}) {
    super(message);
    this.code = code;
    this.fields = fields;
  }
}

/** `invalid`: the input; `not_found`: also for what belongs to another firm; `conflict`: the state moved on meanwhile. */
export type ProblemCode =
  | "invalid"
  | "not_found"
  | "forbidden"
  | "signed_out"
  | "conflict"
  | "expired"
  | "too_many"
  | "unavailable";

const STATUS = {
  invalid: 422,
  not_found: 404,
  forbidden: 403,
  signed_out: 401,
  conflict: 409,
  expired: 410,
  too_many: 429,
  unavailable: 503,
} as const satisfies Record<ProblemCode, number>;

/** The HTTP status of a problem. */
export function statusOf(code: ProblemCode): (typeof STATUS)[ProblemCode] {
  return STATUS[code];
}

export function notFound(what: string): Problem {
  return new Problem("not_found", `There is no such ${what}.`);
}

export function invalid(fields: Record<string, string>): Problem {
  return new Problem("invalid", Object.values(fields)[0] ?? "Check what you entered.", fields);
}

export function conflict(message: string): Problem {
  return new Problem("conflict", message);
}

/** Closes a switch over a union: a new member that is not handled becomes a type error here. */
export function never(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`);
}
