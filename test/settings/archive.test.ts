import { describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import { clearDefault, updateAccount } from "../../src/settings/account-queries.ts";
import { archiveAccount } from "../../src/settings/archive-account.ts";
import { changeAccount } from "../../src/settings/change-account.ts";
import { getAccount, insertAccount } from "../../src/settings/queries.ts";
import { restoreAccount } from "../../src/settings/restore-account.ts";
import { insertTestLink } from "../payments/links.ts";
import { useSettingsStage } from "./stage.ts";

const { stage, read, record } = useSettingsStage();
const PATH = "/settings/accounts";

const pathOf = (id: string) => `${PATH}/${id}`;

/** Another operating account, which is the default from now on. */
async function addDefault(): Promise<string> {
  const id = newId();
  const { firmId } = stage.firm;
  await read(async (tx) => {
    await clearDefault(tx, firmId, "operating");
    await insertAccount(tx, {
      firm_id: firmId,
      id,
      name: "Albany operating",
      kind: "operating",
      processor_account: `acct_${id.replaceAll("-", "")}`,
      last4: "2093",
      currency: "USD",
      fees_payer: "account",
      is_default: true,
    });
  });
  return id;
}

describe("an account out of use", () => {
  it("is archived and brought back, once each, and its links stay payable", async () => {
    const id = stage.firm.operatingAccountId;
    await addDefault();
    const link = { cx: stage.cx, firm: stage.firm, staff: stage.staff };
    await insertTestLink(link, {});
    expect((await stage.browser.get(`${pathOf(id)}/archive`)).text).toContain(
      "1 open link can still be paid",
    );
    for (let times = 0; times < 2; times++)
      expect((await stage.browser.post(`${pathOf(id)}/archive`)).status).toBe(303);
    expect((await read((tx) => getAccount(tx, stage.firm.firmId, id))).archived_at).not.toBeNull();
    expect((await stage.browser.get(PATH)).text).toContain("Archived accounts (1)");
    const typedNow = { name: "X", methods: ["card"], ledgerCode: "", isDefault: false };
    await expect(
      changeAccount(stage.admin, { accountId: id, typed: typedNow, seen: "" }),
    ).rejects.toMatchObject({
      code: "conflict",
      message: "Operating is archived. Bring it back first.",
    });
    for (let times = 0; times < 2; times++) await stage.browser.post(`${pathOf(id)}/restore`);
    const events = (await record()).filter((event) => event.object_id === id).map((event) => event.action);
    expect(
      events.filter((action) => action.startsWith("account.a") || action === "account.restored"),
    ).toEqual(["account.archived", "account.restored"]);
  });

  it("cannot be archived while it is the default, nor as the last one while links are open", async () => {
    const { id: albany } = await read((tx) =>
      tx
        .selectFrom("merchant_account")
        .select("id")
        .where("name", "=", "Albany operating")
        .executeTakeFirstOrThrow(),
    );
    const refused = await stage.browser.post(`${pathOf(albany)}/archive`);
    expect(refused.notice).toContain("Make another one the default first.");
    const operating = stage.firm.operatingAccountId;
    await read(async (tx) => {
      await clearDefault(tx, stage.firm.firmId, "operating");
      await updateAccount(tx, stage.firm.firmId, operating, { is_default: true });
    });
    await stage.browser.post(`${pathOf(albany)}/archive`);
    const question = await stage.browser.get(`${pathOf(operating)}/archive`);
    expect(question.text).toContain("the firm’s only operating account, and 1 open link is still to be paid");
    await expect(archiveAccount(stage.admin, { accountId: operating })).rejects.toMatchObject({
      code: "conflict",
    });
    await read((tx) => tx.updateTable("payment_link").set({ state: "cancelled" }).execute());
    await archiveAccount(stage.admin, { accountId: operating });
    expect((await stage.browser.get(PATH)).text).toContain("There is no default operating account.");
    await restoreAccount(stage.admin, { accountId: operating });
    expect(await read((tx) => getAccount(tx, stage.firm.firmId, operating))).toMatchObject({
      is_default: true,
      archived_at: null,
    });
  });
});
