import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { CookieOptions } from "hono/utils/cookie";
import { sql } from "kysely";
import { newId, newSecret } from "../base/id.ts";
import type { Context } from "../context.ts";
import type { Database } from "../db/open.ts";
import { withFirm } from "../db/tenant.ts";
import { type Tx, transact } from "../db/tx.ts";
import { hashSecret } from "../vault/hash.ts";
import type { Scope, Web } from "./env.ts";

const HOURS_MS = 3_600_000;
/** Staff sign in again after 12 hours, and earlier after the firm's time without a click. */
const DIRECT_LIFETIME_MS = 12 * HOURS_MS;
const EMBED_LIFETIME_MS = 12 * HOURS_MS;
const MINUTES_MS = 60_000;
/** The time of the last click is not written more often. */
const SEEN_STEP_MS = 60_000;

type Kind = Scope["kind"];

/** Starts a session in the caller's transaction (its firm entered). Returns the secret for the cookie; only its hash is stored. */
export async function startSession(
  tx: Tx,
  request: { firmId: string; memberId: string; kind: Kind; now: Date },
): Promise<string> {
  const secret = newSecret();
  const lifetime = request.kind === "direct" ? DIRECT_LIFETIME_MS : EMBED_LIFETIME_MS;
  await tx
    .insertInto("session")
    .values({
      firm_id: request.firmId,
      id: newId(),
      secret_hash: hashSecret(secret),
      member_id: request.memberId,
      kind: request.kind,
      expires_at: new Date(request.now.getTime() + lifetime),
    })
    .execute();
  return secret;
}

/** Gives the browser its session. A framed page's cookie is partitioned: it exists only inside that matter system's pages. */
export function setSessionCookie(c: Web, kind: Kind, secret: string): void {
  const { name, attributes } = cookieOf(c.get("cx"), kind);
  setCookie(c, name, secret, attributes);
}

/** Ends the session in the database and takes the cookie back. */
export async function endSession(c: Web): Promise<void> {
  const scope = c.get("scope");
  if (!scope) return;
  const cx = c.get("cx");
  await withFirm(cx.database, scope.firm.id, (tx) =>
    tx
      .updateTable("session")
      .set({ ended_at: cx.now() })
      .where("firm_id", "=", scope.firm.id)
      .where("id", "=", scope.sessionId)
      .execute(),
  );
  // With the very attributes it was set with: a partitioned cookie is taken back only inside its partition.
  const { name, attributes } = cookieOf(cx, scope.kind);
  deleteCookie(c, name, attributes);
}

/** Ends every session of a member, in the caller's transaction: when the member is removed. */
export async function endSessionsOf(tx: Tx, firmId: string, memberId: string, now: Date): Promise<void> {
  await tx
    .updateTable("session")
    .set({ ended_at: now })
    .where("firm_id", "=", firmId)
    .where("member_id", "=", memberId)
    .where("ended_at", "is", null)
    .execute();
}

/** The scope of a request by its cookie; undefined when signed out, expired or removed. Paths of the panel use the framed cookie. */
export async function findScope(c: Web): Promise<Scope | undefined> {
  const cx = c.get("cx");
  const kind: Kind = c.req.path.startsWith("/embed/") ? "embed" : "direct";
  const secret = getCookie(c, cookieOf(cx, kind).name);
  return secret === undefined ? undefined : await findScopeBySecret(cx.database, secret, kind, cx.now());
}

async function findScopeBySecret(
  database: Database,
  secret: string,
  kind: Kind,
  now: Date,
): Promise<Scope | undefined> {
  const found = await transact(database, async (tx) => {
    const { rows } = await sql<{
      firm_id: string;
      session_id: string;
    }>`select * from find_session(${hashSecret(secret)})`.execute(tx);
    return rows[0];
  });
  if (!found) return undefined;
  return await withFirm(database, found.firm_id, (tx) =>
    readScope(tx, found.firm_id, found.session_id, kind, now),
  );
}

/** Role and state are read anew for each request, so that a change of either applies at once. */
async function readScope(
  tx: Tx,
  firmId: string,
  sessionId: string,
  kind: Kind,
  now: Date,
): Promise<Scope | undefined> {
  const row = await tx
    .selectFrom("session")
    .innerJoin("member", (join) =>
      join.onRef("member.firm_id", "=", "session.firm_id").onRef("member.id", "=", "session.member_id"),
    )
    .innerJoin("person", "person.id", "member.person_id")
    .innerJoin("firm", "firm.id", "session.firm_id")
    .innerJoin("firm_settings", "firm_settings.firm_id", "session.firm_id")
    .select([
      "firm_settings.session_idle_minutes",
      "session.seen_at",
      "session.expires_at",
      "session.kind",
      "member.id as member_id",
      "member.role",
      "person.id as person_id",
      "person.name",
      "person.email",
    ])
    .select(["firm.name as firm_name", "firm.slug", "firm.time_zone", "firm.locale", "firm.currency"])
    .where("session.firm_id", "=", firmId)
    .where("session.id", "=", sessionId)
    .where("member.state", "=", "active")
    .executeTakeFirst();
  if (!row || row.kind !== kind || row.expires_at <= now) return undefined;
  const idleMs = now.getTime() - row.seen_at.getTime();
  if (idleMs > row.session_idle_minutes * MINUTES_MS) return undefined;
  if (idleMs > SEEN_STEP_MS) {
    await tx
      .updateTable("session")
      .set({ seen_at: now })
      .where("firm_id", "=", firmId)
      .where("id", "=", sessionId)
      .execute();
  }
  return {
    sessionId,
    kind,
    firm: {
      id: firmId,
      name: row.firm_name,
      slug: row.slug,
      timeZone: row.time_zone,
      locale: row.locale,
      currency: row.currency,
    },
    member: { kind: "member", id: row.member_id, name: row.name, role: row.role, personId: row.person_id },
    email: row.email,
  };
}

/** `__Host-` ties a cookie to this very host, and browsers grant it over https only. */
function cookieOf(cx: Context, kind: Kind): { name: string; attributes: CookieOptions } {
  const secure = cx.config.PUBLIC_ORIGIN.startsWith("https://");
  const name = kind === "embed" ? "sfp_panel" : "sfp_session";
  const kept = { httpOnly: true, path: "/" };
  return {
    name: secure ? `__Host-${name}` : name,
    attributes:
      kind === "embed"
        ? { ...kept, sameSite: "None", secure: true, partitioned: true }
        : { ...kept, sameSite: "Lax", secure },
  };
}
