import { type HTMLElement, parse } from "node-html-parser";
import { makeApp } from "../../src/app.tsx";
import type { Context, MemberContext } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { startSession } from "../../src/web/session.ts";

export type Shown = {
  status: number;
  location: string | null;
  document: HTMLElement;
  text: string;
  notice: string;
};

export type Browser = {
  get: (path: string) => Promise<Shown>;
  post: (path: string, fields?: Record<string, string | string[]>) => Promise<Shown>;
};

/** A browser in front of the whole app in which a member is signed in; without a member nobody is. */
export async function openBrowser(cx: Context, member?: MemberContext): Promise<Browser> {
  const app = makeApp(cx);
  const cookie = member ? `sfp_session=${await sessionOf(cx, member)}` : "";
  const send = async (path: string, init: RequestInit): Promise<Shown> => {
    const headers = {
      Cookie: cookie,
      "Sec-Fetch-Site": "same-origin",
      ...(init.headers as Record<string, string>),
    };
    const answer = await app.request(path, { ...init, headers });
    const document = parse(await answer.text());
    return {
      status: answer.status,
      location: answer.headers.get("location"),
      document,
      text: fold(document.querySelector("main")?.text ?? document.text),
      notice: noticeOf(answer),
    };
  };
  return {
    get: (path) => send(path, { method: "GET" }),
    post(path, fields = {}) {
      const body = new URLSearchParams();
      for (const [name, value] of Object.entries(fields)) {
        for (const each of [value].flat()) body.append(name, each);
      }
      const headers = { "Content-Type": "application/x-www-form-urlencoded" };
      return send(path, { method: "POST", body: body.toString(), headers });
    },
  };
}

function sessionOf(cx: Context, member: MemberContext): Promise<string> {
  return withFirm(cx.database, member.firmId, (tx) =>
    startSession(tx, { firmId: member.firmId, memberId: member.actor.id, kind: "direct", now: cx.now() }),
  );
}

/** What the next page will say about the action. */
function noticeOf(answer: Response): string {
  const cookie = answer.headers.getSetCookie().find((each) => each.startsWith("sfp_notice="));
  const value = cookie?.slice("sfp_notice=".length).split(";")[0] ?? "";
  return decodeURIComponent(decodeURIComponent(value));
}

function fold(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
