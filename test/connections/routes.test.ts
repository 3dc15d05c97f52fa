import { Hono } from "hono";
import { beforeEach, describe, expect, it } from "vitest";
import { Problem, statusOf } from "../../src/base/error.ts";
import type { Role } from "../../src/base/permission.ts";
import { connectionRoutes } from "../../src/connections/routes.tsx";
import type { MemberContext } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import type { WebEnv } from "../../src/web/env.ts";
import { identify, refuseForeignForms, secureHeaders } from "../../src/web/guard.ts";
import { findScope, startSession } from "../../src/web/session.ts";
import { useDatabase } from "../support/database.ts";
import { makeFirm, makeMember, TEST_ORIGIN, testContext } from "../support/world.ts";
import {
  connect,
  connectorsOf,
  makeReadingSystem,
  REGISTRATION,
  type ReadingSystem,
} from "./reading-system.ts";

describe("the pages of connections", () => {
  const box = useDatabase();
  let system: ReadingSystem;
  let admin: MemberContext;
  let connectionId: string;

  beforeEach(async () => {
    system = makeReadingSystem();
    const cx = testContext(box, { connectors: connectorsOf(system) });
    const { firmId } = await makeFirm(cx);
    admin = await makeMember(cx, firmId, "admin");
    connectionId = await connect(cx, firmId, system);
  });

  const appOf = () => {
    const app = new Hono<WebEnv>();
    app.use(async (c, next) => {
      c.set("cx", admin);
      await next();
    });
    app.use(identify, secureHeaders, refuseForeignForms);
    app.use(async (c, next) => {
      c.set("scope", await findScope(c));
      await next();
    });
    app.route("/", connectionRoutes);
    app.onError((error, c) => {
      if (error instanceof Problem) return c.text(error.message, statusOf(error.code));
      throw error;
    });
    return app;
  };
  const visitorOf = async (member: MemberContext) => {
    const request = {
      firmId: member.firmId,
      memberId: member.actor.id,
      kind: "direct",
      now: new Date(),
    } as const;
    const secret = await withFirm(admin.database, member.firmId, (tx) => startSession(tx, request));
    let cookies = `sfp_session=${secret}`;
    return async (path: string, fields?: Record<string, string>) => {
      const answer = await appOf().request(`${TEST_ORIGIN}${path}`, {
        method: fields ? "POST" : "GET",
        headers: { cookie: cookies, "sec-fetch-site": "same-origin" },
        ...(fields ? { body: new URLSearchParams(fields) } : {}),
      });
      for (const line of answer.headers.getSetCookie()) {
        const [pair = ""] = line.split(";");
        if (!/max-age=0/i.test(line)) cookies += `; ${pair}`;
      }
      return {
        status: answer.status,
        to: answer.headers.get("location"),
        headers: answer.headers,
        text: await answer.text(),
      };
    };
  };

  it("show what each connection can and cannot do, in words, and lead to the vendor only", async () => {
    const visit = await visitorOf(admin);
    const page = await visit("/settings/connections");
    expect(page.status).toBe(200);
    for (const words of [
      "Marlow Keane LLP",
      "Connected",
      "Reads clients, matters and statements",
      "Trust deposits: entered by hand",
      "Panel inside the matter: not offered",
      "Not read completely yet",
      "Sync now",
      "How payments are written",
      "Connect another account",
    ]) {
      expect(page.text).toContain(words);
    }
    expect(page.headers.get("content-security-policy")).toContain(
      `form-action 'self' ${REGISTRATION.origin}`,
    );
    expect(page.text).not.toMatch(/ style=/);
  });

  it("show a reading while it goes on, with its counts, and ask again by themselves", async () => {
    await withFirm(admin.database, admin.firmId, (tx) =>
      tx
        .insertInto("sync_run")
        .values({
          firm_id: admin.firmId,
          id: crypto.randomUUID(),
          connection_id: connectionId,
          kind: "first",
          state: "running",
          family: "statements",
          records_read: 12_500,
          records_changed: 12_400,
        })
        .execute(),
    );
    const page = await (await visitorOf(admin))("/settings/connections");
    expect(page.text).toContain("Reading Docket for the first time");
    expect(page.text).toContain("12,500 read");
    expect(page.text).toContain('hx-trigger="every 3s"');
    expect(page.text).toContain("Check again");
  });

  it("lead through an authorisation and back", async () => {
    system.accountId = "acc_new";
    const visit = await visitorOf(admin);
    const start = await visit("/connections/start/docket", {});
    expect(start.status).toBe(303);
    const state = new URL(start.to ?? "").searchParams.get("state");
    expect(start.headers.getSetCookie().join()).toMatch(/sfp_oauth=.*HttpOnly.*SameSite=Lax/);
    const back = await visit(`/connections/callback/docket?state=${state}&code=1`);
    expect([back.status, back.to]).toEqual([303, "/settings/connections"]);
    const page = await visit("/settings/connections");
    expect(page.text).toContain("Firm acc_new at Docket is connected and is read now.");
    const again = await visit(`/connections/callback/docket?state=${state}&code=1`);
    expect(again.status).toBe(409);
    expect(again.text).toContain("Docket was not connected");
    expect(again.text).toContain("used already");
    expect(again.text).toContain("Try again");
  });

  it("say plainly that access was declined, and that an answer was not begun here", async () => {
    const visit = await visitorOf(admin);
    const start = await visit("/connections/start/docket", {});
    const state = new URL(start.to ?? "").searchParams.get("state");
    const forged = await visit("/connections/callback/docket?state=forged&code=1");
    expect(forged.status).toBe(403);
    expect(forged.text).toContain("does not belong to an authorization that you began in this browser");
    const declined = await visit(`/connections/callback/docket?state=${state}&error=access_denied`);
    expect(declined.status).toBe(409);
    expect(declined.text).toContain("Access was declined at Docket. Nothing was changed.");
  });

  it("pause, resume, choose and disconnect after a question", async () => {
    const visit = await visitorOf(admin);
    const path = `/settings/connections/${connectionId}`;
    expect((await visit(`${path}/pause`, {})).status).toBe(303);
    expect((await visit("/settings/connections")).text).toContain("Paused");
    expect((await visit(`${path}/resume`, {})).status).toBe(303);
    const chosen = { release: "manual", postedDate: "posting_date" };
    expect((await visit(`${path}/posting`, chosen)).status).toBe(303);
    const refused = await visit(`${path}/posting`, { ...chosen, release: "" });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain(`href="#release-${connectionId}"`);
    expect((await visit(`${path}/disconnect`)).text).toContain("Links already sent can still be paid");
    expect((await visit(`${path}/disconnect`, {})).status).toBe(303);
    expect((await visit("/settings/connections")).text).not.toContain("Sync now");
  });

  it("let a member of any role have a connection read, and come back where they were", async () => {
    const staff = await makeMember(admin, admin.firmId, "staff");
    const answer = await (await visitorOf(staff))(`/connections/${connectionId}/sync`, {
      next: "/matters?q=okafor",
    });
    expect([answer.status, answer.to]).toEqual([303, "/matters?q=okafor"]);
    const elsewhere = await (await visitorOf(staff))(`/connections/${connectionId}/sync`, {
      next: "//evil.example",
    });
    expect(elsewhere.to).toBe("/");
  });

  const PATHS = (id: string): [string, Record<string, string> | undefined][] => [
    ["/settings/connections", undefined],
    ["/connections/start/docket", {}],
    ["/connections/callback/docket", undefined],
    [`/settings/connections/${id}/pause`, {}],
    [`/settings/connections/${id}/resume`, {}],
    [`/settings/connections/${id}/posting`, { release: "manual", postedDate: "posting_date" }],
    [`/settings/connections/${id}/disconnect`, undefined],
    [`/settings/connections/${id}/disconnect`, {}],
  ];

  it.each<Role>(["staff", "bookkeeper"])("are not open to %s", async (role) => {
    const visit = await visitorOf(await makeMember(admin, admin.firmId, role));
    for (const [path, fields] of PATHS(connectionId))
      expect([path, (await visit(path, fields)).status]).toEqual([path, 403]);
  });

  it("do not know another firm's connection", async () => {
    const stranger = await makeMember(admin, (await makeFirm(admin, "Other LLP")).firmId, "admin");
    const visit = await visitorOf(stranger);
    for (const [path, fields] of PATHS(connectionId).filter(([each]) => each.includes(connectionId))) {
      expect([path, (await visit(path, fields)).status]).toEqual([path, 404]);
    }
    expect((await visit(`/connections/${connectionId}/sync`, {})).status).toBe(404);
    expect((await visit("/settings/connections")).text).not.toContain(connectionId);
  });
});
