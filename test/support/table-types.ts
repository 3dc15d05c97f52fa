import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { startEmbedded } from "../../src/db/embedded.ts";
import { migrate } from "../../src/db/migrate.ts";

// Makes src/db/schema.ts from the migrated database; with --verify it only says whether the file is still true.
const FILE = "src/db/schema.ts";

const folder = await mkdtemp(path.join(tmpdir(), "sfp-types-"));
const database = await startEmbedded({ folder, flags: ["fsync=off"] });
try {
  await migrate(database.ownerUrl);
  const generated = execFileSync("kysely-codegen", ["--url", database.ownerUrl, "--print"], {
    encoding: "utf8",
  });
  const wanted = exactBigints(narrow(generated, await readUnions(database.ownerUrl)));
  const verify = process.argv.includes("--verify");
  if (!verify) await writeFile(FILE, wanted);
  else if ((await readFile(FILE, "utf8")) !== wanted) {
    console.error(`${FILE} does not agree with migrations/: run \`npm run db:types\``);
    process.exitCode = 1;
  }
} finally {
  await database.stop();
  await rm(folder, { recursive: true, force: true });
}

/** Reads `check (state in ('a', 'b'))` constraints: the words that a text column can hold, by `table.column`. */
async function readUnions(url: string): Promise<Map<string, string>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ table: string; definition: string }>(
    "select conrelid::regclass::text as table, pg_get_constraintdef(oid) as definition from pg_constraint where contype = 'c'",
  );
  await client.end();
  const unions = new Map<string, string>();
  for (const row of rows) {
    const match = /^CHECK \(\((\w+) = ANY \(ARRAY\[(.+)\]\)\)\)$/.exec(row.definition);
    if (!match?.[1] || !match[2]) continue;
    const words = [...match[2].matchAll(/'(\w+)'::text/g)].map((word) => `"${word[1]}"`);
    unions.set(`${row.table}.${match[1]}`, words.join(" | "));
  }
  return unions;
}

/** Puts the words in the place of `string` in the interface of each table. */
function narrow(text: string, unions: Map<string, string>): string {
  let table = "";
  const lines = text.split("\n").map((line) => {
    const start = /^export interface (\w+) \{$/.exec(line);
    if (start?.[1]) table = start[1].replace(/(?!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
    const column = /^ {2}(\w+): (.*);$/.exec(line);
    const union = column?.[1] ? unions.get(`${table}.${column[1]}`) : undefined;
    return union ? line.replace(/\bstring\b/, union) : line;
  });
  return lines.join("\n");
}

/** The driver is set to read int8 as bigint (src/db/open.ts), never as text. */
function exactBigints(text: string): string {
  return text.replace(
    /^export type Int8 = .*$/m,
    "export type Int8 = ColumnType<bigint, bigint | number, bigint | number>;",
  );
}
