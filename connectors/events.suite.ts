import nock from "nock";
import { beforeEach, describe, expect, it } from "vitest";
import type { ConnectorSetup, LaunchCase, WebhookCase } from "./setup.suite.ts";
import { accessOf, errorOf } from "./stage.suite.ts";

const OLDEST_SECONDS = 300;
const FUTURE_TOLERANCE_SECONDS = 60;

/** Webhooks: taken only with the vendor's signature, and only while fresh. */
export function describeWebhooks(setup: ConnectorSetup, webhooks: WebhookCase): void {
  describe("webhooks", () => {
    const { connector, registration } = setup;
    const now = new Date();
    const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
    const read = async (headers: Record<string, string>, rawBody = webhooks.rawBody) => {
      if (connector.readWebhook === undefined) throw new Error("the connector reads no webhooks");
      const header = (name: string) => headers[name.toLowerCase()];
      return await connector.readWebhook({ rawBody, header }, webhooks.secret, now);
    };
    const signed = (at: Date, secret = webhooks.secret) => webhooks.headers(webhooks.rawBody, at, secret);

    it.each([
      { name: "now", seconds: 0 },
      { name: "at the end of its life", seconds: -(OLDEST_SECONDS - 1) },
      { name: "a little ahead of our clock", seconds: FUTURE_TOLERANCE_SECONDS - 1 },
    ])("takes a delivery that was signed $name", async ({ seconds }) => {
      expect(await read(signed(later(seconds)))).toEqual(webhooks.hint);
    });

    it.each([
      { name: "signed with another secret", headers: () => signed(now, "another secret") },
      { name: "that is old", headers: () => signed(later(-(OLDEST_SECONDS + 2))) },
      { name: "from the future", headers: () => signed(later(FUTURE_TOLERANCE_SECONDS + 2)) },
      { name: "without a signature", headers: () => ({}) },
      { name: "with a signature that is none", headers: () => spoiled(signed(now)) },
    ])("refuses a delivery $name", async ({ headers }) => {
      expect((await errorOf(read(headers()))).kind).toBe("rejected");
    });

    it("refuses a delivery whose body was changed by one byte", async () => {
      expect((await errorOf(read(signed(now), `${webhooks.rawBody} `))).kind).toBe("rejected");
    });

    it("calls a signed body that is no event unreadable", async () => {
      for (const body of ["not json", "{}"]) {
        const error = await errorOf(read(webhooks.headers(body, now, webhooks.secret), body));
        expect(error.kind).toBe("unreadable");
      }
    });

    it("subscribes an address", async () => {
      const expected = webhooks.stageSubscribe();
      expect(await connector.subscribe?.(accessOf(registration), webhooks.callbackUrl)).toEqual(expected);
    });

    it("unsubscribes, also where the subscription is gone already", async () => {
      const call = () => nock(registration.origin).delete(webhooks.unsubscribePath);
      const id = decodeURIComponent(webhooks.unsubscribePath.split("/").at(-1) ?? "");
      call().reply(204);
      await connector.unsubscribe?.(accessOf(registration), id);
      call().reply(404, setup.refusal("gone", "Gone"), { "content-type": "application/json" });
      await connector.unsubscribe?.(accessOf(registration), id);
    });
  });
}

/** Launch tickets: signed by the vendor's key, for us, for a minute. */
export function describeLaunches(setup: ConnectorSetup, launches: LaunchCase): void {
  describe("launch tickets", () => {
    const now = new Date();
    const verify = async (ticket: string) => {
      const { connector, registration } = setup;
      if (connector.verifyLaunch === undefined) throw new Error("the connector takes no launches");
      return await connector.verifyLaunch(registration, ticket, now);
    };
    beforeEach(() => setup.authorization.stage());

    it("takes a good one and says who opens which matter", async () => {
      const { expiresAt, ...launch } = await verify(await launches.ticket(now));
      expect(launch).toEqual(launches.launch);
      expect(expiresAt.getTime()).toBeGreaterThan(now.getTime());
    });

    it.each([
      { name: "that has expired", change: { expiresInSeconds: -60 } },
      { name: "that lives too long", change: { expiresInSeconds: 3600 } },
      { name: "for another application", change: { audience: "another-application" } },
      { name: "of another issuer", change: { issuer: "https://another.test" } },
      { name: "signed with another key", change: { key: "foreign" } as const },
      { name: "without an id", change: { id: undefined } },
    ])("refuses one $name", async ({ change }) => {
      expect((await errorOf(verify(await launches.ticket(now, change)))).kind).toBe("rejected");
    });

    it("refuses what is not a ticket at all", async () => {
      for (const text of ["", "a.b.c", "x".repeat(100_000)]) {
        expect((await errorOf(verify(text))).kind).toBe("rejected");
      }
    });

    it("refuses a good ticket whose claims were changed", async () => {
      const [header, , signature] = (await launches.ticket(now)).split(".");
      const other = (await launches.ticket(now, { expiresInSeconds: 50 })).split(".")[1];
      expect((await errorOf(verify(`${header}.${other}.${signature}`))).kind).toBe("rejected");
    });
  });
}

function spoiled(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, "t=abc,v1=xyz"]));
}
