import type Provider from "oidc-provider";
import type { Faults } from "./faults.ts";
import type { Keys } from "./keys.ts";
import type { DocketOptions } from "./options.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { Store } from "./store.ts";

/** What every route of a running Docket is given. */
export type Docket = {
  origin: string;
  options: DocketOptions;
  store: Store;
  keys: Keys;
  provider: Provider;
  faults: Faults;
  rateLimit: RateLimit;
};
