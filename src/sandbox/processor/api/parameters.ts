import type { Metadata } from "../resources.ts";
import type { FormMap, FormValue } from "./form.ts";
import { badParameter } from "./problems.ts";

/**
 * Reads one value of a form; `path` is its bracketed name. Throws a 400 in Stripe's words when it does not
 * fit.
 */
export type Rule<T> = (value: FormValue, path: string) => T;

type Fields = Record<string, Rule<unknown>>;
type Read<F extends Fields, R extends keyof F> = { [K in R]: ReturnType<F[K]> } & {
  [K in Exclude<keyof F, R>]?: ReturnType<F[K]> | undefined;
};

const MAX_TEXT_LENGTH = 5000;
const MAX_METADATA_KEYS = 50;
const MAX_METADATA_KEY_LENGTH = 40;
const MAX_METADATA_VALUE_LENGTH = 500;

/** A string of at most so many characters. */
export function text(maxLength: number = MAX_TEXT_LENGTH): Rule<string> {
  return (value, path) => {
    if (typeof value !== "string") throw badParameter(path, `Invalid string: ${path}`);
    if (value === "") {
      const hint =
        "You passed an empty string. We assume empty values are an attempt to unset a " +
        "parameter; however it cannot be unset.";
      throw badParameter(
        path,
        `${hint} You should remove '${path}' from your request.`,
        "parameter_invalid_empty",
      );
    }
    if (value.length > maxLength) {
      throw badParameter(
        path,
        `Invalid string: ${value.slice(0, 10)}…; must be at most ${maxLength} characters`,
      );
    }
    return value;
  };
}

/** An integer between two bounds, both included. */
export function integer(least: number, most: number = Number.MAX_SAFE_INTEGER): Rule<number> {
  return (value, path) => {
    const number = typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
    const code = "parameter_invalid_integer";
    if (!Number.isSafeInteger(number)) throw badParameter(path, `Invalid integer: ${String(value)}`, code);
    if (number < least)
      throw badParameter(path, `This value must be greater than or equal to ${least}.`, code);
    if (number > most) throw badParameter(path, `This value must be less than or equal to ${most}.`, code);
    return number;
  };
}

/** `true` or `false`. */
export const flag: Rule<boolean> = (value, path) => {
  if (value !== "true" && value !== "false") throw badParameter(path, `Invalid boolean: ${String(value)}`);
  return value === "true";
};

/** One of the given words. */
export function oneOf<const W extends string>(...words: W[]): Rule<W> {
  return (value, path) => {
    const word = words.find((candidate) => candidate === value);
    if (word === undefined) throw badParameter(path, `Invalid ${path}: must be one of ${words.join(", ")}`);
    return word;
  };
}

/** A list of at most so many values. */
export function listOf<T>(rule: Rule<T>, maxItems: number): Rule<T[]> {
  return (value, path) => {
    if (typeof value === "string") throw badParameter(path, "Invalid array");
    const keys = Object.keys(value).sort((one, other) => Number(one) - Number(other));
    if (keys.some((key) => !/^\d+$/.test(key))) throw badParameter(path, "Invalid array");
    if (keys.length > maxItems) {
      throw badParameter(path, `Array ${path} exceeded maximum ${maxItems} allowed elements.`);
    }
    return keys.map((key) => rule(value[key] ?? "", `${path}[${key}]`));
  };
}

/** Names and values as the API keeps them; an empty value is kept as the wish to delete the name. */
export const metadata: Rule<Metadata> = (value, path) => {
  if (value === "") return {};
  if (typeof value === "string") throw badParameter(path, "Invalid object");
  const pairs = Object.entries(value);
  if (pairs.length > MAX_METADATA_KEYS) {
    throw badParameter(path, `You can only specify ${MAX_METADATA_KEYS} metadata keys.`);
  }
  for (const [key, inner] of pairs) {
    if (typeof inner !== "string") throw badParameter(`${path}[${key}]`, "Metadata values must be strings");
    if (key.length > MAX_METADATA_KEY_LENGTH) {
      throw badParameter(path, `Metadata keys must be at most ${MAX_METADATA_KEY_LENGTH} characters.`);
    }
    if (inner.length > MAX_METADATA_VALUE_LENGTH) {
      const limit = `Metadata values must be at most ${MAX_METADATA_VALUE_LENGTH} characters.`;
      throw badParameter(`${path}[${key}]`, limit);
    }
  }
  return Object.fromEntries(pairs) as Metadata;
};

/** Metadata after an update: new names are added, names with an empty value are deleted. */
export function mergeMetadata(before: Metadata, change: Metadata | undefined): Metadata {
  return Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== ""));
}

/** A map with known names, some of them required; any other name is a 400 `parameter_unknown`. */
export function shape<F extends Fields, const R extends keyof F & string = never>(
  fields: F,
  required: readonly R[] = [],
): Rule<Read<F, R>> {
  return (value, path) => {
    if (typeof value === "string") throw badParameter(path, "Invalid object");
    const inner = (name: string) => (path === "" ? name : `${path}[${name}]`);
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(fields, name)) {
        throw badParameter(inner(name), `Received unknown parameter: ${inner(name)}`, "parameter_unknown");
      }
    }
    for (const name of required) {
      if (!(name in value)) {
        throw badParameter(inner(name), `Missing required param: ${inner(name)}.`, "parameter_missing");
      }
    }
    const result: Record<string, unknown> = {};
    for (const [name, rule] of Object.entries(fields)) {
      const given = value[name];
      if (given !== undefined) result[name] = rule(given, inner(name));
    }
    return result as Read<F, R>;
  };
}

/** No parameters at all. */
export const nothing = shape({});

/** Takes `expand` out of the parameters: the paths to expand and the rest. */
export function splitExpand(parameters: FormMap, maxPaths: number): { paths: string[]; rest: FormMap } {
  const { expand, ...rest } = parameters;
  return { paths: expand === undefined ? [] : listOf(text(), maxPaths)(expand, "expand"), rest };
}
