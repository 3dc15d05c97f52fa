import { Hono } from "hono";
import { invalid, notFound, Problem } from "../base/error.ts";
import { isId } from "../base/id.ts";
import { isRole } from "../base/permission.ts";
import { withFirm } from "../db/tenant.ts";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { setFlash } from "../web/flash.ts";
import { readForm, safePath } from "../web/form.ts";
import { demandCalm } from "../web/limit.ts";
import { renderGate, renderStaff } from "../web/respond.tsx";
import { endSession, setSessionCookie } from "../web/session.ts";
import { askSignIn } from "./ask-sign-in.ts";
import { changeRole, inviteMember, removeMember } from "./manage.ts";
import { findMember, listTeam, type TeamRow } from "./queries.ts";
import { confirmSignIn, offerSignIn } from "./sign-in.ts";
import { ConfirmCard, type InviteValues, LinkSentCard, RemovePage, SignInCard, TeamPage } from "./views.tsx";

const FOOT = "Here to pay a law firm? You do not need to sign in: use the link in the firm’s message.";
const SIGN_INS = { name: "sign-in", limit: 20, windowSeconds: 60 } as const;

export const teamRoutes = new Hono<WebEnv>();

teamRoutes.get("/signin", allow("public"), (c) =>
  showSignIn(c, { email: "", next: safePath(c.req.query("next")) }),
);

teamRoutes.post("/signin", allow("public"), async (c) => {
  demandCalm(c, SIGN_INS);
  const form = await readForm(c);
  const values = { email: form.text("email"), next: safePath(form.text("next")) };
  try {
    await askSignIn(c.get("cx"), { email: values.email, nextPath: values.next });
  } catch (error) {
    if (error instanceof Problem && error.code === "invalid")
      return await showSignIn(c, values, error.fields);
    throw error;
  }
  return await renderGate(
    c,
    { title: "Check your email", foot: FOOT },
    <LinkSentCard email={values.email} />,
  );
});

teamRoutes.get("/signin/link/:token", allow("public"), async (c) => {
  demandCalm(c, SIGN_INS);
  const token = c.req.param("token");
  const offer = await offerSignIn(c.get("cx"), token);
  return await renderGate(c, { title: "Sign in", foot: FOOT }, <ConfirmCard token={token} offer={offer} />);
});

teamRoutes.post("/signin/link/:token", allow("public"), async (c) => {
  demandCalm(c, SIGN_INS);
  const form = await readForm(c);
  const input = { token: c.req.param("token"), firmId: form.text("firm"), requestId: c.get("requestId") };
  const { secret, nextPath } = await confirmSignIn(c.get("cx"), input);
  setSessionCookie(c, "direct", secret);
  return c.redirect(safePath(nextPath), 303);
});

teamRoutes.post("/signout", allow("signed-in"), async (c) => {
  await endSession(c);
  return c.redirect("/signin", 303);
});

teamRoutes.get("/settings/team", allow("team.manage"), (c) =>
  showTeam(c, { name: "", email: "", role: "staff" }),
);

teamRoutes.post("/settings/team/invite", allow("team.manage"), async (c) => {
  const form = await readForm(c);
  const values = { name: form.text("name"), email: form.text("email"), role: form.text("role") };
  try {
    await inviteMember(memberContext(c), values);
  } catch (error) {
    if (error instanceof Problem && error.code === "invalid") return await showTeam(c, values, error.fields);
    throw error;
  }
  setFlash(c, { tone: "good", text: `The invitation to ${values.email} is on its way.` });
  return c.redirect("/settings/team", 303);
});

teamRoutes.post("/settings/team/:id/role", allow("team.manage"), async (c) => {
  const role = (await readForm(c)).text("role");
  if (!isRole(role)) throw invalid({ role: "Choose a role" });
  const member = await getMember(c);
  return await change(
    c,
    () => changeRole(memberContext(c), { memberId: member.id, role }),
    `${member.name} has a new role.`,
  );
});

teamRoutes.get("/settings/team/:id/remove", allow("team.manage"), async (c) => {
  const member = await getMember(c);
  const title = `Remove ${member.name}`;
  return await renderStaff(
    c,
    { title, nav: "settings" },
    <RemovePage member={member} firmName={getScope(c).firm.name} />,
  );
});

teamRoutes.post("/settings/team/:id/remove", allow("team.manage"), async (c) => {
  const member = await getMember(c);
  return await change(
    c,
    () => removeMember(memberContext(c), { memberId: member.id }),
    `${member.name} is no longer a member.`,
  );
});

/** Does it and says so on the team page, or says there why it cannot be done. */
async function change(c: Web, act: () => Promise<void>, done: string): Promise<Response> {
  try {
    await act();
    setFlash(c, { tone: "good", text: done });
  } catch (error) {
    if (!(error instanceof Problem && error.code === "conflict")) throw error;
    setFlash(c, { tone: "bad", text: error.message });
  }
  return c.redirect("/settings/team", 303);
}

async function getMember(c: Web): Promise<TeamRow> {
  const id = c.req.param("id") ?? "";
  const cx = memberContext(c);
  const member = isId(id)
    ? await withFirm(cx.database, cx.firmId, (tx) => findMember(tx, cx.firmId, id))
    : undefined;
  if (!member || member.state === "removed") throw notFound("member");
  return member;
}

async function showSignIn(
  c: Web,
  values: { email: string; next: string },
  errors?: Record<string, string>,
): Promise<Response> {
  const configured = [...c.get("cx").connectors.values()].filter(({ connector }) =>
    connector.manifest.capabilities.includes("signIn"),
  );
  const systems = configured.map(({ connector }) => ({
    key: connector.manifest.key,
    name: connector.manifest.name,
  }));
  c.set(
    "formTargets",
    configured.map(({ registration }) => registration.origin),
  );
  const card = <SignInCard {...values} systems={systems} errors={errors} />;
  return await renderGate(c, { title: "Sign in", foot: FOOT, errors }, card);
}

async function showTeam(c: Web, values: InviteValues, errors?: Record<string, string>): Promise<Response> {
  const cx = memberContext(c);
  const team = await withFirm(cx.database, cx.firmId, (tx) => listTeam(tx, cx.firmId));
  const page = <TeamPage me={cx.actor} team={team} now={cx.now()} values={values} errors={errors} />;
  return await renderStaff(c, { title: "Team", nav: "settings", errors }, page);
}
