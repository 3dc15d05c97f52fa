import { parseArgs } from "node:util";
import { z } from "zod";
import { ConfigError, describeConfig } from "../base/config.ts";
import { Problem } from "../base/error.ts";
import { newId } from "../base/id.ts";
import { build } from "../build.ts";
import type { Actor, Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { transact } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { createFirm } from "../settings/create-firm.ts";
import { findFirmIdBySlug } from "../settings/queries.ts";
import { admitAccount } from "../settings/register-account.ts";
import {
  findPersonByEmail,
  insertMember,
  insertSignInLink,
  keepPerson,
  listMemberships,
} from "../team/queries.ts";
import { signInUrl } from "../team/send-sign-in-link.ts";
import { onStop, stopWith } from "./stop.ts";
import { joinSurroundings } from "./surroundings.ts";

const DAY_MS = 86_400_000;
const OPERATOR: Actor = { kind: "system", name: "command line" };
const USAGE = `npm run cli -- <command>

  config                          what is in force, secrets masked
  firm create --name "Name LLP" --slug name-llp --admin-name "A. Name" --admin-email a@name.example [--time-zone America/Chicago]
                                  make a firm with its first administrator; prints a sign-in link
  account add --firm name-llp --name Operating --kind operating --processor-account acct_… [--methods card,bank_debit] [--last4 4417]
                                  add a merchant account as the card processor describes it; a trust account only
                                  where the processor bills its fees to the platform
  signin --email a@name.example   print a sign-in link for a member, where mail does not reach them
  sync --firm name-llp            read all of a firm's matter systems now`;

type Values = Record<string, string | undefined>;

const OPTION_NAMES = [
  "name",
  "slug",
  "admin-name",
  "admin-email",
  "time-zone",
  "firm",
  "kind",
  "processor-account",
  "last4",
  "methods",
  "email",
];

const adminInput = z.object({
  name: z.string().min(1),
  email: z.email().transform((email) => email.toLowerCase()),
});

const COMMANDS: Record<string, (cx: Context, given: Values) => Promise<string>> = {
  "firm create": makeFirm,
  "account add": giveAccount,
  signin: printSignIn,
  sync: syncFirm,
};

try {
  const { name, values } = readArguments();
  const command = COMMANDS[name];
  if (name === "config") printConfig();
  else if (command) await runCommand(command, values);
  else {
    console.log(USAGE);
    process.exitCode = name === "" || name === "help" ? 0 : 1;
  }
} catch (error) {
  console.error(words(error));
  await stopWith(1);
}

/** The command's words and its options. Throws `invalid` for an option that there is not. */
function readArguments(): { name: string; values: Values } {
  const options = Object.fromEntries(OPTION_NAMES.map((name) => [name, { type: "string" as const }]));
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, strict: true, options });
    return { name: positionals.join(" "), values: values as Values };
  } catch (error) {
    throw new Problem("invalid", `${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

async function runCommand(
  command: (cx: Context, given: Values) => Promise<string>,
  values: Values,
): Promise<void> {
  const { config, stop } = await joinSurroundings(process.env);
  onStop("database", stop);
  const { cx, close } = build({ ...config, LOG_LEVEL: "warn" }, undefined, console.error);
  onStop("connections", close);
  console.log(await command(cx, values));
  await stopWith(0);
}

function printConfig(): void {
  for (const { name, value, purpose } of describeConfig(process.env))
    console.log(`${name.padEnd(28)}${value.padEnd(44)}${purpose}`);
}

async function makeFirm(cx: Context, given: Values): Promise<string> {
  const admin = adminInput.parse({ name: need(given, "admin-name"), email: need(given, "admin-email") });
  const firm = {
    name: need(given, "name"),
    slug: need(given, "slug"),
    timeZone: given["time-zone"] ?? "America/Chicago",
    contactEmail: admin.email,
  };
  await createFirm(cx, OPERATOR, firm, async (tx, firmId) => {
    const person = await keepPerson(tx, { id: newId(), email: admin.email, name: admin.name });
    await insertMember(tx, {
      firm_id: firmId,
      id: newId(),
      person_id: person.id,
      role: "admin",
      state: "active",
    });
  });
  return `Made ${firm.name}. ${await printSignIn(cx, { email: admin.email })}`;
}

async function giveAccount(cx: Context, given: Values): Promise<string> {
  const firmId = await getFirmId(cx, given);
  const input = {
    name: need(given, "name"),
    kind: need(given, "kind"),
    processorAccount: need(given, "processor-account"),
    methods: (given.methods ?? "card,bank_debit").split(",").map((each) => each.trim()),
    last4: given.last4?.trim() ?? "",
    ledgerCode: "",
    isDefault: false,
  };
  const { last4 } = await admitAccount({ ...cx, firmId, actor: OPERATOR, requestId: newId() }, input);
  return `Added ${input.name} (${input.kind}, ··${last4}).`;
}

async function printSignIn(cx: Context, given: Values): Promise<string> {
  const email = need(given, "email").toLowerCase();
  const id = newId();
  await transact(cx.database, async (tx) => {
    const person = await findPersonByEmail(tx, email);
    if (!person || (await listMemberships(tx, person.id)).length === 0)
      throw new Problem("not_found", `No member of a firm has the address ${email}.`);
    await insertSignInLink(tx, {
      id,
      person_id: person.id,
      expires_at: new Date(cx.now().getTime() + DAY_MS),
    });
  });
  return `Sign in within a day: ${signInUrl(cx, id)}`;
}

async function syncFirm(cx: Context, given: Values): Promise<string> {
  const firmId = await getFirmId(cx, given);
  const count = await withFirm(cx.database, firmId, async (tx) => {
    const connections = await tx
      .selectFrom("connection")
      .select("id")
      .where("firm_id", "=", firmId)
      .where("state", "=", "authorized")
      .execute();
    for (const { id } of connections)
      await enqueue(tx, "connections.sync", { firmId, connectionId: id }, { key: `sync:${id}` });
    return connections.length;
  });
  return count === 0
    ? "No matter system is authorised."
    : `Reading ${count} matter system${count === 1 ? "" : "s"}; a running service or worker does it.`;
}

async function getFirmId(cx: Context, given: Values): Promise<string> {
  const slug = need(given, "firm");
  const firmId = await transact(cx.database, (tx) => findFirmIdBySlug(tx, slug));
  if (!firmId) throw new Problem("not_found", `There is no firm with the short name ${slug}.`);
  return firmId;
}

function need(given: Values, name: string): string {
  const value = given[name]?.trim();
  if (!value) throw new Problem("invalid", `--${name} is missing.\n\n${USAGE}`);
  return value;
}

function words(error: unknown): unknown {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof Problem)
    return [...new Set([error.message, ...Object.values(error.fields)])].join("\n");
  if (error instanceof z.ZodError)
    return error.issues.map((issue) => `${issue.path.join(".") || "input"}: ${issue.message}`).join("\n");
  return error;
}
