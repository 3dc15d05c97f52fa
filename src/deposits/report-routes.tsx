import { Hono } from "hono";
import { type Day, dayOf } from "../base/day.ts";
import { Problem } from "../base/error.ts";
import { withFirm } from "../db/tenant.ts";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { renderStaff } from "../web/respond.tsx";
import { sendWorkbook } from "../web/workbook.ts";
import { countOpen } from "./discrepancy-queries.ts";
import { readPeriod } from "./filter.ts";
import type { AccountChoice } from "./list-view.tsx";
import { readPack } from "./pack.ts";
import { packSheets } from "./pack-sheets.ts";
import { PackView } from "./pack-view.tsx";
import { listFirmAccounts } from "./queries.ts";
import { readLedger, readTrust, trustSheets } from "./trust-report.ts";
import { TrustView } from "./trust-view.tsx";

export const reportRoutes = new Hono<WebEnv>();

reportRoutes.get("/deposits/reconciliation", allow("deposits.see"), async (c) => {
  const scope = await readScope(c, undefined);
  const { period, accountId, account } = scope;
  const { timeZone, currency } = getScope(c).firm;
  const pack =
    accountId === undefined
      ? undefined
      : await readPack(memberContext(c), { accountId, ...period }, timeZone);
  const view = <PackView {...scope} pack={pack} currency={account?.currency ?? currency} />;
  return await show(c, "Three-way reconciliation", scope.errors, view);
});

reportRoutes.get("/deposits/reconciliation.xlsx", allow("deposits.see"), async (c) => {
  const { period, accountId, errors } = await readScope(c, undefined);
  const { timeZone } = getScope(c).firm;
  if (errors || accountId === undefined) throw cannotDownload();
  const cx = memberContext(c);
  const pack = await readPack(cx, { accountId, ...period }, timeZone);
  return sendWorkbook(c, `reconciliation ${period.from} to ${period.to}`, packSheets(cx, pack, timeZone));
});

reportRoutes.get("/deposits/trust", allow("deposits.see"), async (c) => {
  const scope = await readScope(c, "trust");
  const cx = memberContext(c);
  const wish = { period: scope.period, accountId: scope.wanted };
  const ledgers = await readTrust(cx, wish);
  const matterId = c.req.query("matter");
  const ledger = ledgers.find((each) => each.matterId === matterId);
  const opened = ledger && { ledger, entries: await readLedger(cx, { ...wish, matterId: ledger.matterId }) };
  const open = await withFirm(cx.database, cx.firmId, (tx) => countOpen(tx, cx.firmId));
  const view = (
    <TrustView {...scope} accountId={scope.wanted} ledgers={ledgers} opened={opened} open={open} />
  );
  return await show(c, "Trust report", scope.errors, view);
});

reportRoutes.get("/deposits/trust.xlsx", allow("deposits.see"), async (c) => {
  const { period, wanted, errors } = await readScope(c, "trust");
  if (errors) throw cannotDownload();
  const cx = memberContext(c);
  const wish = { period, accountId: wanted };
  const ledgers = await readTrust(cx, wish);
  return sendWorkbook(c, `trust report ${period.from} to ${period.to}`, trustSheets(cx, wish, ledgers));
});

type Scope = {
  period: { from: Day; to: Day };
  accounts: (AccountChoice & { currency: string })[];
  /** The account that was asked for, and the one that is shown: the first where none was. */
  wanted: string | undefined;
  accountId: string | undefined;
  account: (AccountChoice & { currency: string }) | undefined;
  errors: Record<string, string> | undefined;
  typed: { from: string; to: string } | undefined;
};

/** The account and the period of an address; the running month where it names none. */
async function readScope(c: Web, kind: "trust" | undefined): Promise<Scope> {
  const { firm } = getScope(c);
  const { from, to, errors } = readPeriod((name) => c.req.query(name));
  const today = dayOf(c.get("cx").now(), firm.timeZone);
  const all = await withFirm(c.get("cx").database, firm.id, (tx) => listFirmAccounts(tx, firm.id));
  const accounts = kind === undefined ? all : all.filter((account) => account.kind === kind);
  const wanted = accounts.find((account) => account.id === c.req.query("account"));
  const account = wanted ?? accounts[0];
  const isWrong = Object.keys(errors).length > 0;
  const end = to ?? today;
  const start = from ?? `${end.slice(0, 7)}-01`;
  return {
    period: { from: start > end ? end : start, to: end },
    accounts,
    wanted: wanted?.id,
    accountId: account?.id,
    account,
    errors: isWrong ? errors : undefined,
    typed: isWrong ? { from: c.req.query("from") ?? "", to: c.req.query("to") ?? "" } : undefined,
  };
}

function show(
  c: Web,
  title: string,
  errors: Record<string, string> | undefined,
  view: Parameters<typeof renderStaff>[2],
): Promise<Response> {
  return renderStaff(c, { title, nav: "deposits", errors }, view);
}

function cannotDownload(): Problem {
  return new Problem(
    "invalid",
    "Choose an account and a period like 2026-11-01 to 2026-11-30, then download again.",
  );
}
