import { describe, expect, it } from "vitest";
import { asOwner, useDatabase } from "../support/database.ts";

/** Tables that are read before any firm is known; what they hold opens nothing and belongs to a person, not to a firm. */
const BEFORE_THE_FIRM = ["authorization_state", "sign_in_link"];
/** One counter change may stand there as often as it happened. */
const WITHOUT_KEY = ["tally"];
/** Unique over all firms on purpose: each is looked up while no firm is known, or must not belong to two. */
const UNIQUE_OVER_ALL = [
  "authorization_state_pkey",
  "connection_webhook_key_unique",
  "firm_pkey",
  "firm_slug_unique",
  "merchant_account_processor_owner",
  "payment_link_id",
  "session_secret_unique",
  "sign_in_link_pkey",
];
/** Look-ups before the firm is known return ids only; the searches filter by firm themselves; two are about jobs. */
const DEFINER_FUNCTIONS = [
  "enqueue_jobs",
  "find_connection_by_webhook_key",
  "find_connections_of_account",
  "find_firm_by_slug",
  "find_firm_of_processor_account",
  "find_link",
  "find_memberships",
  "find_session",
  "forget_replaced_jobs",
  "list_firm_ids",
  "search_links",
  "search_payments",
  "search_statements",
];

describe("every table of a firm", () => {
  const box = useDatabase();
  const tenantTables = async () => {
    const rows = await asOwner<{ name: string }>(
      box,
      `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
       where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and a.attname = 'firm_id' and not a.attisdropped
       order by 1`,
    );
    return rows.map((row) => row.name).filter((name) => !BEFORE_THE_FIRM.includes(name));
  };

  it("is walled off, for its owner too, both for what is read and for what is written", async () => {
    const names = [...(await tenantTables()), "firm"];
    expect(names.length).toBeGreaterThan(20);
    const rows = await asOwner<{
      name: string;
      enabled: boolean;
      forced: boolean;
      reads: string;
      writes: string;
    }>(
      box,
      `select c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
         pg_get_expr(p.polqual, p.polrelid) as reads, pg_get_expr(p.polwithcheck, p.polrelid) as writes
       from pg_class c left join pg_policy p on p.polrelid = c.oid and p.polname = 'firm_wall'
         and p.polcmd = '*' and p.polroles = '{0}'
       where c.relname = any($1) and c.relnamespace = 'public'::regnamespace`,
      [names],
    );
    expect(rows).toHaveLength(names.length);
    for (const row of rows) {
      const wall = row.name === "firm" ? "(id = current_firm())" : "(firm_id = current_firm())";
      expect(row).toEqual({ name: row.name, enabled: true, forced: true, reads: wall, writes: wall });
    }
  });

  it("has no other policy than the wall and the resolver's right to read", async () => {
    const rows = await asOwner<{ name: string; roles: string; command: string }>(
      box,
      `select polname as name, polroles::regrole[]::text as roles, polcmd as command from pg_policy
       where polname <> 'firm_wall' and polrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)`,
    );
    for (const row of rows) expect(row).toEqual({ name: "resolver", roles: "{sfp_resolver}", command: "r" });
  });

  it("has a key that begins with the firm, and refers to other tables within the firm only", async () => {
    const names = await tenantTables();
    const rows = await asOwner<{
      table: string;
      name: string;
      kind: string;
      columns: string[];
      target: string;
    }>(
      box,
      `select c.conrelid::regclass::text as table, c.conname as name, c.contype as kind,
         coalesce(c.confrelid::regclass::text, '') as target,
         (select array_agg(a.attname::text order by k.n) from unnest(c.conkey) with ordinality k(attnum, n)
            join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum) as columns
       from pg_constraint c where c.contype in ('p', 'f') and c.conrelid::regclass::text = any($1)`,
      [names],
    );
    const keyed = rows.filter((row) => row.kind === "p");
    expect(keyed.map((row) => row.table).sort()).toEqual(names.filter((name) => !WITHOUT_KEY.includes(name)));
    for (const row of rows) {
      if (row.kind === "f" && row.target === "person") continue;
      expect(row.columns[0], `${row.table}.${row.name}`).toBe("firm_id");
      if (row.kind === "f" && row.target !== "firm")
        expect(row.columns.length, `${row.table}.${row.name} refers to ${row.target}`).toBeGreaterThan(1);
    }
  });

  it("has no uniqueness across firms but where it is meant", async () => {
    const rows = await asOwner<{ name: string }>(
      box,
      `select i.indexrelid::regclass::text as name from pg_index i
         join pg_class c on c.oid = i.indrelid
         left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
       where i.indisunique and c.relnamespace = 'public'::regnamespace and a.attname is distinct from 'firm_id'
         and exists (select from pg_attribute f where f.attrelid = c.oid and (f.attname = 'firm_id' or c.relname = 'firm'))
       order by 1`,
    );
    const accepted = [...UNIQUE_OVER_ALL, "firm_settings_pkey"];
    expect(rows.map((row) => row.name).filter((name) => !accepted.includes(name))).toEqual([]);
  });

  it("names every constraint that a person may run into", async () => {
    const rows = await asOwner<{ name: string }>(
      box,
      `select conname as name from pg_constraint where contype = 'c' and connamespace = 'public'::regnamespace
       and conname ~ '_check[0-9]*$'`,
    );
    expect(rows).toEqual([]);
  });
});

describe("rights in the database", () => {
  const box = useDatabase();

  it("runs as roles that own no table and stand under row-level security", async () => {
    const rows = await asOwner<Record<string, unknown>>(
      box,
      `select rolname as name, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
         (select count(*)::int from pg_class where relowner = r.oid and relnamespace = 'public'::regnamespace) as owned
       from pg_roles r where rolname in ('sfp_app', 'sfp_runtime', 'sfp_resolver', 'sfp_queue') order by 1`,
    );
    expect(rows.map((row) => row.name)).toEqual(["sfp_app", "sfp_queue", "sfp_resolver", "sfp_runtime"]);
    for (const { name: _name, ...rights } of rows)
      expect(rights).toEqual({
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: false,
        rolcreatedb: false,
        owned: 0,
      });
  });

  it("lets the service's login act as the service and the queue, not as the owner or the resolver", async () => {
    const rows = await asOwner<{ name: string }>(
      box,
      `select r.rolname as name from pg_roles r
       where r.rolname like 'sfp_%' and r.rolname <> 'sfp_runtime' and pg_has_role('sfp_runtime', r.oid, 'member') order by 1`,
    );
    expect(rows.map((row) => row.name)).toEqual(["sfp_app", "sfp_queue"]);
  });

  it("gives the service no right to empty, reference or alter a table, and no create in the schema", async () => {
    const rows = await asOwner<{ name: string }>(
      box,
      `select oid::regclass::text as name from pg_class
       where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace and has_table_privilege('sfp_app', oid, 'truncate, references, trigger')`,
    );
    expect(rows).toEqual([]);
    const created = await asOwner<{ role: string }>(
      box,
      `select role from unnest(array['sfp_app', 'sfp_queue', 'sfp_resolver', 'public']) role
       where has_schema_privilege(role, 'public', 'create')`,
    );
    expect(created).toEqual([]);
  });

  it("lets the service add to the record but change nothing there", async () => {
    const rows = await asOwner<{ right: string; held: boolean }>(
      box,
      `select kind as right, has_table_privilege('sfp_app', 'audit_event', kind) as held
       from unnest(array['insert', 'select', 'update', 'delete']) kind`,
    );
    expect(Object.fromEntries(rows.map((row) => [row.right, row.held]))).toEqual({
      insert: true,
      select: true,
      update: false,
      delete: false,
    });
  });

  it("keeps the queue's tables from the service, and the service's tables from the queue", async () => {
    const rows = await asOwner<{ role: string; name: string }>(
      box,
      `select 'sfp_app' as role, c.oid::regclass::text as name from pg_class c
       where relkind in ('r', 'v', 'p') and relnamespace = 'graphile_worker'::regnamespace
         and (has_schema_privilege('sfp_app', relnamespace, 'usage') and has_any_column_privilege('sfp_app', c.oid, 'select, insert, update'))
       union all
       select 'sfp_queue', c.oid::regclass::text from pg_class c
       where relkind in ('r', 'v', 'p') and relnamespace = 'public'::regnamespace
         and has_any_column_privilege('sfp_queue', c.oid, 'select, insert, update')`,
    );
    expect(rows).toEqual([]);
  });

  it("has only the known functions that act with another's rights, each with a fixed search path, open to the service alone", async () => {
    const rows = await asOwner<{
      name: string;
      owner: string;
      path: string | null;
      everybody: boolean;
      service: boolean;
    }>(
      box,
      `select p.proname as name, p.proowner::regrole::text as owner,
         (select setting from unnest(p.proconfig) setting where setting like 'search_path=%') as path,
         has_function_privilege('public', p.oid, 'execute') as everybody, has_function_privilege('sfp_app', p.oid, 'execute') as service
       from pg_proc p where p.prosecdef and p.pronamespace = 'public'::regnamespace order by 1`,
    );
    expect(rows.map((row) => row.name)).toEqual(DEFINER_FUNCTIONS);
    for (const row of rows) {
      const owner = /_jobs$/.test(row.name) ? "sfp_queue" : "sfp_resolver";
      expect(row).toEqual({
        name: row.name,
        owner,
        path: "search_path=public, pg_temp",
        everybody: false,
        service: true,
      });
    }
  });

  it("refuses the service a look into the queue in practice", async () => {
    const { kysely } = box.database;
    const { sql } = await import("kysely");
    await expect(sql`select * from graphile_worker._private_jobs`.execute(kysely)).rejects.toThrow(
      /permission denied/,
    );
    await expect(sql`truncate member`.execute(kysely)).rejects.toThrow(/permission denied/);
    await expect(sql`set role sfp_resolver`.execute(kysely)).rejects.toThrow(/permission denied/);
    await expect(sql`alter table member disable row level security`.execute(kysely)).rejects.toThrow(
      /must be owner/,
    );
  });
});
