import { describe, expect, it } from "vitest";
import { ConnectorError, type Manifest } from "../../connectors/contract.ts";
import { docket } from "../../connectors/docket/connector.ts";
import type { ConnectorOf } from "../../connectors/registry.ts";

const readOnly = {
  ...docket.manifest,
  capabilities: ["readStatements"],
} as const satisfies Manifest;

describe("the contract", () => {
  it("does not compile a connector that has what its manifest does not name", () => {
    // @ts-expect-error: it can post, and the manifest says that it cannot.
    const excessive: ConnectorOf<typeof readOnly> = docket;
    expect(excessive).toBeDefined();
  });

  it("does not compile a connector that lacks what its manifest names", () => {
    const { lookUp, ...without } = docket;
    // @ts-expect-error: the manifest names lookUp.
    const lacking: ConnectorOf<typeof docket.manifest> = without;
    expect([lacking, lookUp]).toHaveLength(2);
  });

  it("gives an error its kind, its words and only the facts that are known", () => {
    const error = new ConnectorError("rate", "Too many", { retryAfterSeconds: 5 });
    expect(error).toMatchObject({ name: "ConnectorError", kind: "rate", retryAfterSeconds: 5 });
    expect(error.vendorCode).toBeUndefined();
  });
});
