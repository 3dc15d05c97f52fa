import nock from "nock";
import { describe, expect, it } from "vitest";
import { docket } from "../../connectors/docket/connector.ts";
import { accessOf, errorOf, registrationAt, useNetworkOff } from "../../connectors/stage.suite.ts";

const ORIGIN = "https://docket.test";
const JSON_TYPE = { "content-type": "application/json" };
const access = accessOf(registrationAt(ORIGIN));
const payment = {
  reference: "SFP-1",
  receivedOn: "2026-11-20",
  method: "card",
  memo: "",
  payerName: "Someone",
  amountMinor: 100n,
  currency: "USD",
  matterExternalId: "mt_1",
  statementExternalId: "st_1",
};

describe("posting to Docket", () => {
  useNetworkOff();

  it("is unclear when the answer names another reference", async () => {
    nock(ORIGIN).post("/api/v1/payments").reply(201, { id: "pm_1", reference: "SFP-2" }, JSON_TYPE);
    expect((await errorOf(docket.postPayment(access, payment))).kind).toBe("unclear");
  });

  it("refuses a payment without a statement before it is sent", async () => {
    const error = await errorOf(docket.postPayment(access, { ...payment, statementExternalId: undefined }));
    expect(error.kind).toBe("rejected");
  });
});

describe("looking up in Docket", () => {
  useNetworkOff();
  const answer = (data: unknown, next_cursor: string | null) =>
    nock(ORIGIN)
      .get("/api/v1/payments")
      .query({ reference: "SFP-1" })
      .reply(200, JSON.stringify({ data, next_cursor }), JSON_TYPE);

  it("leaves out entries under another reference", async () => {
    answer([{ id: "pm_1", reference: "SFP-10", amount: 1 }], null);
    expect(await docket.lookUp(access, "payment", "SFP-1")).toEqual([]);
  });

  it.each([
    { name: "an entry cannot be read", data: [{ id: "pm_1", amount: 1 }], cursor: null },
    {
      name: "an amount cannot be read",
      data: [{ id: "pm_1", reference: "SFP-1", amount: 1.234 }],
      cursor: null,
    },
    { name: "there is more than a page", data: [], cursor: "more" },
  ])("does not say that there is none when $name", async ({ data, cursor }) => {
    answer(data, cursor);
    expect((await errorOf(docket.lookUp(access, "payment", "SFP-1"))).kind).toBe("unreadable");
  });
});
