import type { ClientBase } from "pg";

/** The service's own role: owns nothing, bound by row-level security. */
export const APP_ROLE = "sfp_app";
/** Owns the job queue's schema and nothing else; the runner's own connections use it. */
export const QUEUE_ROLE = "sfp_queue";
/** Owns the look-ups that need no firm; nobody logs in as it. */
export const RESOLVER_ROLE = "sfp_resolver";

const INSUFFICIENT_PRIVILEGE = "42501";
const GROUP_ROLES = [APP_ROLE, QUEUE_ROLE, RESOLVER_ROLE];

/**
 * Makes the roles that migrations grant to, and lets the owner act as them. Takes a connection of the database's owner; needs
 * CREATEROLE only while a role or its grant is missing. Throws with the statements to run where the owner may not make roles.
 */
export async function ensureRoles(owner: ClientBase): Promise<void> {
  const { rows } = await owner.query<{ rolname: string }>(
    "select rolname from pg_roles where rolname = any($1)",
    [GROUP_ROLES],
  );
  const missing = GROUP_ROLES.filter((role) => !rows.some((row) => row.rolname === role));
  try {
    for (const role of missing) await owner.query(`create role ${role} nologin`);
    for (const role of GROUP_ROLES) {
      if (!(await canActAs(owner, role))) await owner.query(`grant ${role} to current_user`);
    }
    await owner.query(
      `do $$ begin execute format('grant create on database %I to ${QUEUE_ROLE}', current_database()); end $$`,
    );
  } catch (error) {
    const statements = GROUP_ROLES.map(
      (role) => `create role ${role} nologin; grant ${role} to <owner>;`,
    ).join(" ");
    throw new Error(
      `The owner of the database may not make the roles that are needed. As an administrator run: ${statements}`,
      {
        cause: error,
      },
    );
  }
}

/** Tried out: what counts is that the owner can become the role, in whichever way it was granted. */
async function canActAs(owner: ClientBase, role: string): Promise<boolean> {
  try {
    await owner.query(`set role ${role}`);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === INSUFFICIENT_PRIVILEGE) return false;
    throw error;
  }
  await owner.query("reset role");
  return true;
}

/** Lets a login act as the service and as the queue, and as nothing more. */
export async function grantRuntime(owner: ClientBase, login: string): Promise<void> {
  await owner.query(`grant ${APP_ROLE}, ${QUEUE_ROLE} to ${owner.escapeIdentifier(login)}`);
}
