import { expect, test } from "vitest";
import { makeApp } from "../../src/app.tsx";
import type { MemberContext } from "../../src/context.ts";
import { moveLink } from "../../src/links/move.ts";
import { lockLink } from "../../src/links/queries.ts";
import { makeSuccessor } from "../../src/links/successor.ts";
import { useLinkStage } from "../links/stage.ts";

const { stage, issued, findLink, pay, read, cookieOf } = useLinkStage();
/** A person's click. */
const HUMAN = { "Sec-Fetch-Mode": "navigate", "Sec-Fetch-User": "?1", "Sec-Fetch-Site": "same-origin" };

async function open(path: string, member: MemberContext, method = "GET") {
  const headers = { ...HUMAN, Cookie: await cookieOf(member) };
  return await makeApp(stage.cx).request(path, { method, headers });
}

test("a member sees the payer's page without an address that pays, and the link counts as not viewed", async () => {
  const { link } = await issued();
  const answer = await open(`/links/${link.id}/preview`, stage.staff);
  const page = await answer.text();
  expect(answer.status).toBe(200);
  for (const words of ["Preview for your firm.", "Amount due to Marlow Keane LLP", "$1,250.00"])
    expect(page).toContain(words);
  expect(page).not.toContain("/p/");
  expect(await findLink(link.id)).toMatchObject({ first_viewed_at: null, last_viewed_at: null });
});

test("its button begins nothing and says so", async () => {
  const { link } = await issued();
  const pressed = await open(`/links/${link.id}/preview`, stage.staff, "POST");
  expect([pressed.status, pressed.headers.get("Location")]).toEqual([
    303,
    `/links/${link.id}/preview?pressed`,
  ]);
  const page = await (await open(`/links/${link.id}/preview?pressed`, stage.staff)).text();
  expect(page).toContain("Nothing was begun.");
  const checkouts = await read((tx) =>
    tx.selectFrom("checkout").select("id").where("link_id", "=", link.id).execute(),
  );
  expect(checkouts).toEqual([]);
});

test("a language can be tried", async () => {
  const { link } = await issued();
  const page = await (await open(`/links/${link.id}/preview?lang=es`, stage.staff)).text();
  expect(page).toContain('lang="es"');
});

test("a link that was followed leads to the preview of the newest, never to its payer's page", async () => {
  const { link, matter } = await issued();
  await pay(link, [{ statementId: matter.statements[0]?.id ?? "", amountMinor: 25_000n }]);
  await read(async (tx) =>
    moveLink(tx, stage.staff, await lockLink(tx, stage.firm.firmId, link.id), "part_paid"),
  );
  const successor = await makeSuccessor(stage.staff, { linkId: link.id, delivery: "copy" });
  const page = await (await open(`/links/${link.id}/preview`, stage.staff)).text();
  expect(page).toContain(`/links/${successor.id}/preview`);
  expect(page).not.toContain("/p/");
});

test.each(["GET", "POST"])("%s of another firm's link is not there", async (method) => {
  const { link } = await issued();
  expect((await open(`/links/${link.id}/preview`, stage.stranger, method)).status).toBe(404);
});
