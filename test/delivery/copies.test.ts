import { afterEach, beforeAll, expect, it } from "vitest";
import { linkUrl } from "../../src/links/address.ts";
import { correctLink } from "../../src/links/correct.ts";
import { resendLink } from "../../src/links/resend.ts";
import { useLetterDesk } from "./desk.ts";

const desk = useLetterDesk();
const { stage, issued, sent, deliver, settle, emailsOfKind } = desk;

beforeAll(() => settle({ copies_to_sender: true }));
afterEach(() => {
  sent.splice(0);
});

const copies = () => sent.filter((message) => message.tag === "copy");

it("the sender's copy shows the request and opens nothing", async () => {
  const { link } = await issued();
  await deliver(link.request_id);
  expect(copies()).toHaveLength(1);
  const [copy] = copies();
  expect(copy?.subject).toBe("Copy: Payment request from Marlow Keane LLP");
  expect(copy?.text).toContain("The request went to a.okafor@okaforlogistics.example");
  expect(copy?.text).toContain("$1,250.00");
  for (const part of [copy?.html ?? "", copy?.text ?? ""]) {
    expect(part).not.toContain("/p/");
    expect(part).not.toContain(linkUrl(stage.cx, link));
    expect(part).toContain(`/links/${link.id}`);
  }
  expect((await desk.findLink(link.id)).delivery).toBe("sent");
});

it("each sending has one copy, and the same job twice makes no second", async () => {
  const { link } = await issued();
  await deliver(link.request_id);
  await deliver(link.request_id);
  expect(copies()).toHaveLength(1);
  await resendLink(stage.staff, { linkId: link.id, sendCount: 1 });
  await deliver(link.request_id);
  expect(copies()).toHaveLength(2);
});

it("a copy that bounces says nothing of the link", async () => {
  const { link } = await issued();
  const emails = await deliver(link.request_id);
  const copy = emails.find((email) => email.kind === "copy");
  if (!copy) throw new Error("no copy");
  await desk.hook(desk.word(copy, "Bounce", { ID: 41, Type: "HardBounce" }));
  expect((await desk.findLink(link.id)).delivery).toBe("sent");
});

it("a sender who asks themselves, or was removed, or whose firm wants none, gets no copy", async () => {
  const before = (await emailsOfKind("copy")).length;
  const own = await desk.read((tx) =>
    tx
      .selectFrom("person")
      .select("email")
      .where("id", "=", stage.staff.actor.personId)
      .executeTakeFirstOrThrow(),
  );
  const { link } = await issued(undefined, { payerEmails: [own.email.toUpperCase()] });
  await deliver(link.request_id);
  const setState = (state: "active" | "removed") =>
    desk.read((tx) =>
      tx.updateTable("member").set({ state }).where("id", "=", stage.staff.actor.id).execute(),
    );
  const { link: second } = await issued();
  await setState("removed");
  await deliver(second.request_id);
  await setState("active");
  await settle({ copies_to_sender: false });
  const { link: third } = await issued();
  await deliver(third.request_id);
  await settle({ copies_to_sender: true });
  expect(await emailsOfKind("copy")).toHaveLength(before);
});

it("after a correction the copy names the new address", async () => {
  const { link } = await issued();
  await deliver(link.request_id);
  await correctLink(stage.staff, {
    linkId: link.id,
    payerName: "Adaeze Okafor",
    payerEmails: ["ap@okafor.example"],
    tokenVersion: 1,
  });
  await deliver(link.request_id);
  expect(copies().at(-1)?.text).toContain("went to ap@okafor.example");
});

it("a sheet's requests have no copies", async () => {
  const { link } = await issued();
  await desk.changeLink(link.id, { source: "bulk" });
  await deliver(link.request_id);
  expect(copies()).toEqual([]);
});
