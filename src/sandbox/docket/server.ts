import type { RequestListener } from "node:http";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { listen, type Running } from "../serve.ts";
import { purgeExpired } from "./adapter.ts";
import { jsonRoutes } from "./api.ts";
import { startDeliveries } from "./deliver.ts";
import type { Docket } from "./docket.ts";
import { createFaults, withFaults } from "./faults.ts";
import { interactionRoutes } from "./interaction.tsx";
import { loadKeys } from "./keys.ts";
import { createProvider } from "./oidc.ts";
import {
  DEFAULT_MATTER_COUNT,
  DEFAULT_REQUESTS_PER_MINUTE,
  DEFAULT_WEBHOOK_RETRY_DELAYS_MS,
  type DocketOptions,
} from "./options.ts";
import { createRateLimit } from "./rate-limit.ts";
import { refuseOtherOrigins } from "./same-origin.ts";
import { pageSecurity, screenRoutes } from "./screens.tsx";
import { seedOnce } from "./seed.ts";
import { openStore } from "./store.ts";

// A name other than the product's address, so that browsers see two sites, as in the world.
const HOSTNAME = "localhost";

/** Starts Docket on its data file, which it makes and fills when there is none. Throws when the port is taken. */
export async function startDocket(options: DocketOptions): Promise<Running> {
  const requestsPerMinute = options.requestsPerMinute ?? DEFAULT_REQUESTS_PER_MINUTE;
  const store = openStore(options.folder);
  try {
    seedOnce(store, options.matterCount ?? DEFAULT_MATTER_COUNT, new Date());
    purgeExpired(store);
    const keys = loadKeys(store);
    const running = await listen({ port: options.port, hostname: HOSTNAME }, (origin) => {
      const docket: Docket = {
        origin,
        options,
        store,
        keys,
        provider: createProvider(origin, store, keys, options),
        faults: createFaults(),
        rateLimit: createRateLimit(requestsPerMinute),
      };
      return withFaults(docket.faults, requestsPerMinute, routeRequests(docket));
    });
    const deliveries = startDeliveries(
      store,
      options.webhookRetryDelaysMs ?? DEFAULT_WEBHOOK_RETRY_DELAYS_MS,
    );
    const close = async () => {
      await running.close();
      await deliveries.close();
      store.close();
    };
    return { ...running, close };
  } catch (error) {
    store.close();
    throw error;
  }
}

/** The authorization server answers its own paths, Hono everything else. */
function routeRequests(docket: Docket): RequestListener {
  const authorizationServer = docket.provider.callback();
  const json = jsonRoutes(docket);
  const pages = new Hono<{ Bindings: HttpBindings }>();
  pages.use("*", refuseOtherOrigins(docket.origin), pageSecurity(docket));
  pages.route("/interaction", interactionRoutes(docket));
  pages.route("/", screenRoutes(docket));
  const answerJson = getRequestListener(json.fetch);
  const answerPage = getRequestListener((request, env) => pages.fetch(request, env as HttpBindings));
  return (request, response) => {
    const path = request.url ?? "/";
    if (path.startsWith("/oauth/") || path.startsWith("/.well-known/")) {
      void authorizationServer(request, response);
    } else if (path.startsWith("/api/") || path.startsWith("/control/")) void answerJson(request, response);
    else void answerPage(request, response);
  };
}
