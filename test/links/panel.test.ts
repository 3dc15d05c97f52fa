import { parse } from "node-html-parser";
import { beforeAll, describe, expect, it } from "vitest";
import { type Connector, ConnectorError, type Launch } from "../../connectors/contract.ts";
import { newId } from "../../src/base/id.ts";
import type { Context, MemberContext } from "../../src/context.ts";
import { readPanel } from "../../src/links/panel.ts";
import { freshTyped } from "../../src/links/panel-view.tsx";
import type { TestMatter } from "../support/matter-rows.ts";
import { makeMember } from "../support/world.ts";
import { useLinkStage } from "./stage.ts";

const SYSTEM_ORIGIN = "http://localhost:4999";
/** Tickets by their text; what is not here is not good. */
const tickets = new Map<string, Launch>();

const connector = {
  manifest: { key: "docket", name: "Docket" },
  verifyLaunch: async (_registration: unknown, ticket: string) => {
    const launch = tickets.get(ticket);
    if (!launch) throw new ConnectorError("rejected", "The ticket is not ours.");
    return launch;
  },
} as unknown as Connector;
const registration = { origin: SYSTEM_ORIGIN, clientId: "sfp", clientSecret: "a-secret-of-the-client" };
const connectors: Context["connectors"] = new Map([["docket", { connector, registration }]]);

const { stage, read, matter, get, post, app, findLink, jobs } = useLinkStage({ connectors });

let made: TestMatter;
let member: MemberContext;
let accountId: string;
let email: string;

beforeAll(async () => {
  made = await matter([
    { balanceMinor: 90_000n, dueOn: "2026-10-01" },
    { balanceMinor: 250_000n, dueOn: "2026-11-01" },
    { balanceMinor: 500_000n, kind: "trust_request" },
  ]);
  member = await makeMember(stage.cx, stage.firm.firmId, "staff", "Tobias Ellery");
  const connection = await read((tx) =>
    tx.selectFrom("connection").selectAll().where("id", "=", made.connectionId).executeTakeFirstOrThrow(),
  );
  accountId = connection.external_account_id;
  email = `${member.actor.id}@marlowkeane.example`;
});

function ticket(change: Partial<Launch> = {}): string {
  const text = newId();
  tickets.set(text, {
    id: newId(),
    accountId,
    userId: "usr_1",
    email,
    name: "Tobias Ellery",
    matterExternalId: made.matterExternalId,
    expiresAt: new Date(Date.now() + 60_000),
    ...change,
  });
  return text;
}

const launch = (text: string, connectorKey = "docket") =>
  app().request(`/embed/launch/${connectorKey}`, {
    method: "POST",
    headers: { Origin: SYSTEM_ORIGIN, "Sec-Fetch-Site": "cross-site" },
    body: new URLSearchParams({ ticket: text }),
  });

const ancestors = (response: Response) =>
  /frame-ancestors ([^;]*)/.exec(response.headers.get("Content-Security-Policy") ?? "")?.[1];

describe("a launch from the matter system", () => {
  it("starts a framed session and leads to the matter on screen", async () => {
    const answer = await launch(ticket());
    expect([answer.status, answer.headers.get("Location")]).toEqual([303, `/embed/matters/${made.matterId}`]);
    const cookie = answer.headers.get("Set-Cookie") ?? "";
    for (const part of ["sfp_panel=", "HttpOnly", "Secure", "SameSite=None", "Partitioned"])
      expect(cookie).toContain(part);
    expect(ancestors(answer)).toBe(SYSTEM_ORIGIN);
    const page = await app().request(answer.headers.get("Location") ?? "", {
      headers: { Cookie: cookie.split(";")[0] ?? "" },
    });
    expect(page.status).toBe(200);
    expect(ancestors(page)).toBe(SYSTEM_ORIGIN);
    expect(page.headers.get("X-Frame-Options")).toBeNull();
    expect(await page.text()).toContain("Warehouse lease dispute");
  });

  it("takes effect once", async () => {
    const text = ticket();
    const answers = await Promise.all([launch(text), launch(text)]);
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([303, 403]);
  });

  it("is refused with a ticket that is not good, or for a system that has no panel", async () => {
    expect((await launch("made-up")).status).toBe(403);
    expect((await launch(ticket(), "nothing")).status).toBe(404);
  });

  it("tells somebody who is no member to ask the administrator, and gives no session", async () => {
    const removed = await makeMember(stage.cx, stage.firm.firmId, "staff");
    await read((tx) =>
      tx.updateTable("member").set({ state: "removed" }).where("id", "=", removed.actor.id).execute(),
    );
    for (const address of ["stranger@elsewhere.example", `${removed.actor.id}@marlowkeane.example`]) {
      const answer = await launch(ticket({ email: address }));
      expect(await answer.text()).toContain("Ask its administrator to invite you");
      expect(answer.headers.get("Set-Cookie")).toBeNull();
      expect(ancestors(answer)).toBe(SYSTEM_ORIGIN);
    }
  });

  it("says so when the account is not connected or the matter not read yet", async () => {
    expect(await (await launch(ticket({ accountId: "acc_unknown" }))).text()).toContain("has not connected");
    expect(await (await launch(ticket({ matterExternalId: "mat_unknown" }))).text()).toContain(
      "not been read yet",
    );
  });
});

describe("the panel", () => {
  const path = () => `/embed/matters/${made.matterId}`;
  const fields = async (): Promise<Record<string, string | string[]>> => {
    const panel = await readPanel(member, made.matterId);
    const typed = freshTyped(panel);
    const html = parse(await (await get(path(), member, "embed")).text());
    const hidden = (name: string) => html.querySelector(`input[name=${name}]`)?.getAttribute("value") ?? "";
    return {
      formId: hidden("formId"),
      seen: hidden("seen"),
      offered: hidden("offered"),
      item: [...typed.items],
      amount: typed.amount,
      payer: typed.payer,
      otherName: "",
      otherEmail: "",
      note: "",
      delivery: "email",
    };
  };

  it("shows the open statements with the invoices ticked, and no trust request", async () => {
    const page = parse(await (await get(path(), member, "embed")).text());
    const ticked = page.querySelectorAll("input[name=item]").filter((box) => box.hasAttribute("checked"));
    expect(ticked.map((box) => box.getAttribute("value"))).toEqual(
      made.statements.slice(0, 2).map(({ id }) => id),
    );
    expect(page.querySelector("input[name=amount]")?.getAttribute("value")).toBe("3,400.00");
    expect(page.text).toContain("Send to Adaeze Okafor");
  });

  it("without its cookie shows a card that leads to a tab of its own", async () => {
    for (const answer of [
      await get(path()),
      await post(path(), {}),
      await get(`${path()}/sent/${newId()}`),
    ]) {
      expect(answer.status).toBe(200);
      expect(ancestors(answer)).toBe(SYSTEM_ORIGIN);
      const text = await answer.text();
      expect(text).toContain(`/matters?matter=${made.matterId}`);
      expect(text).not.toContain("Warehouse");
    }
  });

  it("does not open with the session of a direct sign-in, nor for another firm", async () => {
    expect(await (await get(path(), member, "direct")).text()).toContain("Open in a new tab");
    expect((await get(path(), stage.stranger, "embed")).status).toBe(404);
  });

  it("sends what is ticked and shows the link", async () => {
    const answer = await post(path(), await fields(), member, "embed");
    expect(answer.status).toBe(303);
    const location = answer.headers.get("Location") ?? "";
    const requestId = location.split("/").at(-1);
    expect((await jobs("delivery.request")).some((job) => job.payload.requestId === requestId)).toBe(true);
    const done = await get(location, member, "embed");
    expect(ancestors(done)).toBe(SYSTEM_ORIGIN);
    const text = await done.text();
    expect(text).toContain("On the way to Adaeze Okafor");
    expect(text).toMatch(/\/p\/[\w-]{64}/);
  });

  it("fills a lower amount oldest first, and sends once for two presses", async () => {
    const form = { ...(await fields()), amount: "1,000.00", delivery: "copy" };
    const answers = await Promise.all([1, 2].map(() => post(path(), form, member, "embed")));
    expect(new Set(answers.map((answer) => answer.headers.get("Location"))).size).toBe(1);
    const lines = await read((tx) =>
      tx
        .selectFrom("link_allocation")
        .innerJoin("payment_link", "payment_link.id", "link_allocation.link_id")
        .select(["statement_id", "link_allocation.amount_minor", "payment_link.id"])
        .where("request_id", "=", String(answers[0]?.headers.get("Location")?.split("/").at(-1)))
        .orderBy("position")
        .execute(),
    );
    expect(lines.map((line) => line.amount_minor)).toEqual([90_000n, 10_000n]);
    expect(await findLink(lines[0]?.id ?? "")).toMatchObject({ delivery: "not_emailed" });
  });

  it("shows the new sum when the ticks changed and the amount did not, before it sends", async () => {
    const form = { ...(await fields()), item: made.statements[0]?.id ?? "" };
    const answer = await post(path(), form, member, "embed");
    expect(answer.status).toBe(422);
    const page = parse(await answer.text());
    expect(page.querySelector("input[name=amount]")?.getAttribute("value")).toBe("900.00");
    expect(page.text).toContain("The amount now fits what is ticked");
  });

  it.each([
    [{ item: [] as string[] }, "Tick at least one statement"],
    [{ amount: "9,999.00" }, "Ask for 3,400.00 or less"],
    [{ amount: "lots" }, "Enter the amount in figures"],
    [{ payer: "other", otherName: "", otherEmail: "a@b.example" }, "Enter the payer&#39;s name"],
    [{ payer: "other", otherName: "Ana Ruiz", otherEmail: "nobody" }, "Enter each email address"],
    [{ seen: "another" }, "A balance changed since the panel was opened"],
  ])("%o comes back with what was typed", async (change, words) => {
    const answer = await post(path(), { ...(await fields()), ...change }, member, "embed");
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain(words);
  });
});
