import { beforeEach, describe, expect, it } from "vitest";
import type { Connector } from "../../connectors/contract.ts";
import { ConnectorError } from "../../connectors/contract.ts";
import { beginSignIn, finishSignIn } from "../../src/connections/sign-in.ts";
import type { Context, MemberContext } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { hashSecret } from "../../src/vault/hash.ts";
import { asOwner, useDatabase } from "../support/database.ts";
import { makeFirm, makeMatter, makeMember, TEST_ORIGIN, testContext } from "../support/world.ts";
import { connectorsOf, makeReadingSystem } from "./reading-system.ts";

describe("signing in with the matter system's account", () => {
  const box = useDatabase();
  let cx: Context;
  let member: MemberContext;
  let email: string;
  let accountId: string;

  beforeEach(async () => {
    const plain = testContext(box);
    const firm = await makeFirm(plain);
    member = await makeMember(plain, firm.firmId, "staff");
    await makeMatter(plain, firm.firmId, []);
    [email, accountId] = await withFirm(plain.database, firm.firmId, async (tx) => {
      const person = await tx
        .selectFrom("person")
        .select("email")
        .where("id", "=", member.actor.personId)
        .executeTakeFirstOrThrow();
      const connection = await tx
        .selectFrom("connection")
        .select("external_account_id")
        .executeTakeFirstOrThrow();
      return [person.email, connection.external_account_id];
    });
    cx = contextFor({ email, accountId });
  });

  /** A context whose matter system says that this person came back. */
  function contextFor(grantor: { email: string; accountId: string }, fail?: ConnectorError): Context {
    const system = makeReadingSystem();
    const connector: Connector = {
      ...system.connector,
      finishAuthorization: async (_registration, request) => {
        if (fail) throw fail;
        const tokens = { accessToken: "a", refreshToken: undefined, expiresAt: new Date() };
        const rest = {
          accountName: "Firm",
          userId: "usr",
          userName: "Somebody",
          webOrigin: "https://reading.example",
        };
        expect(request.purpose).toBe("signIn");
        return { tokens, grantor: { ...grantor, ...rest } };
      },
    };
    return testContext(box, { connectors: connectorsOf({ ...system, connector }) });
  }

  async function begin(): Promise<{ state: string; browserSecret: string }> {
    const { url, browserSecret } = await beginSignIn(cx, { connector: "docket", nextPath: "/sent" });
    return { state: new URL(url).searchParams.get("state") ?? "", browserSecret };
  }
  const finish = (trip: { state: string; browserSecret: string | undefined }, as = cx) =>
    finishSignIn(as, {
      connector: "docket",
      callbackUrl: `${TEST_ORIGIN}/signin/callback/docket?state=${trip.state}&code=1`,
      browserSecret: trip.browserSecret,
      requestId: "request",
    });

  it("starts a session for the member with that address, and leads to where they wanted to go", async () => {
    const { secret, nextPath } = await finish(await begin());
    expect(nextPath).toBe("/sent");
    const rows = await withFirm(cx.database, member.firmId, (tx) =>
      tx.selectFrom("session").selectAll().where("secret_hash", "=", hashSecret(secret)).execute(),
    );
    expect(rows).toMatchObject([{ member_id: member.actor.id, kind: "direct", firm_id: member.firmId }]);
  });

  it("is good once, also for fifty at the same time", async () => {
    const trip = await begin();
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => finish(trip)));
    expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
  });

  it("is refused in another browser, with a forged state and after ten minutes", async () => {
    const trip = await begin();
    await expect(finish({ ...trip, browserSecret: undefined })).rejects.toMatchObject({ code: "expired" });
    await expect(finish({ ...trip, browserSecret: "another" })).rejects.toMatchObject({ code: "expired" });
    await expect(finish({ ...trip, state: "forged" })).rejects.toMatchObject({ code: "expired" });
    const later = { ...cx, now: () => new Date(Date.now() + 11 * 60_000) };
    await expect(finish(trip, later)).rejects.toMatchObject({ code: "expired" });
  });

  it("is not interchangeable with the authorisation of a connection", async () => {
    const trip = await begin();
    await asOwner(
      box,
      "update authorization_state set purpose = 'connection', firm_id = $1, member_id = $2",
      [member.firmId, member.actor.id],
    );
    await expect(finish(trip)).rejects.toMatchObject({ code: "expired" });
  });

  it("lets nobody in whose firm did not authorise that account, or who is no member", async () => {
    const strangers = [
      contextFor({ email: "nobody@elsewhere.example", accountId }),
      contextFor({ email, accountId: "acc_of_another_firm" }),
    ];
    for (const stranger of strangers)
      await expect(finish(await begin(), stranger)).rejects.toMatchObject({ code: "forbidden" });
    await withFirm(cx.database, member.firmId, (tx) =>
      tx.updateTable("member").set({ state: "removed" }).where("id", "=", member.actor.id).execute(),
    );
    await expect(finish(await begin())).rejects.toMatchObject({ code: "forbidden" });
  });

  it("says in plain words that access was declined or the system failed", async () => {
    const declined = contextFor(
      { email, accountId },
      new ConnectorError("rejected", "no", { vendorCode: "access_denied" }),
    );
    await expect(finish(await begin(), declined)).rejects.toThrow(/declined/);
    const down = contextFor({ email, accountId }, new ConnectorError("outage", "down"));
    await expect(finish(await begin(), down)).rejects.toMatchObject({ code: "unavailable" });
  });
});
