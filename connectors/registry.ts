import type { Connector } from "./contract.ts";
import { docket } from "./docket/connector.ts";

/** Every connector that there is: a new one is added to this list. */
const all: readonly Connector[] = [docket];

/** By the key in the manifest. */
export const connectors: ReadonlyMap<string, Connector> = new Map(
  all.map((connector) => [connector.manifest.key, connector]),
);

/** The connector of a key; undefined when there is none. */
export function findConnector(key: string): Connector | undefined {
  return connectors.get(key);
}
