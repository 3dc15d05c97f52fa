import type { Hono } from "hono";
import type { MemberContext } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import type { Scope, WebEnv } from "../../src/web/env.ts";
import { startSession } from "../../src/web/session.ts";

/** The cookie of a member who is signed in, as a header. */
export async function cookieFor(
  member: MemberContext,
  kind: Scope["kind"] = "direct",
  now = new Date(),
): Promise<string> {
  const request = { firmId: member.firmId, memberId: member.actor.id, kind, now };
  const secret = await withFirm(member.database, member.firmId, (tx) => startSession(tx, request));
  const name = kind === "embed" ? "sfp_panel" : "sfp_session";
  const prefix = member.config.PUBLIC_ORIGIN.startsWith("https://") ? "__Host-" : "";
  return `${prefix}${name}=${secret}`;
}

type App = Hono<WebEnv>;
type Headers = Record<string, string>;

export async function get(app: App, path: string, headers: Headers = {}): Promise<Response> {
  return await app.request(path, { headers });
}

/** Posts a form as a page of ours would. */
export async function post(
  app: App,
  path: string,
  fields: Record<string, string>,
  headers: Headers = {},
): Promise<Response> {
  return await app.request(path, {
    method: "POST",
    headers: { "Sec-Fetch-Site": "same-origin", ...headers },
    body: new URLSearchParams(fields),
  });
}

/** The cookies that an answer sets, as a header for the next request; those taken back are left out. */
export function cookiesOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .filter((line) => !/max-age=0/i.test(line))
    .map((line) => line.split(";")[0])
    .join("; ");
}
