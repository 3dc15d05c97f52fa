import { expect, test } from "vitest";
import { newId } from "../../src/base/id.ts";
import type { FirmContext } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { closeCheckout, giveUpCheckout } from "../../src/pay/close-checkout.ts";
import { changeCheckout } from "../../src/pay/queries.ts";
import { ProcessorError } from "../../src/stripe/port.ts";
import { appOf } from "../payments/app.ts";
import { useStage } from "../payments/stage.ts";
import { card } from "../sandbox/processor/stand.ts";
import { isSomebodyWaiting } from "../support/database.ts";
import { until } from "../support/until.ts";
import { TEST_ORIGIN } from "../support/world.ts";

const stage = useStage();
const FORM = { how: "full", method: "card", receipt: "" };

const open = async (linkId: string) =>
  (await stage.sessions(linkId)).filter(({ status }) => status === "open").map(({ id }) => id);

const payerContext = (): FirmContext => ({
  ...stage.stage.cx,
  firmId: stage.stage.firm.firmId,
  actor: { kind: "payer", name: "A payer" },
  requestId: newId(),
});

test("an answer that was lost on the way is asked for again and is the same session", async () => {
  const link = await stage.makeLink();
  await stage.control("faults", { kind: "drop_answer", count: 1, path: "/v1/checkout/sessions" });
  await stage.begin(link);
  expect(await stage.sessions(link.id)).toHaveLength(1);
});

test("when every answer is lost, the next form gets the session that was made", async () => {
  const link = await stage.makeLink();
  await stage.control("faults", { kind: "drop_answer", count: 3, path: "/v1/checkout/sessions" });
  const lost = await stage.post(stage.pathOf(link), FORM);
  expect(lost.status).toBe(503);
  expect(await lost.text()).toContain("Nothing was charged");
  expect(await stage.checkouts(link.id)).toMatchObject([{ state: "preparing" }]);
  const url = await stage.begin(link);
  const sessions = await stage.sessions(link.id);
  expect(sessions.map((session) => session.url)).toEqual([url]);
});

test("a failure that the processor keeps under the key does not keep the payer away", async () => {
  const link = await stage.makeLink();
  await stage.control("faults", { kind: "error", count: 1, path: "/v1/checkout/sessions" });
  expect((await stage.post(stage.pathOf(link), FORM)).status).toBe(503);
  expect((await stage.post(stage.pathOf(link), FORM)).status).toBe(503);
  await stage.begin(link);
  expect((await stage.checkouts(link.id)).map(({ state }) => state)).toEqual(["abandoned", "open"]);
});

test("too many requests at the processor are a friendly page", async () => {
  const link = await stage.makeLink();
  await stage.control("faults", { kind: "rate_limit", count: 1, path: "/v1/checkout/sessions" });
  expect((await stage.post(stage.pathOf(link), FORM)).status).toBe(503);
  await stage.begin(link);
  expect(await stage.sessions(link.id)).toHaveLength(1);
});

test("a proxy's answer is not taken for a session", async () => {
  const link = await stage.makeLink();
  await stage.control("faults", { kind: "no_error_body", count: 1, path: "/v1/checkout/sessions" });
  expect((await stage.post(stage.pathOf(link), FORM)).status).toBe(503);
  expect(await stage.checkouts(link.id)).toMatchObject([{ state: "preparing", session_id: null }]);
});

test("what the processor refuses is told to the firm", async () => {
  const link = await stage.makeLink();
  const processor = {
    ...stage.stage.cx.processor,
    createCheckout: () => Promise.reject(new ProcessorError("rejected", "the account is closed")),
  };
  const app = appOf({ ...stage.stage.cx, processor });
  const response = await app.request(stage.pathOf(link), {
    method: "POST",
    body: new URLSearchParams(FORM),
    headers: { Origin: TEST_ORIGIN },
  });
  expect(response.status).toBe(503);
  expect(await stage.link(link.id)).toMatchObject({
    tried_reason: "The card processor refused to take a payment for this link.",
  });
  expect(await stage.checkouts(link.id)).toMatchObject([{ state: "abandoned" }]);
});

test("a link whose address changed between two tries gets a fresh page", async () => {
  const link = await stage.makeLink();
  await stage.control("faults", { kind: "drop_answer", count: 3, path: "/v1/checkout/sessions" });
  await stage.post(stage.pathOf(link), FORM);
  await stage.inFirm("update payment_link set token_version = 2 where id = $1", [link.id]);
  await stage.begin({ ...link, token_version: 2 });
  expect((await stage.checkouts(link.id)).map(({ state }) => state)).toEqual(["abandoned", "open"]);
});

test("a page whose checkout another window gives up at that very moment is handed to nobody", async () => {
  const link = await stage.makeLink();
  const { cx, firm } = stage.stage;
  const { processor } = cx;
  let giveUp: Promise<void> | undefined;
  const app = appOf({
    ...cx,
    processor: {
      ...processor,
      createCheckout: async (request) => {
        const facts = await processor.createCheckout(request);
        const isWritten = Promise.withResolvers<void>();
        giveUp = withFirm(cx.database, firm.firmId, async (tx) => {
          await changeCheckout(tx, firm.firmId, request.checkoutId, ["preparing"], { state: "abandoned" });
          isWritten.resolve();
          await until("the other window is about to store its page", () => isSomebodyWaiting(stage.box));
        });
        await isWritten.promise;
        return facts;
      },
    },
  });
  const response = await app.request(stage.pathOf(link), {
    method: "POST",
    body: new URLSearchParams(FORM),
    headers: { Origin: TEST_ORIGIN },
  });
  await giveUp;
  expect(response.status).toBe(409);
  expect(await open(link.id)).toEqual([]);
  expect(await stage.checkouts(link.id)).toMatchObject([{ state: "abandoned", session_id: null }]);
});

test("a checkout that got its page after the look is closed at the processor too", async () => {
  const link = await stage.makeLink();
  const url = await stage.begin(link);
  const [checkout] = await stage.checkouts(link.id);
  if (!checkout) throw new Error("no checkout");
  const cx = payerContext();
  expect(await giveUpCheckout(cx, { ...checkout, state: "preparing", session_id: null })).toBe(
    checkout.session_id,
  );
  expect(await open(link.id)).toEqual([checkout.session_id]);
  expect(await closeCheckout(cx, { ...checkout, state: "preparing", session_id: null })).toBe("closed");
  expect((await stage.submit(url, card())).status).toBe(409);
  expect(await stage.checkouts(link.id)).toMatchObject([{ state: "expired" }]);
});

test("a link that is cancelled while the page is being made hands out no page", async () => {
  const link = await stage.makeLink();
  const { processor } = stage.stage.cx;
  const app = appOf({
    ...stage.stage.cx,
    processor: {
      ...processor,
      createCheckout: async (request) => {
        const facts = await processor.createCheckout(request);
        await stage.inFirm("update payment_link set state = 'cancelled' where id = $1", [link.id]);
        return facts;
      },
    },
  });
  const response = await app.request(stage.pathOf(link), {
    method: "POST",
    body: new URLSearchParams(FORM),
    headers: { Origin: TEST_ORIGIN },
  });
  expect(response.headers.get("Location")).not.toContain(stage.stage.running.origin);
  expect(await open(link.id)).toEqual([]);
});

test("when the processor cannot be asked about an open page, the payer reads that nothing was charged", async () => {
  const link = await stage.makeLink({ partAllowed: true });
  await stage.begin(link);
  for (const fields of [FORM, { ...FORM, how: "other", other: "100" }]) {
    await stage.control("faults", { kind: "rate_limit", count: 1, path: "/v1/checkout/sessions/" });
    const response = await stage.post(stage.pathOf(link), fields);
    expect(response.status).toBe(503);
    expect(await response.text()).toContain("Nothing was charged");
  }
  expect(await open(link.id)).toHaveLength(1);
});

test("a page that the processor does not know is replaced", async () => {
  const link = await stage.makeLink();
  await stage.begin(link);
  await stage.inFirm("update checkout set session_id = 'cs_test_gone' where link_id = $1", [link.id]);
  await stage.begin(link);
  expect((await stage.checkouts(link.id)).map(({ state }) => state)).toEqual(["expired", "open"]);
});
