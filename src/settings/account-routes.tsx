import { Hono } from "hono";
import { notFound, Problem } from "../base/error.ts";
import { isId } from "../base/id.ts";
import { withFirm } from "../db/tenant.ts";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { setFlash } from "../web/flash.ts";
import { type Form, readForm } from "../web/form.ts";
import { renderStaff } from "../web/respond.tsx";
import { ACCOUNT_LABELS, accountInWords, type TypedAccount } from "./account-form.ts";
import { type AccountRow, countOpenLinks, findAccount, listAllAccounts } from "./account-queries.ts";
import { AccountView, NewAccountView } from "./account-view.tsx";
import { ACCOUNTS_PATH, AccountsView, ArchiveView } from "./accounts-view.tsx";
import { archiveAccount, whyNotArchive } from "./archive-account.ts";
import { accountVersion, changeAccount } from "./change-account.ts";
import { readLastChange } from "./last-change.ts";
import { type NewAccount, registerAccount } from "./register-account.ts";
import { restoreAccount } from "./restore-account.ts";
import { differences, isStale } from "./section.ts";

/** Where money goes. */
export const accountRoutes = new Hono<WebEnv>();

accountRoutes.get(ACCOUNTS_PATH, allow("settings.manage"), async (c) => {
  const { firm, member } = getScope(c);
  const accounts = await withFirm(c.get("cx").database, firm.id, (tx) => listAllAccounts(tx, firm.id));
  return await renderStaff(
    c,
    { title: "Merchant accounts", nav: "settings" },
    <AccountsView member={member} accounts={accounts} />,
  );
});

accountRoutes.get(`${ACCOUNTS_PATH}/new`, allow("settings.manage"), (c) =>
  showNew(c, {
    processorAccount: "",
    kind: "",
    name: "",
    ledgerCode: "",
    last4: "",
    methods: ["card", "bank_debit"],
    isDefault: false,
  }),
);

accountRoutes.post(`${ACCOUNTS_PATH}/new`, allow("settings.manage"), async (c) => {
  const form = await readForm(c);
  const typed = {
    ...typedOf(form),
    processorAccount: form.text("processorAccount"),
    kind: form.text("kind"),
    last4: form.text("last4"),
  };
  try {
    await registerAccount(memberContext(c), typed);
  } catch (error) {
    return await showNew(c, typed, fieldsOf(error));
  }
  setFlash(c, { tone: "good", text: `${typed.name} can receive payments now.` });
  return c.redirect(ACCOUNTS_PATH, 303);
});

accountRoutes.get(`${ACCOUNTS_PATH}/:id`, allow("settings.manage"), async (c) =>
  showAccount(c, await getAccountOf(c)),
);

accountRoutes.post(`${ACCOUNTS_PATH}/:id`, allow("settings.manage"), async (c) => {
  const account = await getAccountOf(c);
  const form = await readForm(c);
  const typed = typedOf(form);
  const seen = form.text("seen");
  try {
    await changeAccount(memberContext(c), { accountId: account.id, typed, seen });
  } catch (error) {
    if (isStale(error)) return await showAccount(c, await getAccountOf(c), { typed, isStale: true });
    return await showAccount(c, account, { typed, errors: fieldsOf(error), seen });
  }
  setFlash(c, { tone: "good", text: `${typed.name} is saved.` });
  return c.redirect(ACCOUNTS_PATH, 303);
});

accountRoutes.get(`${ACCOUNTS_PATH}/:id/archive`, allow("settings.manage"), async (c) => {
  const account = await getAccountOf(c);
  const { reason, openLinks } = await withFirm(c.get("cx").database, account.firm_id, async (tx) => ({
    reason: await whyNotArchive(tx, account),
    openLinks: await countOpenLinks(tx, account.firm_id, account.id),
  }));
  const page = <ArchiveView account={account} openLinks={openLinks} reason={reason} />;
  return await renderStaff(c, { title: `Archive ${account.name}`, nav: "settings" }, page);
});

accountRoutes.post(`${ACCOUNTS_PATH}/:id/archive`, allow("settings.manage"), async (c) => {
  const account = await getAccountOf(c);
  return await act(
    c,
    () => archiveAccount(memberContext(c), { accountId: account.id }),
    `${account.name} is archived.`,
  );
});

accountRoutes.post(`${ACCOUNTS_PATH}/:id/restore`, allow("settings.manage"), async (c) => {
  const account = await getAccountOf(c);
  return await act(
    c,
    () => restoreAccount(memberContext(c), { accountId: account.id }),
    `${account.name} is in use again.`,
  );
});

/** Does it and says so on the list, or says there why it cannot be done. */
async function act(c: Web, work: () => Promise<void>, done: string): Promise<Response> {
  try {
    await work();
    setFlash(c, { tone: "good", text: done });
  } catch (error) {
    if (!(error instanceof Problem && error.code === "conflict")) throw error;
    setFlash(c, { tone: "bad", text: error.message });
  }
  return c.redirect(ACCOUNTS_PATH, 303);
}

function typedOf(form: Form): TypedAccount {
  return {
    name: form.text("name"),
    methods: form.all("methods"),
    ledgerCode: form.text("ledgerCode"),
    isDefault: form.has("isDefault"),
  };
}

/** The boxes to correct; anything else goes on. */
function fieldsOf(error: unknown): Record<string, string> {
  if (error instanceof Problem && error.code === "invalid") return error.fields;
  throw error;
}

async function getAccountOf(c: Web): Promise<AccountRow> {
  const { firm } = getScope(c);
  const id = c.req.param("id") ?? "";
  const account = isId(id)
    ? await withFirm(c.get("cx").database, firm.id, (tx) => findAccount(tx, firm.id, id))
    : undefined;
  if (!account) throw notFound("account");
  return account;
}

async function showNew(c: Web, typed: NewAccount, errors?: Record<string, string>): Promise<Response> {
  const page = <NewAccountView member={getScope(c).member} typed={typed} errors={errors} />;
  return await renderStaff(c, { title: "Add a merchant account", nav: "settings", errors }, page);
}

async function showAccount(
  c: Web,
  account: AccountRow,
  tried?: { typed: TypedAccount; errors?: Record<string, string>; seen?: string; isStale?: boolean },
): Promise<Response> {
  const { firm, member } = getScope(c);
  const cx = c.get("cx");
  const lastChange = await withFirm(cx.database, firm.id, (tx) =>
    readLastChange(tx, firm, account.id, cx.now()),
  );
  const stored = {
    name: account.name,
    methods: account.methods,
    ledgerCode: account.ledger_code,
    isDefault: account.is_default,
  };
  const mine =
    tried &&
    accountInWords({
      ...tried.typed,
      ledger_code: tried.typed.ledgerCode,
      is_default: tried.typed.isDefault,
      methods: [...tried.typed.methods] as AccountRow["methods"],
    });
  const stale =
    tried?.isStale && mine ? differences(ACCOUNT_LABELS, accountInWords(account), mine) : undefined;
  return await renderStaff(
    c,
    { title: account.name, nav: "settings", errors: tried?.errors, status: stale ? 409 : undefined },
    <AccountView
      member={member}
      account={account}
      typed={tried?.typed ?? stored}
      seen={tried?.seen ?? accountVersion(account)}
      lastChange={lastChange}
      errors={tried?.errors}
      stale={stale}
    />,
  );
}
