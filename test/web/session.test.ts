import { beforeEach, describe, expect, it } from "vitest";
import type { MemberContext } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { endSession, endSessionsOf, setSessionCookie } from "../../src/web/session.ts";
import { asOwner, useDatabase } from "../support/database.ts";
import { cookieFor, get, post } from "../support/requests.ts";
import { makeFirm, makeMember, testContext } from "../support/world.ts";
import { smallApp } from "./small-app.ts";

const MINUTES_MS = 60_000;
const HOURS_MS = 60 * MINUTES_MS;

describe("sessions", () => {
  const box = useDatabase();
  let now: Date;
  let member: MemberContext;

  beforeEach(async () => {
    now = new Date();
    const cx = testContext(box, { now: () => now });
    member = await makeMember(cx, (await makeFirm(cx)).firmId, "bookkeeper");
  });

  const app = () =>
    smallApp(member, (routes) => {
      for (const path of ["/who", "/embed/who", "/embedded"])
        routes.get(path, (c) => {
          const scope = c.get("scope");
          return c.json(
            scope
              ? { id: scope.member.id, role: scope.member.role, firm: scope.firm.id, kind: scope.kind }
              : null,
          );
        });
      for (const path of ["/out", "/embed/out"])
        routes.post(path, async (c) => {
          await endSession(c);
          return c.text("out");
        });
      for (const kind of ["direct", "embed"] as const)
        routes.get(`/in/${kind}`, (c) => {
          setSessionCookie(c, kind, "the-secret");
          return c.text("in");
        });
    });
  const whoIs = async (cookie: string, path = "/who") => (await get(app(), path, { cookie })).json();

  it("says who the member is, in which firm and role", async () => {
    expect(await whoIs(await cookieFor(member))).toEqual({
      id: member.actor.id,
      role: "bookkeeper",
      firm: member.firmId,
      kind: "direct",
    });
    expect(await whoIs("")).toBeNull();
    expect(await whoIs("sfp_session=forged")).toBeNull();
  });

  it("ends after the firm's time without a click, and each click counts", async () => {
    const idle = (minutes: number) =>
      withFirm(member.database, member.firmId, (tx) =>
        tx.updateTable("firm_settings").set({ session_idle_minutes: minutes }).execute(),
      );
    await idle(120);
    const cookie = await cookieFor(member);
    for (let clicks = 0; clicks < 4; clicks++) {
      now = new Date(now.getTime() + 119 * MINUTES_MS);
      expect(await whoIs(cookie)).not.toBeNull();
    }
    now = new Date(now.getTime() + 121 * MINUTES_MS);
    expect(await whoIs(cookie)).toBeNull();
    await idle(122);
    expect(await whoIs(cookie)).not.toBeNull();
    await idle(480);
  });

  it("ends after twelve hours, however busy", async () => {
    const cookie = await cookieFor(member, "direct", new Date(now.getTime() - 12 * HOURS_MS - 1_000));
    expect(await whoIs(cookie)).toBeNull();
    const justInTime = await cookieFor(
      member,
      "direct",
      new Date(now.getTime() - 12 * HOURS_MS + MINUTES_MS),
    );
    expect(await whoIs(justInTime)).not.toBeNull();
  });

  it("ends at the twelfth hour also when the clicks go on", async () => {
    const cookie = await cookieFor(member);
    for (let hours = 1; hours <= 11; hours++) {
      now = new Date(now.getTime() + HOURS_MS);
      expect(await whoIs(cookie), `after ${hours} hours`).not.toBeNull();
    }
    now = new Date(now.getTime() + HOURS_MS + 1_000);
    expect(await whoIs(cookie)).toBeNull();
  });

  it("follows a change of role at once, and ends with the membership", async () => {
    const cookie = await cookieFor(member);
    const change = (set: { role?: "staff"; state?: "removed" }) =>
      withFirm(member.database, member.firmId, (tx) =>
        tx
          .updateTable("member")
          .set(set)
          .where("firm_id", "=", member.firmId)
          .where("id", "=", member.actor.id)
          .execute(),
      );
    await change({ role: "staff" });
    expect(await whoIs(cookie)).toMatchObject({ role: "staff" });
    await change({ state: "removed" });
    expect(await whoIs(cookie)).toBeNull();
  });

  it("keeps the panel's session to the panel's addresses, and the other away from there", async () => {
    const direct = await cookieFor(member);
    const embed = await cookieFor(member, "embed");
    expect(await whoIs(embed, "/embed/who")).toMatchObject({ kind: "embed" });
    expect(await whoIs(embed)).toBeNull();
    expect(await whoIs(direct, "/embed/who")).toBeNull();
    expect(await whoIs(direct, "/embedded")).toMatchObject({ kind: "direct" });
    // The secret of one kind under the other's name is nothing.
    expect(await whoIs(embed.replace("sfp_panel", "sfp_session"))).toBeNull();
    expect(await whoIs(direct.replace("sfp_session", "sfp_panel"), "/embed/who")).toBeNull();
  });

  it("stores only the hash of the secret", async () => {
    const secret = (await cookieFor(member)).split("=")[1] ?? "none";
    const rows = await asOwner<{ text: string }>(
      box,
      "select s::text as text, secret_hash::text as hash from session s",
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      expect(row.text).not.toContain(secret);
      expect(row.text).not.toContain(Buffer.from(secret).toString("hex"));
    }
  });

  it("signing out ends it in the database and takes the cookie back", async () => {
    const cookie = await cookieFor(member);
    const answer = await post(app(), "/out", {}, { cookie });
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^sfp_session=; Max-Age=0; Path=\/; HttpOnly/),
    ]);
    expect(await whoIs(cookie)).toBeNull();
  });

  it("signing out of the panel takes the cookie back inside its partition", async () => {
    const cookie = await cookieFor(member, "embed");
    const [line = ""] = (await post(app(), "/embed/out", {}, { cookie })).headers.getSetCookie();
    expect(line).toMatch(/^sfp_panel=; Max-Age=0/);
    for (const attribute of ["Secure", "SameSite=None", "Partitioned", "Path=/"])
      expect(line).toContain(attribute);
  });

  it("a member who is put out loses every session, others keep theirs", async () => {
    const other = await makeMember(testContext(box), member.firmId, "staff");
    const cookies = [await cookieFor(member), await cookieFor(member)];
    const kept = await cookieFor(other);
    await withFirm(member.database, member.firmId, (tx) =>
      endSessionsOf(tx, member.firmId, member.actor.id, now),
    );
    for (const cookie of cookies) expect(await whoIs(cookie)).toBeNull();
    expect(await whoIs(kept)).not.toBeNull();
  });

  it("gives cookies that no script reads: Lax here, partitioned in a frame, tied to the host over https", async () => {
    const lineOf = async (kind: "direct" | "embed") =>
      (await get(app(), `/in/${kind}`)).headers.getSetCookie()[0] ?? "";
    expect(await lineOf("direct")).toBe("sfp_session=the-secret; Path=/; HttpOnly; SameSite=Lax");
    expect(await lineOf("embed")).toBe(
      "sfp_panel=the-secret; Path=/; HttpOnly; Secure; SameSite=None; Partitioned",
    );
    member = { ...member, config: { ...member.config, PUBLIC_ORIGIN: "https://pay.firm.example" } };
    expect(await lineOf("direct")).toBe(
      "__Host-sfp_session=the-secret; Path=/; HttpOnly; Secure; SameSite=Lax",
    );
    expect(await lineOf("embed")).toMatch(/^__Host-sfp_panel=.*Secure; SameSite=None; Partitioned$/);
  });
});
