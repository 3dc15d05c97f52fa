import type { Capability, Connector, Manifest } from "./contract.ts";
import { docket } from "./docket/connector.ts";

/** The operations that a capability stands for; reading is part of every connector. */
export const OPERATIONS = {
  postPayment: ["postPayment"],
  postTrustDeposit: ["postTrustDeposit"],
  reverse: ["reverse"],
  lookUp: ["lookUp"],
  webhooks: ["subscribe", "unsubscribe", "readWebhook"],
  embed: ["verifyLaunch"],
  file: ["makeImportFile"],
} as const satisfies Partial<Record<Capability, readonly (keyof Connector)[]>>;

type Operated = keyof typeof OPERATIONS;
type OperationOf<C extends Operated> = (typeof OPERATIONS)[C][number];

/** A connector that has the operations which its manifest names, neither fewer nor more. */
export type ConnectorOf<M extends Manifest> = Omit<Connector, OperationOf<Operated>> &
  Required<Pick<Connector, OperationOf<Extract<M["capabilities"][number], Operated>>>> & {
    [O in OperationOf<Exclude<Operated, M["capabilities"][number]>>]?: never;
  };

/** Every connector that there is, held to its own manifest: a new one is added here. */
const all: readonly Connector[] = [docket satisfies ConnectorOf<typeof docket.manifest>];

/** By the key in the manifest. */
export const connectors: ReadonlyMap<string, Connector> = new Map(
  all.map((connector) => [connector.manifest.key, connector]),
);

/** The connector of a key; undefined when there is none. */
export function findConnector(key: string): Connector | undefined {
  return connectors.get(key);
}
