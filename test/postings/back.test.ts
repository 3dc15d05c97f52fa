import { describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import { readBack, withBack } from "../../src/postings/back.ts";
import { useDatabase } from "../support/database.ts";
import { openBrowser } from "./browser.ts";
import { first, makeDesk, receivePrepared } from "./desk.ts";

const box = useDatabase();

describe("the way back from a decision", () => {
  it("is the list as it was filtered, or a posting", () => {
    const [id, after] = [newId(), newId()];
    for (const back of [
      "/postings",
      `/postings/${id}`,
      "/postings?tab=ready&account=trust&q=Vasquez",
      `/postings?tab=all&after=${after}`,
    ])
      expect(readBack(back)).toBe(back);
  });

  it.each([
    undefined,
    "",
    "https://elsewhere.example/postings",
    "//elsewhere.example/postings",
    "/postings/../settings",
    "/postings/x",
    "/postings?next=https://elsewhere.example",
    "/\\elsewhere.example",
    "javascript:alert(1)",
    "/links",
  ])("is the bare list for %j", (back) => {
    expect(readBack(back)).toBe("/postings");
  });

  it("keeps what an address has already", () => {
    expect(withBack("/postings/set-aside?payment=1", "/postings?tab=all")).toBe(
      "/postings/set-aside?payment=1&back=%2Fpostings%3Ftab%3Dall",
    );
    expect(withBack("/postings/1/hold", "/postings")).toBe("/postings/1/hold");
  });
});

describe("a decision that was opened from a filtered list", () => {
  const LIST = "/postings?tab=needs-attention&account=operating";

  async function opened() {
    const desk = await makeDesk(box, [{ balanceMinor: 60_000n }]);
    const posting = first(await receivePrepared(desk, [{ statementId: null, amountMinor: 60_000n }]));
    const browser = await openBrowser(desk.cx, desk.bookkeeper);
    const list = await browser.get(LIST);
    const linkTo = (path: string) =>
      list.document.querySelector(`a[href^="/postings/${posting.id}/${path}"]`)?.getAttribute("href") ?? "";
    return { desk, posting, browser, linkTo };
  }

  it.each(["statement", "hold", "by-hand", "set-aside", "parts"])(
    "leads back there from %s",
    async (path) => {
      const { browser, linkTo } = await opened();
      const page = await browser.get(linkTo(path));
      expect(page.status).toBe(200);
      const backs = page.document.querySelectorAll("main a").filter((link) => link.text.trim() === "Back");
      expect(backs.map((link) => link.getAttribute("href"))).toEqual([LIST]);
    },
  );

  it("goes back there when it is made, also after a first try that was wrong, and on a conflict", async () => {
    const { posting, browser, linkTo } = await opened();
    const page = await browser.get(linkTo("set-aside"));
    const action = page.document.querySelector("main form[method=post]")?.getAttribute("action") ?? "";
    expect(action).toContain(`/postings/${posting.id}/set-aside?back=`);
    const refused = await browser.post(action, { reason: "" });
    expect(refused.status).toBe(422);
    expect(refused.document.querySelector("main form[method=post]")?.getAttribute("action")).toBe(action);
    expect(await browser.post(action, { reason: "Paid twice" })).toMatchObject({
      status: 303,
      location: LIST,
    });
    expect(await browser.post(action, { reason: "Paid twice" })).toMatchObject({
      status: 303,
      location: LIST,
    });
  });

  it("of several payments goes back there too, and says there that nothing was selected", async () => {
    const { posting, browser } = await opened();
    const fields = { tab: "needs-attention", account: "operating" };
    expect(await browser.post("/postings/set-aside/selected", fields)).toMatchObject({ location: LIST });
    const chosen = await browser.post("/postings/set-aside/selected", {
      ...fields,
      payment: posting.payment_id,
    });
    const page = await browser.get(chosen.location ?? "");
    const action = page.document.querySelector("main form[method=post]")?.getAttribute("action") ?? "";
    const done = await browser.post(action, { payment: posting.payment_id, reason: "Paid twice" });
    expect(done).toMatchObject({ status: 303, location: LIST });
  });

  it("never leads anywhere else", async () => {
    const { posting, browser } = await opened();
    const action = `/postings/${posting.id}/set-aside?back=${encodeURIComponent("//elsewhere.example")}`;
    expect(await browser.post(action, { reason: "Paid twice" })).toMatchObject({ location: "/postings" });
  });
});
