import type { Context as HonoContext } from "hono";
import { Problem } from "../base/error.ts";
import { may, type Permission } from "../base/permission.ts";
import type { Context, FirmContext, MemberContext } from "../context.ts";

/** The firm as every staff page shows it. */
type FirmFacts = {
  id: string;
  name: string;
  slug: string;
  timeZone: string;
  locale: string;
  currency: string;
};

/** A signed-in member in one firm, for the length of a request. */
export type Scope = {
  sessionId: string;
  kind: "direct" | "embed";
  firm: FirmFacts;
  member: Extract<FirmContext["actor"], { kind: "member" }>;
  email: string;
};

/** What the middleware of app.tsx puts into each request. */
export type WebEnv = {
  Variables: {
    cx: Context;
    requestId: string;
    /** Of the Content-Security-Policy; the only scripts and style elements that run carry it. */
    nonce: string;
    scope: Scope | undefined;
    /** Origins that may frame this answer; empty is none. */
    frameAncestors: string[];
    /** Origins besides our own that a form of this answer may lead to. */
    formTargets: string[];
    /** Another party whose widget this answer shows, and where it loads from; undefined for every other page. */
    widgetSources: WidgetSources | undefined;
  };
};

/** What a widget of another party needs of the content security policy, by directive. */
type WidgetSources = Readonly<Record<"script" | "frame" | "style" | "connect", readonly string[]>>;

export type Web = HonoContext<WebEnv>;

/** The scope of a request that needs one. Throws `signed_out`. */
export function getScope(c: Web): Scope {
  const scope = c.get("scope");
  if (!scope) throw new Problem("signed_out", "Sign in to see this page.");
  return scope;
}

/** What a verb is given when a member asks. Throws `signed_out`. */
export function memberContext(c: Web): MemberContext {
  const scope = getScope(c);
  return { ...c.get("cx"), firmId: scope.firm.id, actor: scope.member, requestId: c.get("requestId") };
}

/** What a verb is given when somebody else asks: a payer with a link, the processor with an event. */
export function firmContext(c: Web, firmId: string, actor: FirmContext["actor"]): FirmContext {
  return { ...c.get("cx"), firmId, actor, requestId: c.get("requestId") };
}

/** Throws `forbidden` when the member's role lacks the permission. Verbs call it first. */
export function demand(cx: MemberContext, permission: Permission): void {
  if (!may(cx.actor.role, permission))
    throw new Problem(
      "forbidden",
      "Your role does not include this. An administrator of your firm can change it.",
    );
}
