import type { MiddlewareHandler } from "hono";
import { Problem } from "../base/error.ts";
import { may, type Permission } from "../base/permission.ts";
import { getScope, type WebEnv } from "./env.ts";

/** Who may come in at a route besides members: said out loud, so that no route is open by omission. */
export type Door = Permission | "public" | "payer" | "signed-in" | "signature";

const DOORS = new WeakMap<MiddlewareHandler<WebEnv>, Door>();

/**
 * The first handler of every route. A permission lets in members whose role holds it, of either kind of session; `signed-in` any
 * member; `payer` whoever has a link's token; `signature` a caller who signs; `public` anybody.
 */
export function allow(door: Door): MiddlewareHandler<WebEnv> {
  const handler: MiddlewareHandler<WebEnv> = async (c, next) => {
    if (door === "signed-in") getScope(c);
    else if (door !== "public" && door !== "payer" && door !== "signature")
      demandPermission(getScope(c).member.role, door);
    await next();
  };
  DOORS.set(handler, door);
  return handler;
}

/** The door of a route's handler; for the test that walks all routes. */
export function doorOf(handler: unknown): Door | undefined {
  return DOORS.get(handler as MiddlewareHandler<WebEnv>);
}

function demandPermission(role: Parameters<typeof may>[0], permission: Permission): void {
  if (!may(role, permission))
    throw new Problem(
      "forbidden",
      "Your role does not include this page. An administrator of your firm can change it.",
    );
}
