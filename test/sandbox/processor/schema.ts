import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where a copy of the processor's published schema may lie: beside the project, not in it. */
const SCHEMA_FILE = join(import.meta.dirname, "../../../../shared/reference/specs/stripe-subset.json");

const REFERENCE = "#/components/schemas/";

type Schema = {
  $ref?: string;
  type?: string;
  enum?: string[];
  nullable?: boolean;
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
};

type Document = {
  info: { "x-open-enums": string[] };
  components: { schemas: Record<string, Schema> };
};

/** The published schema, or undefined where it does not lie beside the project. */
export function publishedSchema(): Document | undefined {
  return existsSync(SCHEMA_FILE) ? (JSON.parse(readFileSync(SCHEMA_FILE, "utf8")) as Document) : undefined;
}

/** Every place at which a value does not fit the named schema, in words; an empty list when it fits. */
export function misfits(document: Document, name: string, value: unknown): string[] {
  const check = (schema: Schema, at: string, given: unknown): string[] => {
    if (given === null) return schema.nullable === true ? [] : [`${at} is null`];
    if (schema.$ref !== undefined) {
      const target = schema.$ref.slice(REFERENCE.length);
      return check(
        { ...document.components.schemas[target] },
        target.startsWith("stub.") ? at : target,
        given,
      );
    }
    if (schema.anyOf !== undefined) return alternatives(schema.anyOf, at, given);
    if (schema.type === "array") {
      if (!Array.isArray(given)) return [`${at} is no list`];
      return given.flatMap((entry) => check(schema.items ?? {}, at, entry));
    }
    if (schema.type === "object") return fields(schema, at, given);
    return scalar(schema, at, given);
  };
  const alternatives = (schemas: Schema[], at: string, given: unknown): string[] => {
    const tries = schemas.map((schema) => check(schema, at, given));
    return tries.some((found) => found.length === 0) ? [] : (tries.at(-1) ?? []);
  };
  const fields = (schema: Schema, at: string, given: unknown): string[] => {
    if (typeof given !== "object" || Array.isArray(given)) return [`${at} is no object`];
    const own = given as Record<string, unknown>;
    const absent = (schema.required ?? [])
      .filter((key) => !(key in own))
      .map((key) => `${at}.${key} is missing`);
    const { properties } = schema;
    // A schema without properties, and one that stands for a resource outside the subset, allow anything.
    if (properties === undefined || Object.keys(properties).length <= 2) return absent;
    const inner = Object.entries(own).flatMap(([key, field]) => {
      const known = properties[key];
      return known === undefined ? [`${at}.${key} is unknown`] : check(known, `${at}.${key}`, field);
    });
    return [...absent, ...inner];
  };
  const scalar = (schema: Schema, at: string, given: unknown): string[] => {
    const kind = Number.isInteger(given) ? "integer" : typeof given;
    if (
      schema.type !== undefined &&
      schema.type !== kind &&
      !(schema.type === "number" && kind === "integer")
    ) {
      return [`${at} is ${kind}, not ${schema.type}`];
    }
    const closed = schema.enum !== undefined && !document.info["x-open-enums"].includes(at);
    return closed && schema.enum?.includes(String(given)) === false ? [`${at} is ${String(given)}`] : [];
  };
  return check({ $ref: `${REFERENCE}${name}` }, name, value);
}
