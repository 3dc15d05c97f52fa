import { describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import { archiveAccount } from "../../src/settings/archive-account.ts";
import { changeAccount } from "../../src/settings/change-account.ts";
import { findDefaultAccount, listAccounts } from "../../src/settings/queries.ts";
import { registerAccount } from "../../src/settings/register-account.ts";
import { restoreAccount } from "../../src/settings/restore-account.ts";
import { ProcessorError } from "../../src/stripe/port.ts";
import { fieldsOf } from "../links/form.ts";
import { openBrowser } from "../postings/browser.ts";
import { useSettingsStage } from "./stage.ts";

const { stage, read, record } = useSettingsStage();
const PATH = "/settings/accounts";

const typed = (change: Record<string, string | string[]> = {}) => ({
  processorAccount: "acct_second",
  kind: "operating",
  name: "New York operating",
  ledgerCode: "1012",
  methods: ["card", "bank_debit"],
  last4: "",
  ...change,
});
const add = (change: Record<string, string | string[]> = {}) =>
  stage.browser.post(`${PATH}/new`, typed(change));
const named = async (name: string) => {
  const found = (await read((tx) => tx.selectFrom("merchant_account").selectAll().execute())).find(
    (account) => account.name === name,
  );
  if (!found) throw new Error(`no account ${name}`);
  return found;
};

describe("adding a merchant account", () => {
  it("asks the processor, and keeps what it says of fees, currency and bank account", async () => {
    stage.accounts.set("acct_second", {});
    const answer = await add();
    expect(answer).toMatchObject({ status: 303, location: PATH });
    expect(await named("New York operating")).toMatchObject({
      kind: "operating",
      processor_account: "acct_second",
      last4: "2093",
      currency: "USD",
      fees_payer: "account",
      ledger_code: "1012",
      is_default: false,
    });
    expect((await record()).at(-1)).toMatchObject({ action: "account.added", actor_name: "Ana Keane" });
    expect((await stage.browser.get(PATH)).text).toContain("New York operating");
  });

  it("takes a trust account only when the processor bills its fees to the platform, whatever was typed", async () => {
    stage.accounts.set("acct_trust2", { feesPayer: "account" });
    const refused = await add({ processorAccount: "acct_trust2", kind: "trust", name: "Second trust" });
    expect(refused.status).toBe(422);
    expect(refused.document.querySelector("#kind-error")?.text).toContain(
      "they would come out of client money",
    );
    stage.accounts.set("acct_trust2", { feesPayer: "platform", last4: undefined });
    const untold = await add({ processorAccount: "acct_trust2", kind: "trust", name: "Second trust" });
    expect(untold.document.querySelector("#last4-error")?.text).toContain("enter the last four digits");
    const done = await add({
      processorAccount: "acct_trust2",
      kind: "trust",
      name: "Second trust",
      last4: "7316",
      isDefault: "on",
    });
    expect(done.status).toBe(303);
    expect(await named("Second trust")).toMatchObject({
      fees_payer: "platform",
      last4: "7316",
      is_default: true,
    });
    expect(await named("Client trust")).toMatchObject({ is_default: false });
  });

  it.each([
    [{ processorAccount: "1234" }, "processorAccount", "begins with acct_"],
    [{ processorAccount: "acct_unknown" }, "processorAccount", "has no such account that is connected"],
    [
      { processorAccount: "acct_down" },
      "processorAccount",
      "did not answer, so the account could not be checked",
    ],
    [{ processorAccount: "acct_closed" }, "processorAccount", "does not let this account take payments yet"],
    [{ processorAccount: "acct_euro" }, "processorAccount", "This account works in EUR"],
    [{ processorAccount: "acct_second" }, "processorAccount", "This firm has this account"],
    [{ processorAccount: "acct_taken" }, "processorAccount", "belongs to another firm"],
    [{ processorAccount: "acct_cards" }, "methods", "does not let this account take bank payments yet"],
    [{ processorAccount: "acct_free", last4: "1111" }, "last4", "ends in 2093"],
    [{ last4: "12" }, "last4", "Enter the last four digits"],
    [{ kind: "" }, "kind", "Choose operating or trust"],
    [{ name: "" }, "name", "Enter a name, like Chicago operating"],
    [{ name: "x".repeat(101) }, "name", "at most 100 characters"],
    [{ methods: [] }, "methods", "Choose cards, bank payments or both"],
    [{ ledgerCode: "x".repeat(61) }, "ledgerCode", "at most 60 characters"],
  ])("refuses %j beside its box and keeps what was typed", async (change, box, words) => {
    for (const id of ["acct_taken", "acct_free"]) stage.accounts.set(id, {});
    stage.accounts.set("acct_down", new ProcessorError("outage", "no answer"));
    stage.accounts.set("acct_closed", { chargesEnabled: false });
    stage.accounts.set("acct_euro", { currency: "EUR" });
    stage.accounts.set("acct_cards", { methods: ["card"] });
    await registerAccount(stage.stranger, {
      ...typed({ processorAccount: "acct_taken" }),
      methods: ["card"],
      isDefault: false,
    } as never).catch(() => undefined);
    const before = await read((tx) => listAccounts(tx, stage.firm.firmId));
    const answer = await add(change as Record<string, string>);
    expect(answer.status).toBe(422);
    expect(answer.document.querySelector(`#${box}-error`)?.text).toContain(words);
    const kept = fieldsOf(answer.document.toString(), `${PATH}/new`);
    const wanted = typed(change as Record<string, string>);
    expect(kept).toMatchObject({ name: wanted.name, processorAccount: wanted.processorAccount });
    expect(await read((tx) => listAccounts(tx, stage.firm.firmId))).toEqual(before);
  });
});

describe("a merchant account", () => {
  const pathOf = (id: string) => `${PATH}/${id}`;
  async function change(id: string, change: Record<string, string | string[] | undefined>) {
    const page = await stage.browser.get(pathOf(id));
    const fields = { ...fieldsOf(page.document.toString(), pathOf(id)), ...change };
    const sent = Object.entries(fields).filter(
      (each): each is [string, string | string[]] => each[1] !== undefined,
    );
    return await stage.browser.post(pathOf(id), Object.fromEntries(sent));
  }

  it("gets another name, ledger code and methods, and becomes the default of its kind", async () => {
    const account = await named("New York operating");
    const answer = await change(account.id, {
      name: "Albany operating",
      ledgerCode: "1013",
      methods: ["card"],
      isDefault: "on",
    });
    expect(answer.status).toBe(303);
    const [usual] = await read((tx) => listAccounts(tx, stage.firm.firmId));
    expect(usual).toMatchObject({
      id: account.id,
      name: "Albany operating",
      methods: ["card"],
      is_default: true,
    });
    expect((await record()).at(-1)).toMatchObject({
      action: "account.changed",
      before: {
        name: "New York operating",
        ledgerCode: "1012",
        methods: "Cards, Bank payments",
        isDefault: "no",
      },
      after: { name: "Albany operating", ledgerCode: "1013", methods: "Cards", isDefault: "yes" },
    });
    expect(await read((tx) => findDefaultAccount(tx, stage.firm.firmId, "operating"))).toMatchObject({
      id: account.id,
    });
  });

  it("does not give up being the default without a successor", async () => {
    const answer = await change((await named("Albany operating")).id, { isDefault: undefined });
    expect(answer.status).toBe(422);
    expect(answer.document.querySelector("#isDefault-error")?.text).toContain(
      "Make another operating account",
    );
  });

  it("is not overwritten unseen", async () => {
    const { id } = await named("Operating");
    const fields = fieldsOf((await stage.browser.get(pathOf(id))).document.toString(), pathOf(id));
    await change(id, { ledgerCode: "1010" });
    const answer = await stage.browser.post(pathOf(id), { ...fields, ledgerCode: "2020" });
    expect(answer.status).toBe(409);
    expect(answer.text).toContain("Ledger codeSaved meanwhile: 1010 You wrote: 2020");
  });

  it("is one default of its kind however many change at once", async () => {
    const ids = [(await named("Client trust")).id, (await named("Second trust")).id];
    await Promise.all(ids.flatMap((id) => [1, 2].map(() => change(id, { isDefault: "on" }))));
    const trust = (await read((tx) => listAccounts(tx, stage.firm.firmId))).filter(
      (each) => each.kind === "trust",
    );
    expect(trust.filter((account) => account.is_default)).toHaveLength(1);
  });

  it("is nobody else's business", async () => {
    const { id } = await named("Operating");
    const foreign = await openBrowser(stage.cx, stage.stranger);
    for (const path of [pathOf(id), `${pathOf(id)}/archive`, pathOf(newId()), pathOf("x")])
      expect((await foreign.get(path)).status).toBe(404);
    await expect(archiveAccount(stage.stranger, { accountId: id })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(restoreAccount(stage.stranger, { accountId: id })).rejects.toMatchObject({
      code: "not_found",
    });
    for (const member of [stage.staff, stage.bookkeeper]) {
      const wish = { ...typed(), methods: ["card"], isDefault: false };
      await expect(registerAccount(member, wish)).rejects.toMatchObject({ code: "forbidden" });
      await expect(archiveAccount(member, { accountId: id })).rejects.toMatchObject({ code: "forbidden" });
      await expect(restoreAccount(member, { accountId: id })).rejects.toMatchObject({ code: "forbidden" });
      await expect(changeAccount(member, { accountId: id, typed: wish, seen: "" })).rejects.toMatchObject({
        code: "forbidden",
      });
    }
  });
});
