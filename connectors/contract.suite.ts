import { describe, expect, it } from "vitest";
import type { Connector } from "./contract.ts";
import { describeLaunches, describeWebhooks } from "./events.suite.ts";
import { describeImportFile } from "./file.suite.ts";
import { describeGrants } from "./grants.suite.ts";
import { describeReads } from "./reads.suite.ts";
import { OPERATIONS } from "./registry.ts";
import type { ConnectorSetup } from "./setup.suite.ts";
import { useNetworkOff } from "./stage.suite.ts";
import { describeLookUps, describeWrites } from "./writes.suite.ts";

/**
 * What every connector must pass, with the network off: `setup` says how its vendor answers. Call it from the
 * vendor's `contract.test.ts`.
 */
export function describeConnector(name: string, setup: ConnectorSetup): void {
  describe(`the connector for ${name}`, () => {
    useNetworkOff();
    describeManifest(setup);
    describeGrants(setup);
    describeReads(setup, "clients");
    describeReads(setup, "matters");
    describeReads(setup, "statements");
    for (const write of setup.writes ?? []) describeWrites(setup, write);
    for (const lookUp of setup.lookUps ?? []) describeLookUps(setup, lookUp);
    if (setup.importFile) describeImportFile(setup, setup.importFile);
    if (setup.webhooks) describeWebhooks(setup, setup.webhooks);
    if (setup.launches) describeLaunches(setup, setup.launches);
  });
}

function describeManifest(setup: ConnectorSetup): void {
  const { manifest } = setup.connector;
  const operations = Object.entries(OPERATIONS).flatMap(([capability, names]) =>
    names.map((operation) => ({ capability, operation })),
  );

  it.each(operations)(
    "has $operation exactly when its manifest names $capability",
    ({ capability, operation }) => {
      const isNamed = (manifest.capabilities as readonly string[]).includes(capability);
      expect(typeof setup.connector[operation as keyof Connector]).toBe(isNamed ? "function" : "undefined");
    },
  );

  it("has a case in its setup for each capability that it claims", () => {
    const covered: Partial<Record<string, boolean>> = {
      lookUp: (setup.lookUps ?? []).length > 0,
      webhooks: setup.webhooks !== undefined,
      embed: setup.launches !== undefined,
      file: setup.importFile !== undefined,
    };
    for (const write of setup.writes ?? []) covered[write.capability] = true;
    const claimed = manifest.capabilities.filter((capability) => capability in OPERATIONS);
    expect(claimed.filter((capability) => covered[capability] !== true)).toEqual([]);
  });

  it("can search by reference when that is its guard against double entries", () => {
    if (manifest.duplicates === "lookUp") expect(manifest.capabilities).toContain("lookUp");
    expect(manifest.key).toMatch(/^[a-z][a-z0-9-]*$/);
  });

  it("links to a matter over an address that cannot be broken out of", () => {
    const url = new URL(setup.connector.matterUrl(setup.registration, "a/../b?c#d"));
    expect(url.protocol).toBe("https:");
    expect([url.search, url.hash]).toEqual(["", ""]);
  });
}
