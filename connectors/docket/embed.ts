import { ConnectorError, type Launch, type Registration } from "../contract.ts";
import { verifyIssuedJwt } from "../oauth.ts";
import { launch } from "./wire.ts";

/**
 * How long a ticket is good. An ID token has the same issuer and audience but lives longer, so it cannot
 * stand in for one.
 */
const TICKET_LIFE_SECONDS = 60;
/** How far the vendor's clock may be from ours. */
const TOLERANCE_SECONDS = 10;
const LONGEST_TICKET_CHARACTERS = 8_192;

/**
 * Checks the ticket that Docket's panel posts: signature, issuer, audience, and a life of a minute as of
 * `now`. Throws `rejected` when it is not good. That it takes effect once is the caller's to keep, by the
 * launch's id.
 */
export async function verifyLaunch(registration: Registration, ticket: string, now: Date): Promise<Launch> {
  if (ticket.length > LONGEST_TICKET_CHARACTERS)
    throw new ConnectorError("rejected", "The ticket is too long.");
  const claims = launch.safeParse(
    await verifyIssuedJwt(registration, ticket, { now, toleranceSeconds: TOLERANCE_SECONDS }),
  );
  if (!claims.success) throw new ConnectorError("rejected", "The ticket does not say who opens what.");
  const { iat, exp, ...who } = claims.data;
  const nowSeconds = now.getTime() / 1000;
  if (exp - iat > TICKET_LIFE_SECONDS || iat > nowSeconds + TOLERANCE_SECONDS) {
    throw new ConnectorError("rejected", "The ticket is good for longer than a ticket may be.");
  }
  return {
    id: who.jti,
    accountId: who.account_id,
    userId: who.sub,
    email: who.email,
    name: who.name,
    matterExternalId: who.matter_id ?? undefined,
    expiresAt: new Date(exp * 1000),
  };
}
