import { beforeEach } from "vitest";
import { makeApp } from "../../src/app.tsx";
import { newId } from "../../src/base/id.ts";
import type { Role } from "../../src/base/permission.ts";
import type { MemberContext } from "../../src/context.ts";
import { transact } from "../../src/db/tx.ts";
import { tasks } from "../../src/tasks.ts";
import type { TestDatabase } from "../support/database.ts";
import { cookieFor, get, post } from "../support/requests.ts";
import { drainJobs, makeFirm, makeMember, testContext } from "../support/world.ts";
import { newPostBox, type PostBox } from "./post-box.ts";

/** A firm with members, a mail service, a clock that the test sets, and a visitor of its own address. */
type Stage = {
  mail: PostBox;
  now: Date;
  firmId: string;
  admin: MemberContext;
  emailOf: (member: MemberContext) => Promise<string>;
  join: (role: Role, name?: string, firmId?: string) => Promise<MemberContext>;
  newFirm: (name: string) => Promise<string>;
  /** Asks for a page, as a member or as nobody, from one address. */
  get: (path: string, from?: Visit) => Promise<Response>;
  post: (path: string, fields: Record<string, string>, from?: Visit) => Promise<Response>;
  drain: () => Promise<void>;
};
type Visit = { as?: MemberContext | undefined; cookie?: string | undefined; address?: string | undefined };

/** Sets the stage before each test. Returns a box that is filled when the tests run. */
export function useStage(box: TestDatabase): Stage {
  const stage = {} as Stage;
  beforeEach(async () => {
    const mail = newPostBox();
    const ground = testContext(box, { mail, now: () => stage.now });
    const cx = { ...ground, config: { ...ground.config, trustedProxies: 1 } };
    const app = makeApp(cx);
    const ownAddress = newId();
    const headersOf = async (from: Visit = {}) => ({
      "X-Forwarded-For": from.address ?? ownAddress,
      cookie: from.cookie ?? (from.as ? await cookieFor(from.as) : ""),
    });
    const newFirm = async (name: string) => (await makeFirm(cx, name)).firmId;
    const firmId = await newFirm("Marlow Keane LLP");
    Object.assign(stage, {
      mail,
      now: new Date(),
      firmId,
      admin: await makeMember(cx, firmId, "admin", "Ana Keane"),
      newFirm,
      join: (role, name = "Dana Whitfield", inFirm = firmId) => makeMember(cx, inFirm, role, name),
      emailOf: (member) =>
        transact(cx.database, async (tx) => {
          const row = await tx
            .selectFrom("person")
            .select("email")
            .where("id", "=", member.actor.personId)
            .executeTakeFirstOrThrow();
          return row.email;
        }),
      get: async (path, from) => await get(app, path, await headersOf(from)),
      post: async (path, fields, from) => await post(app, path, fields, await headersOf(from)),
      drain: () => drainJobs(box, cx, tasks),
    } satisfies Stage);
  });
  return stage;
}
