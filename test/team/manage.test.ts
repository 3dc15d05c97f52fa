import { describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import type { MemberContext } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { teamJobs } from "../../src/team/jobs.ts";
import { changeRole, inviteMember, removeMember } from "../../src/team/manage.ts";
import { findMember, listTeam } from "../../src/team/queries.ts";
import { asOwner, useDatabase } from "../support/database.ts";
import { cookieFor, cookiesOf } from "../support/requests.ts";
import { linkIn } from "./post-box.ts";
import { useStage } from "./stage.ts";

const DAYS_MS = 86_400_000;

describe("the team of a firm", () => {
  const box = useDatabase();
  const stage = useStage(box);

  const team = () => withFirm(stage.admin.database, stage.firmId, (tx) => listTeam(tx, stage.firmId));
  const memberOf = (member: MemberContext) =>
    withFirm(member.database, member.firmId, (tx) => findMember(tx, member.firmId, member.actor.id));
  const actions = () =>
    withFirm(stage.admin.database, stage.firmId, async (tx) => {
      const rows = await tx
        .selectFrom("audit_event")
        .select(["action", "actor_id", "before", "after"])
        .where("firm_id", "=", stage.firmId)
        .orderBy("id")
        .execute();
      return rows;
    });
  const invitation = () => ({
    name: "Ben Ortiz",
    email: `ben-${newId()}@marlowkeane.example`,
    role: "bookkeeper",
  });
  const invite = (fields: Record<string, string>, as = stage.admin) =>
    stage.post("/settings/team/invite", fields, { as });

  it("grows by an invitation that is mailed, accepted with its link, and then active", async () => {
    const fields = invitation();
    const answer = await invite(fields);
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/settings/team"]);
    expect((await team()).find((row) => row.email === fields.email)).toMatchObject({
      state: "invited",
      role: "bookkeeper",
    });
    await stage.drain();
    expect(stage.mail.sent.at(-1)).toMatchObject({
      to: fields.email,
      subject: "Join Marlow Keane LLP on Send for Payment",
      tag: "invite",
    });
    stage.now = new Date(stage.now.getTime() + 6 * DAYS_MS);
    const accepted = await stage.post(linkIn(stage.mail, fields.email), { firm: stage.firmId });
    expect(accepted.status).toBe(303);
    expect((await team()).find((row) => row.email === fields.email)).toMatchObject({ state: "active" });
    expect((await actions()).map((row) => row.action)).toEqual(["member.invited", "session.started"]);
  });

  it("invites again who did not come, with the newer role, and refuses who is there already", async () => {
    const fields = invitation();
    await invite(fields);
    await invite({ ...fields, role: "admin" });
    expect((await team()).filter((row) => row.email === fields.email)).toMatchObject([
      { state: "invited", role: "admin" },
    ]);
    const dana = await stage.join("staff");
    const answer = await invite({
      name: "Dana",
      email: (await stage.emailOf(dana)).toUpperCase(),
      role: "staff",
    });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain("Dana Whitfield is a member already");
  });

  it("takes back who was removed, by a new invitation", async () => {
    const dana = await stage.join("staff");
    await stage.post(`/settings/team/${dana.actor.id}/remove`, {}, { as: stage.admin });
    await invite({ name: "Dana", email: await stage.emailOf(dana), role: "bookkeeper" });
    expect(await memberOf(dana)).toMatchObject({ state: "invited", role: "bookkeeper" });
  });

  it("keeps what was typed into an invitation that cannot be sent, and says why", async () => {
    const answer = await invite({ name: "", email: "ben at firm", role: "owner" });
    const page = await answer.text();
    expect(answer.status).toBe(422);
    for (const words of [
      "Enter the person&#39;s name",
      "Enter an email address",
      "Choose a role",
      'value="ben at firm"',
    ])
      expect(page).toContain(words);
    expect(await team()).toHaveLength(1);
  });

  it("gives another role, which counts from the next click, and writes both down", async () => {
    const dana = await stage.join("staff");
    const answer = await stage.post(
      `/settings/team/${dana.actor.id}/role`,
      { role: "admin" },
      { as: stage.admin },
    );
    expect(answer.status).toBe(303);
    expect((await stage.get("/settings/team", { as: dana })).status).toBe(200);
    expect(await actions()).toMatchObject([
      {
        action: "member.role_changed",
        actor_id: stage.admin.actor.id,
        before: { role: "staff" },
        after: { role: "admin" },
      },
    ]);
    expect(
      (await stage.post(`/settings/team/${dana.actor.id}/role`, { role: "owner" }, { as: stage.admin }))
        .status,
    ).toBe(422);
  });

  it("signs out at once who is removed", async () => {
    const fields = invitation();
    await invite(fields);
    await stage.drain();
    const cookie = cookiesOf(await stage.post(linkIn(stage.mail, fields.email), { firm: stage.firmId }));
    expect((await stage.get("/sent", { cookie })).status).toBe(200);
    const ben = (await team()).find((row) => row.email === fields.email);
    const asked = await stage.get(`/settings/team/${ben?.id}/remove`, { as: stage.admin });
    expect(await asked.text()).toContain("Remove Ben Ortiz?");
    await stage.post(`/settings/team/${ben?.id}/remove`, {}, { as: stage.admin });
    expect((await stage.get("/sent", { cookie })).headers.get("location")).toMatch(/^\/signin/);
    expect((await team()).map((row) => row.email)).not.toContain(fields.email);
    expect((await stage.post(`/settings/team/${ben?.id}/remove`, {}, { as: stage.admin })).status).toBe(404);
  });

  it("keeps its last administrator, whom no invited one replaces", async () => {
    const invited = invitation();
    await invite({ ...invited, role: "admin" });
    const { id } = stage.admin.actor;
    for (const [path, fields] of [
      ["role", { role: "staff" }],
      ["remove", {}],
    ] as const) {
      const answer = await stage.post(`/settings/team/${id}/${path}`, fields, { as: stage.admin });
      expect(answer.status).toBe(303);
      const page = await stage.get("/settings/team", {
        cookie: `${cookiesOf(answer)}; ${await cookieFor(stage.admin)}`,
      });
      expect(await page.text()).toContain("A firm needs an administrator");
    }
    expect(await memberOf(stage.admin)).toMatchObject({ role: "admin", state: "active" });
    const pending = (await team()).find((row) => row.email === invited.email);
    expect((await stage.post(`/settings/team/${pending?.id}/remove`, {}, { as: stage.admin })).status).toBe(
      303,
    );
    expect(await team()).toHaveLength(1);
  });
  it("keeps one administrator when two remove each other at once", async () => {
    const second = await stage.join("admin", "Second Admin");
    const done = await Promise.allSettled([
      removeMember(stage.admin, { memberId: second.actor.id }),
      removeMember(second, { memberId: stage.admin.actor.id }),
    ]);
    expect(done.map((outcome) => outcome.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect((await team()).filter((row) => row.role === "admin")).toHaveLength(1);
  });

  it("is managed by administrators only, at the door and in each verb", async () => {
    for (const role of ["staff", "bookkeeper"] as const) {
      const weaker = await stage.join(role);
      const path = `/settings/team/${stage.admin.actor.id}`;
      expect((await stage.get("/settings/team", { as: weaker })).status).toBe(403);
      expect((await stage.get(`${path}/remove`, { as: weaker })).status).toBe(403);
      expect((await invite(invitation(), weaker)).status).toBe(403);
      expect((await stage.post(`${path}/role`, { role: "staff" }, { as: weaker })).status).toBe(403);
      expect((await stage.post(`${path}/remove`, {}, { as: weaker })).status).toBe(403);
      const memberId = stage.admin.actor.id;
      expect(() => inviteMember(weaker, invitation())).toThrow(/role does not include/);
      expect(() => changeRole(weaker, { memberId, role: "staff" })).toThrow(/role does not include/);
      expect(() => removeMember(weaker, { memberId })).toThrow(/role does not include/);
    }
    expect(await actions()).toEqual([]);
  });

  it("is not there for another firm's administrator", async () => {
    const stranger = await stage.join("admin", "Stranger", await stage.newFirm("Stranger LLP"));
    const dana = await stage.join("staff");
    const memberId = dana.actor.id;
    const from = { as: stranger };
    expect((await stage.get(`/settings/team/${memberId}/remove`, from)).status).toBe(404);
    expect((await stage.post(`/settings/team/${memberId}/remove`, {}, from)).status).toBe(404);
    expect((await stage.post(`/settings/team/${memberId}/role`, { role: "admin" }, from)).status).toBe(404);
    expect(await (await stage.get("/settings/team", from)).text()).not.toContain("Dana Whitfield");
    await expect(removeMember(stranger, { memberId })).rejects.toMatchObject({ code: "not_found" });
    await expect(changeRole(stranger, { memberId, role: "admin" })).rejects.toMatchObject({
      code: "not_found",
    });
    expect(await memberOf(dana)).toMatchObject({ role: "staff", state: "active" });
    for (const id of ["seven", newId(), `${memberId}'`])
      expect(
        (await stage.post(`/settings/team/${encodeURIComponent(id)}/remove`, {}, { as: stage.admin })).status,
      ).toBe(404);
  });
});

describe("forgetting what ended", () => {
  const box = useDatabase();
  const stage = useStage(box);

  it("takes away links and sessions that ended a month ago, keeps the others, and may run twice", async () => {
    const email = await stage.emailOf(stage.admin);
    await stage.post("/signin", { email, next: "/" });
    await stage.drain();
    await stage.post(linkIn(stage.mail, email), { firm: stage.firmId });
    const count = async () =>
      (
        await asOwner<{ links: number; sessions: number }>(
          box,
          `select (select count(*)::int from sign_in_link) as links, (select count(*)::int from session) as sessions`,
        )
      )[0];
    const cx = { ...stage.admin, now: () => stage.now };
    stage.now = new Date(stage.now.getTime() + 29 * DAYS_MS);
    await teamJobs["team.forgetExpired"](cx);
    expect(await count()).toEqual({ links: 1, sessions: 1 });
    stage.now = new Date(stage.now.getTime() + 2 * DAYS_MS);
    for (let times = 0; times < 2; times++) {
      await teamJobs["team.forgetExpired"](cx);
      expect(await count()).toEqual({ links: 0, sessions: 0 });
    }
  });
});
