import nock from "nock";
import { describe, expect, it } from "vitest";
import { FAULTS, withoutAnswer } from "./faults.suite.ts";
import type { ConnectorSetup, LookUpCase, WriteCase } from "./setup.suite.ts";
import { accessOf, errorOf, SECRETS } from "./stage.suite.ts";

const JSON_TYPE = { "content-type": "application/json" };

/**
 * A write: the exact bytes that are sent, and a kind for each failure that tells whether anything can have
 * been written.
 */
export function describeWrites(setup: ConnectorSetup, write: WriteCase): void {
  describe(`writing ${write.name}`, () => {
    const { registration } = setup;
    const access = accessOf(registration);
    const call = () => nock(registration.origin).post(write.path);

    it("sends exact decimals and gives the vendor's id", async () => {
      let sent: string | undefined;
      nock(registration.origin, { reqheaders: { authorization: `Bearer ${SECRETS.accessToken}` } })
        .post(write.path)
        .reply(async (request: Request) => {
          sent = await request.text();
          return [201, write.answer, JSON_TYPE];
        });
      expect(await write.run(access)).toEqual({ externalId: write.externalId });
      expect(sent).toBe(write.sent);
    });

    it.each(FAULTS)("calls $name $onWrite", async (fault) => {
      fault.stage(call(), setup.refusal);
      const error = await errorOf(write.run(access));
      expect(error.kind).toBe(fault.onWrite);
      fault.check?.(error);
    });

    it("calls no answer within the time unclear", async () => {
      const outcome = await withoutAnswer(call(), () => write.run(access));
      if (outcome.status === "fulfilled") throw new Error("the write must fail");
      expect((await errorOf(Promise.reject(outcome.reason))).kind).toBe("unclear");
    });

    it("calls an answer without a body unclear", async () => {
      call().reply(201);
      expect((await errorOf(write.run(access))).kind).toBe("unclear");
    });

    it("writes nothing when the caller gave up before", async () => {
      const error = await errorOf(write.run({ ...access, signal: AbortSignal.abort() }));
      expect(error.kind).toBe("outage");
    });
  });
}

/**
 * Looking up by reference: none, one, or a double entry; never "none" when the answer cannot be understood.
 */
export function describeLookUps(setup: ConnectorSetup, lookUp: LookUpCase): void {
  describe(`looking up a ${lookUp.kind}`, () => {
    const { connector, registration } = setup;
    const access = accessOf(registration);
    const call = () => nock(registration.origin).get(lookUp.path).query(lookUp.query);
    const run = async () => {
      if (connector.lookUp === undefined) throw new Error("the connector cannot look up");
      return await connector.lookUp(access, lookUp.kind, lookUp.reference);
    };

    it("finds none", async () => {
      call().reply(200, lookUp.none, JSON_TYPE);
      expect(await run()).toEqual([]);
    });

    it("finds one", async () => {
      call().reply(200, lookUp.one, JSON_TYPE);
      expect(await run()).toEqual([lookUp.found[0]]);
    });

    it("finds both of a double entry", async () => {
      call().reply(200, lookUp.two, JSON_TYPE);
      expect(await run()).toEqual(lookUp.found);
    });

    it.each(FAULTS)("calls $name $onRead", async (fault) => {
      fault.stage(call(), setup.refusal);
      expect((await errorOf(run())).kind).toBe(fault.onRead);
    });
  });
}
