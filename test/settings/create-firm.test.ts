import { beforeEach, describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import type { Actor, Context } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { transact } from "../../src/db/tx.ts";
import { addAccount } from "../../src/settings/add-account.ts";
import { createFirm } from "../../src/settings/create-firm.ts";
import {
  findDefaultAccount,
  findFirmIdBySlug,
  getSettings,
  listAccounts,
  listFirmIds,
} from "../../src/settings/queries.ts";
import { useDatabase } from "../support/database.ts";
import { systemContext, testContext } from "../support/world.ts";

const SYSTEM: Actor = { kind: "system", name: "test" };
const nothing = async () => undefined;

describe("making a firm", () => {
  const box = useDatabase();
  let cx: Context;
  let slug: string;
  let suffix: string;
  beforeEach(() => {
    cx = testContext(box);
    suffix = newId().slice(0, 8);
    slug = `firm-${suffix}`;
  });

  const operating = () =>
    ({
      name: "Operating",
      kind: "operating",
      processorAccount: `acct_op_${suffix}`,
      last4: "4417",
      feesPayer: "account",
    }) as const;
  const trust = () =>
    ({
      name: "Trust",
      kind: "trust",
      processorAccount: `acct_tr_${suffix}`,
      last4: "8820",
      feesPayer: "platform",
    }) as const;
  const firm = (change: object = {}) => ({
    name: "Marlow Keane LLP",
    slug,
    timeZone: "America/Chicago",
    ...change,
  });

  it("writes the firm, its settings, its accounts and the record, found by its short name", async () => {
    const second = { ...operating(), name: "Second", processorAccount: `acct_op2_${suffix}` };
    const firmId = await createFirm(
      cx,
      SYSTEM,
      firm({ accounts: [operating(), trust(), second], disclaimer: "Words" }),
      nothing,
    );
    expect(await transact(cx.database, (tx) => findFirmIdBySlug(tx, slug))).toBe(firmId);
    expect(await transact(cx.database, listFirmIds)).toContain(firmId);
    await withFirm(cx.database, firmId, async (tx) => {
      expect(await getSettings(tx, firmId)).toMatchObject({ disclaimer: "Words" });
      const accounts = await listAccounts(tx, firmId);
      expect(accounts.map((account) => [account.name, account.is_default])).toEqual([
        ["Operating", true],
        ["Trust", true],
        ["Second", false],
      ]);
      expect(await findDefaultAccount(tx, firmId, "trust")).toMatchObject({ name: "Trust" });
      const events = await tx
        .selectFrom("audit_event")
        .select("action")
        .where("firm_id", "=", firmId)
        .orderBy("id")
        .execute();
      expect(events.map((event) => event.action)).toEqual([
        "firm.created",
        ...Array(3).fill("account.added"),
      ]);
    });
  });

  it("leaves nothing when the first members cannot be made", async () => {
    const failing = createFirm(cx, SYSTEM, firm(), () => Promise.reject(new Error("no members")));
    await expect(failing).rejects.toThrow("no members");
    expect(await transact(cx.database, (tx) => findFirmIdBySlug(tx, slug))).toBeUndefined();
  });

  it("says in words which name or account is taken", async () => {
    await createFirm(cx, SYSTEM, firm({ accounts: [operating()] }), nothing);
    await expect(createFirm(cx, SYSTEM, firm(), nothing)).rejects.toMatchObject({
      code: "conflict",
      message: "Another firm has this short name. Choose another.",
    });
    const other = firm({ slug: `${slug}-2`, accounts: [operating()] });
    await expect(createFirm(cx, SYSTEM, other, nothing)).rejects.toMatchObject({
      code: "conflict",
      message: "This account at the card processor belongs to another firm.",
    });
    const twice = firm({ slug: `${slug}-3`, accounts: [trust(), { ...trust(), name: "Again" }] });
    await expect(createFirm(cx, SYSTEM, twice, nothing)).rejects.toMatchObject({
      code: "conflict",
      message: "This firm has this account at the card processor already.",
    });
  });

  it("takes no trust account that would pay fees", async () => {
    const paying = firm({ accounts: [{ ...trust(), feesPayer: "account" }] });
    await expect(createFirm(cx, SYSTEM, paying, nothing)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("fees never come out of client money"),
    });
    expect(await transact(cx.database, (tx) => findFirmIdBySlug(tx, slug))).toBeUndefined();
  });

  it.each([
    ["name", { name: " " }],
    ["slug", { slug: "Marlow Keane" }],
    ["slug", { slug: "a".repeat(61) }],
    ["timeZone", { timeZone: "Mars/Olympus" }],
    ["contactEmail", { contactEmail: "nobody" }],
  ])("refuses a bad %s: %j", (field, change) => {
    expect(() => createFirm(cx, SYSTEM, firm(change), nothing)).toThrow(new RegExp(field));
  });
});

describe("adding a merchant account", () => {
  const box = useDatabase();
  const input = { name: "Main", kind: "operating", last4: "4417", feesPayer: "account" } as const;

  it("makes the first of its kind the default, and writes it down", async () => {
    const cx = testContext(box);
    const firmId = await createFirm(cx, SYSTEM, { name: "A", slug: "adding", timeZone: "UTC" }, nothing);
    const who = systemContext(cx, firmId);
    const first = await addAccount(who, { ...input, processorAccount: "acct_first" });
    const second = await addAccount(who, { ...input, processorAccount: "acct_second" });
    await withFirm(cx.database, firmId, async (tx) => {
      expect(await findDefaultAccount(tx, firmId, "operating")).toMatchObject({ id: first });
      const events = await tx
        .selectFrom("audit_event")
        .select("object_id")
        .where("firm_id", "=", firmId)
        .where("action", "=", "account.added")
        .orderBy("id")
        .execute();
      expect(events.map((event) => event.object_id)).toEqual([first, second]);
    });
    await expect(addAccount(who, { ...input, processorAccount: "acct_first" })).rejects.toMatchObject({
      code: "conflict",
    });
    const another = await createFirm(cx, SYSTEM, { name: "B", slug: "adding-b", timeZone: "UTC" }, nothing);
    await expect(
      addAccount(systemContext(cx, another), { ...input, processorAccount: "acct_first" }),
    ).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("belongs to another firm"),
    });
    await expect(
      addAccount(who, { ...input, kind: "trust", processorAccount: "acct_trust" }),
    ).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("client money") });
  });
});
