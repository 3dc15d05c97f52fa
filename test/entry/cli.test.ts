import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startProcessor } from "../../src/sandbox/processor/server.ts";
import { PRODUCTION } from "../base/production-settings.ts";
import { SECRET_KEY } from "../sandbox/processor/stand.ts";
import { runFile } from "../support/child.ts";
import { asOwner, useDatabase } from "../support/database.ts";

const FIRM = ["--name", "Marlow Keane LLP", "--slug", "marlow-keane"];
const ADMIN = ["--admin-name", "Ana Keane", "--admin-email", "Ana@MarlowKeane.example"];
const ACCOUNT = ["account", "add", "--firm", "marlow-keane", "--processor-account"];
/** As the card processor knows them. */
const CONNECTED = [
  { id: "acct_cli", name: "Operating", fees_payer: "account", bank_last4: "4417" },
  { id: "acct_cli_trust", name: "Trust", fees_payer: "application", bank_last4: "8820" },
  { id: "acct_cli_untold", name: "Untold", fees_payer: "application" },
  { id: "acct_cli_fees", name: "Trust that pays fees", fees_payer: "account", bank_last4: "1199" },
] as const;

describe("the command line", () => {
  const box = useDatabase();
  let folder: string;
  let processor: Awaited<ReturnType<typeof startProcessor>>;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "sfp-cli-"));
    // PostgreSQL runs as another user where the tests run as root; it must be able to walk through.
    await chmod(folder, 0o711);
    const data = path.join(folder, "processor");
    processor = await startProcessor({ data, secretKey: SECRET_KEY, accounts: CONNECTED });
  });
  afterAll(async () => {
    await processor.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function cli(
    args: string[],
    env: Record<string, string> = {},
  ): Promise<{ code: number | null; output: string }> {
    const child = runFile("src/entry/cli.ts", args, { env });
    const code = await child.ended;
    return { code, output: child.output() };
  }
  /** Beside a database that is there, with keys made in a folder of its own. Empty settings are as good as none. */
  const onDatabase = (...args: string[]) =>
    cli(args, {
      DATABASE_URL: box.url,
      DATA_FOLDER: folder,
      SANDBOX: "on",
      LINK_KEY: "",
      STRIPE_SECRET_KEY: SECRET_KEY,
      STRIPE_API_BASE: processor.origin,
    });

  it("shows every setting in force, secrets masked", async () => {
    const { code, output } = await cli(["config"], PRODUCTION);
    expect(code).toBe(0);
    expect(output).toMatch(/PUBLIC_ORIGIN +https:\/\/pay\.firm\.example/);
    expect(output).toContain("postgres://service:****@db.example:5432/pay");
    for (const name of ["LINK_KEY", "STRIPE_SECRET_KEY", "POSTMARK_WEBHOOK_PASSWORD"])
      expect(output).not.toContain(PRODUCTION[name]);
  });

  it("ends with 1 and tells every fault when settings are wrong", async () => {
    const { code, output } = await cli(["config"], {
      ...PRODUCTION,
      PORT: "eighty",
      SANDBOX: "on",
      LINK_KEY: "",
    });
    expect(code).toBe(1);
    for (const name of ["PORT", "SANDBOX", "LINK_KEY"]) expect(output).toContain(`  ${name}: found `);
    expect(output).not.toContain(" at ");
  });

  it("explains itself: for help with 0, for what it does not know with 1", async () => {
    for (const [args, wanted] of [
      [[], 0],
      [["help"], 0],
      [["dance"], 1],
      [["config", "now"], 1],
      [["--wrong", "x"], 1],
    ] as const) {
      const { code, output } = await cli([...args]);
      expect([args, code]).toEqual([args, wanted]);
      expect(output).toContain("npm run cli -- <command>");
      expect(output).not.toContain("    at ");
    }
  });

  it("makes a firm with its administrator, accounts that money can reach, and a sign-in link", async () => {
    const made = await onDatabase("firm", "create", ...FIRM, ...ADMIN);
    expect(made).toMatchObject({
      code: 0,
      output: expect.stringMatching(
        /Made Marlow Keane LLP\. Sign in within a day: http\S+\/signin\/link\/[\w-]{64}\n/,
      ),
    });
    const operating = ["acct_cli", "--name", "Operating", "--kind", "operating"];
    expect(await onDatabase(...ACCOUNT, ...operating)).toEqual({
      code: 0,
      output: "Added Operating (operating, ··4417).\n",
    });
    const [row] = await asOwner(
      box,
      `select p.email, m.role, m.state, a.is_default from member m join person p on p.id = m.person_id
         join merchant_account a on a.firm_id = m.firm_id where a.processor_account = 'acct_cli'`,
    );
    expect(row).toEqual({
      email: "ana@marlowkeane.example",
      role: "admin",
      state: "active",
      is_default: true,
    });
    expect(await onDatabase("sync", "--firm", "marlow-keane")).toEqual({
      code: 0,
      output: "No matter system is authorised.\n",
    });
    expect((await onDatabase("signin", "--email", "ANA@marlowkeane.example")).output).toMatch(
      /\/signin\/link\/[\w-]{64}/,
    );
  });

  it("marks an account trust only where the processor bills its fees to the platform, whatever is asked", async () => {
    const trust = ["--name", "Client trust", "--kind", "trust"];
    const refused = await onDatabase(...ACCOUNT, "acct_cli_fees", ...trust);
    expect(refused.code).toBe(1);
    expect(refused.output).toContain("they would come out of client money");
    expect((await onDatabase(...ACCOUNT, "acct_cli_fees", ...trust, "--fees-payer", "platform")).code).toBe(
      1,
    );
    expect(await onDatabase(...ACCOUNT, "acct_cli_trust", ...trust)).toEqual({
      code: 0,
      output: "Added Client trust (trust, ··8820).\n",
    });
    const untold = await onDatabase(...ACCOUNT, "acct_cli_untold", ...trust);
    expect(untold).toMatchObject({ code: 1, output: expect.stringContaining("enter the last four digits") });
    const told = await onDatabase(
      ...ACCOUNT,
      "acct_cli_untold",
      ...trust,
      "--methods",
      "card",
      "--last4",
      "5150",
    );
    expect(told.output).toBe("Added Client trust (trust, ··5150).\n");
    const kept = `select processor_account, fees_payer, methods, is_default from merchant_account
      where kind = 'trust' order by processor_account`;
    expect(await asOwner(box, kept)).toEqual([
      {
        processor_account: "acct_cli_trust",
        fees_payer: "platform",
        methods: ["card", "bank_debit"],
        is_default: true,
      },
      { processor_account: "acct_cli_untold", fees_payer: "platform", methods: ["card"], is_default: false },
    ]);
  });

  it("refuses in words, with 1 and without a trace of code", async () => {
    const trust = ["--name", "Trust", "--kind", "trust"];
    for (const [args, words] of [
      [["firm", "create", ...FIRM, ...ADMIN], "Another firm has this short name"],
      [["firm", "create", ...FIRM], "--admin-name is missing"],
      [
        [...ACCOUNT, "acct_cli", ...trust.with(3, "operating")],
        "has this account at the card processor already",
      ],
      [[...ACCOUNT, "acct_cli_trust", ...trust.with(3, "savings")], "Choose operating or trust"],
      [[...ACCOUNT, "acct_nobody", ...trust], "no such account that is connected to this platform"],
      [[...ACCOUNT, "acct_cli_trust", ...trust, "--last4", "0000"], "bank account that ends in 8820"],
      [[...ACCOUNT, "acct_cli_trust", ...trust, "--methods", "cash"], "Choose cards, bank payments or both"],
      [["signin", "--email", "nobody@marlowkeane.example"], "No member of a firm has the address"],
      [["sync", "--firm", "unknown"], "There is no firm with the short name unknown"],
    ] as const) {
      const { code, output } = await onDatabase(...args);
      expect([words, code]).toEqual([words, 1]);
      expect(output).toContain(words);
      expect(output).not.toContain("    at ");
    }
  });

  it("works on the embedded database alone, which it starts, migrates and ends", async () => {
    const own = path.join(folder, "embedded");
    const migrated = runFile("src/entry/migrate.ts", [], { env: { DATA_FOLDER: own } });
    expect(await migrated.ended, migrated.output()).toBe(0);
    expect(migrated.output()).toContain("0001_tenancy.sql");
    const { code, output } = await cli(["firm", "create", ...FIRM, ...ADMIN], { DATA_FOLDER: own });
    expect(output).toMatch(/\/signin\/link\/[\w-]{64}/);
    expect(code).toBe(0);
  }, 60_000);
});
