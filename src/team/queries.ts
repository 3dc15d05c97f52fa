import { type Insertable, type Selectable, sql } from "kysely";
import type { Member, Person, SignInLink } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";

export type TeamRow = {
  id: string;
  name: string;
  email: string;
  role: Member["role"];
  state: Member["state"];
  person_id: string;
  created_at: Date;
  last_seen_at: Date | null;
};

export function findPersonByEmail(tx: Tx, email: string): Promise<Selectable<Person> | undefined> {
  return tx.selectFrom("person").selectAll().where("email", "=", email.toLowerCase()).executeTakeFirst();
}

export function getPerson(tx: Tx, id: string): Promise<Selectable<Person>> {
  return tx.selectFrom("person").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
}

/** The person with this address; made when new. An existing person keeps the name they have. */
export async function keepPerson(tx: Tx, person: Insertable<Person>): Promise<Selectable<Person>> {
  await tx
    .insertInto("person")
    .values(person)
    .onConflict((conflict) => conflict.constraint("person_email_unique").doNothing())
    .execute();
  return await tx
    .selectFrom("person")
    .selectAll()
    .where("email", "=", person.email)
    .executeTakeFirstOrThrow();
}

/** The firms in which a person is a member; needs no firm of the transaction. */
export async function listMemberships(
  tx: Tx,
  personId: string,
): Promise<{ firmId: string; memberId: string }[]> {
  const { rows } = await sql<{
    firm_id: string;
    member_id: string;
  }>`select * from find_memberships(${personId})`.execute(tx);
  return rows.map((row) => ({ firmId: row.firm_id, memberId: row.member_id }));
}

export async function insertMember(tx: Tx, row: Insertable<Member>): Promise<void> {
  await tx.insertInto("member").values(row).execute();
}

export function findMember(tx: Tx, firmId: string, id: string): Promise<TeamRow | undefined> {
  return team(tx, firmId).where("member.id", "=", id).executeTakeFirst();
}

export function findMemberOfPerson(tx: Tx, firmId: string, personId: string): Promise<TeamRow | undefined> {
  return team(tx, firmId).where("member.person_id", "=", personId).executeTakeFirst();
}

/** Members who are not removed, by name. */
export function listTeam(tx: Tx, firmId: string): Promise<TeamRow[]> {
  return team(tx, firmId).where("member.state", "!=", "removed").orderBy("person.name").limit(500).execute();
}

/** Locks the admins who came (an invitation keeps no firm running), so that two of them cannot remove each other at once. */
export function lockAdmins(tx: Tx, firmId: string): Promise<{ id: string }[]> {
  return tx
    .selectFrom("member")
    .select("id")
    .where("firm_id", "=", firmId)
    .where("role", "=", "admin")
    .where("state", "=", "active")
    .orderBy("id")
    .forUpdate()
    .execute();
}

export async function updateMember(
  tx: Tx,
  firmId: string,
  id: string,
  change: { role?: Member["role"]; state?: Member["state"] },
): Promise<void> {
  await tx.updateTable("member").set(change).where("firm_id", "=", firmId).where("id", "=", id).execute();
}

export async function insertSignInLink(tx: Tx, row: Insertable<SignInLink>): Promise<void> {
  await tx.insertInto("sign_in_link").values(row).execute();
}

/** A link that can still be used; reading it uses nothing up. */
export function findUsableSignInLink(
  tx: Tx,
  id: string,
  now: Date,
): Promise<Selectable<SignInLink> | undefined> {
  return tx
    .selectFrom("sign_in_link")
    .selectAll()
    .where("id", "=", id)
    .where("used_at", "is", null)
    .where("expires_at", ">", now)
    .executeTakeFirst();
}

/** Uses a link up, in one statement: of fifty at once, one gets it. */
export function useSignInLink(tx: Tx, id: string, now: Date): Promise<Selectable<SignInLink> | undefined> {
  return tx
    .updateTable("sign_in_link")
    .set({ used_at: now })
    .where("id", "=", id)
    .where("used_at", "is", null)
    .where("expires_at", ">", now)
    .returningAll()
    .executeTakeFirst();
}

/** Links asked for since an instant: to stop a flood of mail to one person. */
export async function countRecentSignInLinks(tx: Tx, personId: string, since: Date): Promise<number> {
  const row = await tx
    .selectFrom("sign_in_link")
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .where("person_id", "=", personId)
    .where("created_at", ">", since)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** Deletes links and states of authorisation that ended before an instant. */
export async function deleteEndedSignIns(tx: Tx, before: Date): Promise<void> {
  await tx.deleteFrom("sign_in_link").where("expires_at", "<", before).execute();
  await tx.deleteFrom("authorization_state").where("expires_at", "<", before).execute();
}

/** Deletes a firm's sessions and used launches that ended before an instant. */
export async function deleteEndedSessions(tx: Tx, firmId: string, before: Date): Promise<void> {
  await tx.deleteFrom("session").where("firm_id", "=", firmId).where("expires_at", "<", before).execute();
  await tx.deleteFrom("launch_used").where("firm_id", "=", firmId).where("expires_at", "<", before).execute();
}

function team(tx: Tx, firmId: string) {
  return tx
    .selectFrom("member")
    .innerJoin("person", "person.id", "member.person_id")
    .select([
      "member.id",
      "person.name",
      "person.email",
      "member.role",
      "member.state",
      "member.person_id",
      "member.created_at",
    ])
    .select((eb) =>
      eb
        .selectFrom("session")
        .select((inner) => inner.fn.max("session.seen_at").as("seen_at"))
        .whereRef("session.firm_id", "=", "member.firm_id")
        .whereRef("session.member_id", "=", "member.id")
        .as("last_seen_at"),
    )
    .where("member.firm_id", "=", firmId);
}
