import { beforeAll, describe, expect, it } from "vitest";
import { makeApp } from "../src/app.tsx";
import { newId } from "../src/base/id.ts";
import { may, ROLES, type Role } from "../src/base/permission.ts";
import { uploadBatch } from "../src/bulk/upload.ts";
import type { Context, MemberContext } from "../src/context.ts";
import { withFirm } from "../src/db/tenant.ts";
import { EVERYTHING } from "../src/links/list-address.ts";
import { startMany } from "../src/links/many-start.ts";
import { saveView } from "../src/links/saved-view-save.ts";
import { preparePostings } from "../src/postings/prepare.ts";
import { type Door, doorOf } from "../src/web/allow.ts";
import { startSession } from "../src/web/session.ts";
import { insertTestLink } from "./payments/links.ts";
import { type Desk, makeDesk, receivePayment } from "./postings/desk.ts";
import { useDatabase } from "./support/database.ts";
import { makeDeposit } from "./support/deposit-row.ts";
import { makeFirm, makeMember, TEST_ORIGIN } from "./support/world.ts";

type Route = { method: string; path: string; door: Door | undefined };

/** What to send where an empty form would be refused before anybody asks whose row it is. */
const BODIES: Record<string, string> = {
  "/settings/team/:id/role": "role=admin",
  "/settings/connections/:id/posting": "release=manual&postedDate=payment_date",
  "/links/:id/correct": "payerName=A&payerEmails=a%40firm.example",
  "/links/:id/extend": "until=2027-01-31",
  "/postings/:id/by-hand": "reference=1234",
  "/postings/:id/set-aside": "reason=because",
  "/postings/:id/statement": "statement=20391",
};

describe("every mounted route", () => {
  const box = useDatabase();
  const routes = listRoutes();
  const stage = {} as {
    desk: Desk;
    app: ReturnType<typeof makeApp>;
    ids: Record<string, string>;
    foreign: MemberContext;
  };

  beforeAll(async () => {
    const desk = await makeDesk(box, [{ balanceMinor: 125_000n }]);
    const [statement] = desk.matter.statements;
    const paymentId = await receivePayment(desk, [
      { statementId: statement?.id ?? null, amountMinor: 125_000n },
    ]);
    await preparePostings(desk.cx, { firmId: desk.firm.firmId, paymentIds: [paymentId] });
    const link = await insertTestLink({ cx: desk.cx, firm: desk.firm, staff: desk.bookkeeper }, {});
    const { batchId } = await uploadBatch(desk.bookkeeper, {
      formId: newId(),
      accountId: desk.firm.operatingAccountId,
      fileName: "november.csv",
      bytes: new TextEncoder().encode("Invoice,Name,Email,Amount\n1,Adaeze Okafor,a@okafor.example,12.00\n"),
    });
    const [row] = await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
      tx.selectFrom("bulk_row").select("id").where("batch_id", "=", batchId).execute(),
    );
    const viewId = await saveView(desk.bookkeeper, {
      formId: newId(),
      name: "Everything",
      isShared: false,
      place: EVERYTHING,
    });
    const actionId = await startMany(desk.bookkeeper, {
      formId: newId(),
      verb: "extend",
      how: "days",
      extendDays: "1",
      choice: { kind: "ticked", ids: [link.id], place: EVERYTHING },
      chosenWords: "1 link ticked",
      seen: 1,
      asOf: new Date(),
    });
    const [posting] = await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
      tx.selectFrom("posting").select("id").limit(1).execute(),
    );
    const deposit = await makeDeposit(desk);
    const other = await makeFirm(desk.cx, "Hale & Brandt LLP");
    stage.desk = desk;
    stage.app = makeApp(desk.cx);
    stage.foreign = await makeMember(desk.cx, other.firmId, "admin", "Hal Brandt");
    stage.ids = {
      "/settings/team/": desk.bookkeeper.actor.id,
      "/settings/connections/": desk.matter.connectionId,
      "/settings/accounts/": desk.firm.operatingAccountId,
      "/connections/": desk.matter.connectionId,
      "/links/": link.id,
      "/requests/": link.request_id,
      "/sent/views/": viewId,
      "/sent/many/": actionId,
      "/sent/": link.id,
      "/postings/": posting?.id ?? "",
      "/payments/": paymentId,
      "/deposits/differences/": deposit.differenceId,
      "/deposits/": deposit.id,
      ":line": deposit.lineId,
      "/bulk/": batchId,
      ":rowId": row?.id ?? "",
    };
  });

  it("says who may come in", () => {
    expect(routes.length).toBeGreaterThan(50);
    expect(routes.filter((route) => route.door === undefined)).toEqual([]);
  });

  it("sends the signed-out away from every page, and refuses their forms", async () => {
    for (const route of guarded(routes)) {
      const answer = await send(route, {});
      const isSentAway = answer.status === 303 && answer.headers.get("location")?.startsWith("/signin?next=");
      expect({ route, ok: route.method === "GET" ? isSentAway : answer.status === 401 }).toEqual({
        route,
        ok: true,
      });
    }
  });

  it("shows nothing of a firm in the panel to the signed-out", async () => {
    for (const route of routes.filter((each) => each.path.startsWith("/embed/matters/"))) {
      const answer = await send(route, {});
      expect(await answer.text()).not.toMatch(/Warehouse lease dispute|Okafor/);
      expect([200, 401, 404]).toContain(answer.status);
    }
  });

  it("refuses a form that another site made the browser send, at every door but the signed ones", async () => {
    const cookie = await cookieOf(stage.desk.cx, stage.desk.bookkeeper);
    const unsafe = routes.filter((route) => route.method === "POST" && route.door !== "signature");
    expect(unsafe.length).toBeGreaterThan(20);
    for (const route of unsafe) {
      for (const headers of [
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site" },
        { origin: "https://elsewhere.example" },
        {},
      ]) {
        const answer = await raw(route, { cookie, ...headers });
        expect({ route, headers, status: answer.status }).toEqual({ route, headers, status: 403 });
      }
    }
  });

  it("refuses every role that lacks the permission", async () => {
    for (const role of ROLES) {
      const member = await makeMember(stage.desk.cx, stage.desk.firm.firmId, role, `Some ${role}`);
      const cookie = await cookieOf(stage.desk.cx, member);
      for (const route of guarded(routes).filter((each) => !holds(role, each.door))) {
        const answer = await send(route, { cookie });
        expect({ role, route, status: answer.status }).toEqual({ role, route, status: 403 });
      }
    }
  });

  it("opens every page to a role that has the permission", async () => {
    const admin = await makeMember(stage.desk.cx, stage.desk.firm.firmId, "admin", "Ana Keane");
    const cookie = await cookieOf(stage.desk.cx, admin);
    for (const route of guarded(routes).filter(
      (each) => each.method === "GET" && !each.path.includes("callback"),
    )) {
      const answer = await send(route, { cookie });
      // Some pages only make sense in another state of the row: then they lead back with a notice, or say so.
      expect({ route, ok: [200, 303, 409].includes(answer.status) }).toEqual({ route, ok: true });
    }
  });

  it("knows nothing of another firm's rows", async () => {
    const cookie = await cookieOf(stage.desk.cx, stage.foreign);
    const withId = guarded(routes).filter((route) => route.path.includes("/:id"));
    expect(withId.length).toBeGreaterThan(25);
    for (const route of withId) {
      const answer = await send(route, { cookie });
      expect({ route, status: answer.status }).toEqual({ route, status: 404 });
      expect(await answer.text()).not.toMatch(/Okafor|Ines Ferrer/);
    }
  });

  function send(route: Route, headers: Record<string, string>): Promise<Response> {
    return raw(route, { "sec-fetch-site": "same-origin", origin: TEST_ORIGIN, ...headers });
  }

  async function raw(route: Route, headers: Record<string, string>): Promise<Response> {
    const id =
      Object.entries(stage.ids).find(([prefix]) => route.path.startsWith(prefix))?.[1] ??
      stage.desk.matter.matterId;
    const address = route.path
      .replace(":id", id)
      .replace(":rowId", stage.ids[":rowId"] ?? "")
      .replace(":requestId", stage.ids["/requests/"] ?? "")
      .replace(":line", stage.ids[":line"] ?? "")
      .replace(":connector", "docket")
      .replace(/:\w+/, "x".repeat(64));
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const post = { method: "POST", headers: { ...form, ...headers }, body: BODIES[route.path] ?? "" };
    return await stage.app.request(`${TEST_ORIGIN}${address}`, route.method === "POST" ? post : { headers });
  }
});

function listRoutes(): Route[] {
  const app = makeApp({
    connectors: new Map(),
    config: { PUBLIC_ORIGIN: TEST_ORIGIN },
  } as unknown as Context);
  const found = new Map<string, Route>();
  for (const { method, path, handler } of app.routes.filter((route) => route.method !== "ALL")) {
    const key = `${method} ${path}`;
    found.set(key, { method, path, door: doorOf(handler) ?? found.get(key)?.door });
  }
  return [...found.values()];
}

/** Routes for members only. */
function guarded(routes: Route[]): Route[] {
  return routes.filter((route) => !["public", "payer", "signature"].includes(route.door ?? ""));
}

function holds(role: Role, door: Door | undefined): boolean {
  if (door === "signed-in") return true;
  return (
    door !== undefined && door !== "public" && door !== "payer" && door !== "signature" && may(role, door)
  );
}

async function cookieOf(cx: Context, member: MemberContext): Promise<string> {
  const request = {
    firmId: member.firmId,
    memberId: member.actor.id,
    kind: "direct",
    now: cx.now(),
  } as const;
  return `sfp_session=${await withFirm(cx.database, member.firmId, (tx) => startSession(tx, request))}`;
}
