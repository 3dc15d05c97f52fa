import { createServer } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { payByCard } from "../support/main-job.ts";
import { newVisitor } from "../support/visitor.ts";
import { expectBooksToAgree, waitForPosted } from "./books.ts";
import { openStage, type Stage, sendRequest, waitForPage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

test("a second start on old data keeps its places, its people signed in, and every link that was sent", async () => {
  const paid = await sendRequest(stage, [{ number: "F-OLD-PAID", total: 601 }]);
  const open = await sendRequest(stage, [{ number: "F-OLD-OPEN", total: 602 }]);
  await payByCard(paid.payerLinks[0] ?? "");
  await waitForPosted(stage.books, "F-OLD-PAID");
  const places = placesOf(stage);
  await stage.service.stop();
  await stage.restart();
  expect(placesOf(stage)).toEqual(places);
  await waitForPage(stage.staff, paid.page, /Payment received/);
  await waitForPage(newVisitor(), paid.payerLinks[0] ?? "", /Payment received/);
  await payByCard(open.payerLinks[0] ?? "");
  await waitForPosted(stage.books, "F-OLD-OPEN");
  await expectBooksToAgree(stage.service, stage.books);
});

test("a start whose place was taken by another program finds another one, and says where", async () => {
  const { port } = new URL(stage.service.origin);
  await stage.service.stop();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(Number(port), "127.0.0.1", resolve));
  try {
    await stage.restart();
    expect(new URL(stage.service.origin).port).not.toBe(port);
    const page = await newVisitor().open(`${stage.service.origin}/signin`);
    expect(page.status).toBe(200);
  } finally {
    await new Promise((resolve) => other.close(resolve));
  }
});

function placesOf({ service }: Stage): Record<string, string> {
  const { origin, docket, processor, mailbox } = service;
  return { origin, docket: docket.origin, processor: processor.origin, mailbox: mailbox.origin };
}
