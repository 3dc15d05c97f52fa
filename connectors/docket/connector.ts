import type { Connector, Registration } from "../contract.ts";
import { finishAuthorization, refresh, revoke, startAuthorization } from "./auth.ts";
import { verifyLaunch } from "./embed.ts";
import { readWebhook, subscribe, unsubscribe } from "./hooks.ts";
import { manifest } from "./manifest.ts";
import { lookUp, postPayment, postTrustDeposit, reverse } from "./post.ts";
import { read, readOne } from "./read.ts";

/** Docket: reads everything, writes payments, deposits and reversals, and opens our panel on a matter. */
export const docket = {
  manifest,
  startAuthorization,
  finishAuthorization,
  refresh,
  revoke,
  read,
  readOne,
  matterUrl,
  postPayment,
  postTrustDeposit,
  reverse,
  lookUp,
  subscribe,
  unsubscribe,
  readWebhook,
  verifyLaunch,
} satisfies Connector;

function matterUrl(registration: Registration, matterExternalId: string): string {
  return new URL(`/matters/${encodeURIComponent(matterExternalId)}`, registration.origin).href;
}
