import { setTimeout as wait } from "node:timers/promises";
import type { HttpBindings } from "@hono/node-server";
import { Hono, type MiddlewareHandler } from "hono";

type FaultKind = "latency" | "error" | "rate_limit" | "drop_answer";
type Fault = { kind: FaultKind; count: number; milliseconds: number };

export type Faults = {
  add: (fault: Fault) => void;
  /** Uses up one hit of the oldest fault; undefined when the service is well. */
  take: () => Fault | undefined;
  list: () => Fault[];
  clear: () => void;
};

const KINDS: readonly string[] = ["latency", "error", "rate_limit", "drop_answer"];
const DEFAULT_LATENCY_MILLISECONDS = 2_000;
const MAXIMUM_LATENCY_MILLISECONDS = 120_000;
const MAXIMUM_COUNT = 100_000;

/** A queue of ills that the next requests will meet, oldest first. */
export function createFaults(): Faults {
  const faults: Fault[] = [];
  return {
    add: (fault) => void faults.push({ ...fault }),
    take: () => {
      const fault = faults[0];
      if (fault === undefined) return undefined;
      fault.count -= 1;
      if (fault.count === 0) faults.shift();
      return fault;
    },
    list: () => faults.map((fault) => ({ ...fault })),
    clear: () => void faults.splice(0),
  };
}

/**
 * Lets a request meet the next fault: late, refused (the given answers), or done with its answer lost on the
 * way back, as when a connection breaks between a service and its caller.
 */
export function meetFaults(
  faults: Faults,
  answers: { error: () => Response; rateLimit: () => Response },
): MiddlewareHandler<{ Bindings: HttpBindings }> {
  return async (c, next) => {
    const fault = faults.take();
    if (fault?.kind === "error") return answers.error();
    if (fault?.kind === "rate_limit") return answers.rateLimit();
    if (fault?.kind === "latency") await wait(fault.milliseconds);
    await next();
    if (fault?.kind === "drop_answer") c.env.outgoing.destroy();
  };
}

/**
 * The doors for scripts, which may know a kind by another name too: `GET`, `POST { kind, count?,
 * milliseconds? }` and `DELETE /control/faults`.
 */
export function faultRoutes(faults: Faults, otherNames: Record<string, FaultKind> = {}): Hono {
  const routes = new Hono();
  routes.get("/", (c) => c.json({ faults: faults.list() }));
  routes.post("/", async (c) => {
    const fault = readFault(await c.req.json().catch(() => undefined), otherNames);
    if (typeof fault === "string") return c.json({ error: fault }, 400);
    faults.add(fault);
    return c.json({ faults: faults.list() }, 201);
  });
  routes.delete("/", (c) => {
    faults.clear();
    return c.body(null, 204);
  });
  return routes;
}

function readFault(body: unknown, otherNames: Record<string, FaultKind>): Fault | string {
  if (typeof body !== "object" || body === null) return "the body must be a JSON object";
  const {
    kind: name,
    count = 1,
    milliseconds = DEFAULT_LATENCY_MILLISECONDS,
  } = body as Record<string, unknown>;
  const kind = typeof name === "string" && Object.hasOwn(otherNames, name) ? otherNames[name] : name;
  if (!isKind(kind)) return `kind must be one of ${KINDS.join(", ")}`;
  if (!isWholeUpTo(count, MAXIMUM_COUNT) || count === 0) return `count must be 1 to ${MAXIMUM_COUNT}`;
  if (!isWholeUpTo(milliseconds, MAXIMUM_LATENCY_MILLISECONDS)) {
    return `milliseconds must be 0 to ${MAXIMUM_LATENCY_MILLISECONDS}`;
  }
  return { kind, count, milliseconds };
}

function isKind(value: unknown): value is FaultKind {
  return typeof value === "string" && KINDS.includes(value);
}

function isWholeUpTo(value: unknown, maximum: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= maximum;
}
