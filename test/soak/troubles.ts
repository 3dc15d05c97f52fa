import { healDocket, healProcessor, setWebhooks, troubleDocket, troubleProcessor } from "../flows/doors.ts";
import type { Service } from "../support/start-service.ts";
import type { Seeded } from "./seeded.ts";

const PAYMENTS_PATH = "/api/v1/payments";
const SESSIONS_PATH = "/v1/checkout/sessions";

/** Every trouble at the stand-ins, by the name under which it is counted. */
const TROUBLES = {
  "Docket: write refused for its rate": (service, chance) =>
    troubleDocket(service, { kind: "rate_limit", path: PAYMENTS_PATH, count: chance.whole(1, 3) }),
  "Docket: write fails": (service, chance) =>
    troubleDocket(service, { kind: "error", path: PAYMENTS_PATH, count: chance.whole(1, 3) }),
  "Docket: write done, answer lost": (service, chance) =>
    troubleDocket(service, { kind: "drop_answer", path: PAYMENTS_PATH, count: chance.whole(1, 3) }),
  "Docket: write slow": (service, chance) =>
    troubleDocket(service, { kind: "latency", path: PAYMENTS_PATH, milliseconds: chance.whole(200, 2_500) }),
  "Docket: anything fails": (service, chance) =>
    troubleDocket(service, { kind: "error", path: "/api/v1/", count: chance.whole(1, 4) }),
  "processor: call fails": (service, chance) =>
    troubleProcessor(service, { kind: "error", path: "/v1/", count: chance.whole(1, 3) }),
  "processor: answer lost": (service, chance) =>
    troubleProcessor(service, { kind: "drop_answer", path: SESSIONS_PATH, count: chance.whole(1, 2) }),
  "processor: refused for its rate": (service, chance) =>
    troubleProcessor(service, { kind: "rate_limit", path: "/v1/", count: chance.whole(1, 3) }),
  "webhooks: twice": (service) => setWebhooks(service, { reset: true, duplicate: 2 }),
  "webhooks: out of order": (service, chance) =>
    setWebhooks(service, { reset: true, disorder: chance.whole(500, 3_000) }),
  "webhooks: late": (service, chance) =>
    setWebhooks(service, { reset: true, delay_milliseconds: chance.whole(500, 4_000) }),
  "webhooks: none at all": (service) => setWebhooks(service, { reset: true, stopped: true }),
  "webhooks: well again": (service) => setWebhooks(service, { reset: true }),
} as const satisfies Record<string, (service: Service, chance: Seeded) => Promise<void>>;

type Trouble = keyof typeof TROUBLES;
const NAMES = Object.keys(TROUBLES) as Trouble[];

/** Makes one trouble, any, and says which. Undefined when the stand-in was not there to be troubled. */
export async function makeTrouble(service: Service, chance: Seeded): Promise<Trouble | undefined> {
  const name = chance.pick(NAMES);
  try {
    await TROUBLES[name](service, chance);
    return name;
  } catch (error) {
    if (isOutOfReach(error)) return undefined;
    throw error;
  }
}

/** Everything is well from here on. */
export async function endTroubles(service: Service): Promise<void> {
  await healDocket(service);
  await healProcessor(service);
  await setWebhooks(service, { reset: true });
}

/** A line that was cut or never answered, because the other side is being killed or started just now. */
export function isOutOfReach(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof DOMException && error.name === "TimeoutError");
}
