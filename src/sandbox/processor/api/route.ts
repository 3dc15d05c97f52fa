import type { Context } from "../context.ts";
import type { Rule } from "./parameters.ts";

type Method = "get" | "post" | "delete";

/** One operation of the API: where it is, how its parameters are read, what it does with them. */
export type Route = {
  method: Method;
  /** `:id` stands for the one identifier a path can hold. */
  path: string;
  /**
   * Reads the parameters (throwing 400s); the function it gives back does the work and returns the answer's
   * body.
   */
  prepare: (
    cx: Context,
    parameters: Parameters<Rule<unknown>>[0],
    id: string,
  ) => () => Record<string, unknown>;
};

/** Ties a path to the rule of its parameters and to the operation that gets them. */
export function route<T>(
  method: Method,
  path: string,
  rule: Rule<T>,
  run: (cx: Context, input: T, id: string) => Record<string, unknown>,
): Route {
  return {
    method,
    path,
    prepare: (cx, parameters, id) => {
      const input = rule(parameters, "");
      return () => run(cx, input, id);
    },
  };
}
