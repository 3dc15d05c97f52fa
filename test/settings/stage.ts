import { beforeAll } from "vitest";
import type { Captcha, Verdict } from "../../src/captcha/port.ts";
import type { Context, MemberContext } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import type { Tx } from "../../src/db/tx.ts";
import { type AccountFacts, type Processor, ProcessorError } from "../../src/stripe/port.ts";
import { type Browser, openBrowser } from "../postings/browser.ts";
import { useDatabase } from "../support/database.ts";
import { makeFirm, makeMember, type TestFirm, testContext, waitingJobs } from "../support/world.ts";

type SettingsStage = {
  cx: Context;
  firm: TestFirm;
  other: TestFirm;
  admin: MemberContext;
  colleague: MemberContext;
  staff: MemberContext;
  bookkeeper: MemberContext;
  stranger: MemberContext;
  browser: Browser;
  /** What the captcha's maker answers to the next questions, and what it was asked. */
  verdict: Verdict;
  asked: Parameters<Captcha["verify"]>[0][];
  /** What the processor knows, by id. */
  accounts: Map<string, Partial<AccountFacts> | ProcessorError>;
};

/** A firm with everybody in it, another firm, and an administrator at the browser. */
export function useSettingsStage() {
  const box = useDatabase();
  const stage = {} as SettingsStage;
  beforeAll(async () => {
    stage.verdict = { verdict: "not_proven", reason: "refused" };
    stage.asked = [];
    stage.accounts = new Map();
    const captcha = {
      verify: async (question) => {
        stage.asked.push(question);
        return stage.verdict;
      },
    } as Captcha;
    const processor = { findAccount: async (id: string) => accountOf(stage, id) } as unknown as Processor;
    stage.cx = testContext(box, { captcha, processor });
    stage.firm = await makeFirm(stage.cx);
    stage.other = await makeFirm(stage.cx, "Hale & Brandt LLP");
    const { firmId } = stage.firm;
    stage.admin = await makeMember(stage.cx, firmId, "admin", "Ana Keane");
    stage.colleague = await makeMember(stage.cx, firmId, "admin", "Cora Lind");
    stage.staff = await makeMember(stage.cx, firmId, "staff");
    stage.bookkeeper = await makeMember(stage.cx, firmId, "bookkeeper", "Ben Ortiz");
    stage.stranger = await makeMember(stage.cx, stage.other.firmId, "admin", "Hal Brandt");
    stage.browser = await openBrowser(stage.cx, stage.admin);
  });

  const read = <Result>(work: (tx: Tx) => Promise<Result>, firmId = stage.firm.firmId) =>
    withFirm(stage.cx.database, firmId, work);
  /** The record, oldest first. */
  const record = (firmId = stage.firm.firmId) =>
    read((tx) => tx.selectFrom("audit_event").selectAll().orderBy("id").execute(), firmId);
  const jobs = async (name: string) => (await waitingJobs(box)).filter((job) => job.name === name);
  return { box, stage, read, record, jobs };
}

function accountOf(stage: SettingsStage, id: string): AccountFacts {
  const known = stage.accounts.get(id);
  if (!known) throw new ProcessorError("missing", "the account is not connected to the platform");
  if (known instanceof ProcessorError) throw known;
  return {
    id,
    feesPayer: "account",
    chargesEnabled: true,
    payoutsEnabled: true,
    debitsNegativeBalances: true,
    currency: "USD",
    country: "US",
    methods: ["card", "bank_debit"],
    last4: "2093",
    displayName: "Marlow Keane LLP",
    ...known,
  };
}
