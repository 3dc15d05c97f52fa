import type { MiddlewareHandler } from "hono";

/** Refuses what another site's page sends: a cookie's site includes every port of this host, so the exact origin counts. */
export function refuseOtherOrigins(origin: string): MiddlewareHandler {
  return async (context, next) => {
    const from = context.req.header("origin");
    const changes = context.req.method !== "GET" && context.req.method !== "HEAD";
    if (changes && from !== undefined && from !== origin) {
      return context.text("This request did not come from Docket's own pages.", 403);
    }
    return next();
  };
}
