import { z } from "zod";
import { invalid } from "../base/error.ts";
import { newId } from "../base/id.ts";
import type { Context } from "../context.ts";
import { lockName, type Tx, transact } from "../db/tx.ts";
import { enqueue } from "../queue/enqueue.ts";
import { countRecentSignInLinks, findPersonByEmail, insertSignInLink, listMemberships } from "./queries.ts";

const MINUTES_MS = 60_000;
const SIGN_IN_LIFETIME_MS = 10 * MINUTES_MS;
/** More links than this in the lifetime of one are not mailed: nobody can fill a colleague's inbox. */
const LINKS_AT_ONCE = 5;

/**
 * Mails a sign-in link to a member. Gives the same answer whether the address is known or not. Throws `invalid` for what is no
 * address at all.
 */
export async function askSignIn(cx: Context, input: { email: string; nextPath: string }): Promise<void> {
  const email = z.email().safeParse(input.email.toLowerCase());
  if (!email.success) throw invalid({ email: "Enter your work email, like name@firm.com" });
  await transact(cx.database, async (tx) => {
    const person = await findPersonByEmail(tx, email.data);
    if (!person || (await listMemberships(tx, person.id)).length === 0) return;
    await lockName(tx, `sign-in links of ${person.id}`);
    const since = new Date(cx.now().getTime() - SIGN_IN_LIFETIME_MS);
    if ((await countRecentSignInLinks(tx, person.id, since)) >= LINKS_AT_ONCE) return;
    await addSignInLink(cx, tx, {
      personId: person.id,
      nextPath: input.nextPath,
      lifetimeMs: SIGN_IN_LIFETIME_MS,
    });
  });
}

/** Adds a link and the job that mails it. `firmId` makes it an invitation to that firm. Returns the link's id. */
export async function addSignInLink(
  cx: Context,
  tx: Tx,
  link: { personId: string; firmId?: string; nextPath: string; lifetimeMs: number },
): Promise<string> {
  const id = newId();
  await insertSignInLink(tx, {
    id,
    person_id: link.personId,
    firm_id: link.firmId ?? null,
    next_path: link.nextPath,
    expires_at: new Date(cx.now().getTime() + link.lifetimeMs),
  });
  await enqueue(tx, "team.sendSignInLink", { signInLinkId: id });
  return id;
}
