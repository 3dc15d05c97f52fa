import nock from "nock";
import { describe, expect, it } from "vitest";
import type { Family, FamilyRecord, Page } from "./contract.ts";
import { FAULTS, withoutAnswer } from "./faults.suite.ts";
import type { ConnectorSetup, ReadCase } from "./setup.suite.ts";
import { accessOf, errorOf } from "./stage.suite.ts";

const JSON_TYPE = { "content-type": "application/json" };

/** How a family is read: over pages, by change, one by one, and what becomes of what cannot be understood. */
export function describeReads<F extends Family>(setup: ConnectorSetup, family: F): void {
  describe(`reading ${family}`, () => {
    const { connector, registration } = setup;
    const reading: ReadCase<F> = setup.reads[family];
    const access = accessOf(registration);
    const first = reading.pages[0];
    const call = () => nock(registration.origin).get(reading.path).query(true);

    it("loads everything page by page, in order", async () => {
      for (const page of reading.pages) {
        nock(registration.origin).get(reading.path).query(page.query).reply(200, page.body, JSON_TYPE);
      }
      const pages: Page<FamilyRecord[F]>[] = [];
      let cursor: string | undefined;
      for (let index = 0; index < reading.pages.length; index += 1) {
        const page = await connector.read(access, family, { cursor });
        pages.push(page);
        cursor = page.nextCursor;
      }
      expect(reading.pages.length).toBeGreaterThan(1);
      expect(cursor).toBeUndefined();
      expect(pages.flatMap((page) => page.items)).toEqual(reading.items);
      expect(pages.flatMap((page) => page.unreadable)).toEqual([]);
    });

    it("asks only for what changed, and reports deletions", async () => {
      const { since, query, body, items } = reading.changes;
      nock(registration.origin).get(reading.path).query(query).reply(200, body, JSON_TYPE);
      const page = await connector.read(access, family, { changedSince: since });
      expect(page.items).toEqual(items);
      expect(page.items.some((item) => item.deleted)).toBe(true);
    });

    it("reports a record that it cannot understand, and keeps the others", async () => {
      call().reply(200, reading.broken.body, JSON_TYPE);
      const page = await connector.read(access, family, {});
      expect(page.items).toHaveLength(reading.broken.readable);
      expect(page.unreadable).toEqual([
        { externalId: reading.broken.externalId, reason: expect.stringMatching(/\S/) },
      ]);
    });

    it("refuses a list whose cursor does not move on", async () => {
      if (first === undefined) throw new Error("the setup has no pages");
      call()
        .reply(200, first.body, JSON_TYPE)
        .get(reading.path)
        .query(true)
        .reply(200, first.body, JSON_TYPE);
      const { nextCursor } = await connector.read(access, family, {});
      const error = await errorOf(connector.read(access, family, { cursor: nextCursor }));
      expect(error.kind).toBe("unreadable");
    });

    it("reads one record", async () => {
      nock(registration.origin).get(reading.one.path).reply(200, reading.one.body, JSON_TYPE);
      const { externalId } = reading.one.item;
      expect(await connector.readOne(access, family, externalId)).toEqual(reading.one.item);
    });

    it("finds nothing where a record is gone", async () => {
      nock(registration.origin).get(reading.one.path).reply(404, setup.refusal("gone", "Gone"), JSON_TYPE);
      expect(await connector.readOne(access, family, reading.one.item.externalId)).toBeUndefined();
    });

    describeReadFaults(setup, family);
  });
}

function describeReadFaults(setup: ConnectorSetup, family: Family): void {
  const { connector, registration } = setup;
  const access = accessOf(registration);
  const call = () => nock(registration.origin).get(setup.reads[family].path).query(true);

  it.each(FAULTS)("calls $name $onRead", async (fault) => {
    fault.stage(call(), setup.refusal);
    const error = await errorOf(connector.read(access, family, {}));
    expect(error.kind).toBe(fault.onRead);
    fault.check?.(error);
  });

  it("calls no answer within the time an outage", async () => {
    const outcome = await withoutAnswer(call(), () => connector.read(access, family, {}));
    if (outcome.status === "fulfilled") throw new Error("the read must fail");
    expect((await errorOf(Promise.reject(outcome.reason))).kind).toBe("outage");
  });

  it("stops when the caller gives up", async () => {
    const signal = AbortSignal.abort();
    const error = await errorOf(connector.read({ ...access, signal }, family, {}));
    expect(error.kind).toBe("outage");
  });
}
