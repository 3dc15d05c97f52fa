import { describe, expect, it } from "vitest";
import type { ConnectorSetup, ImportFileCase } from "./setup.suite.ts";

/** What a file to import must be: made without a call, the same each time, with every entry in it. */
export function describeImportFile(setup: ConnectorSetup, given: ImportFileCase): void {
  describe("the file to import", () => {
    const make = () => setup.connector.makeImportFile?.(given.entries, given.on);

    it("holds exactly what its vendor reads", () => {
      const file = make();
      expect(file && new TextDecoder().decode(file.content)).toBe(given.content);
      expect([file?.name, file?.mediaType]).toEqual([given.name, given.mediaType]);
    });

    it("is the same when it is made again, and says where it is imported", () => {
      expect(make()).toEqual(make());
      expect(setup.connector.importPlace ?? "").toMatch(/\w/);
    });

    it("names each entry by its reference", () => {
      const text = new TextDecoder().decode(make()?.content);
      for (const entry of given.entries) expect(text).toContain(entry.reference);
    });
  });
}
