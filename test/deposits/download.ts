import { expect } from "vitest";
import { makeApp } from "../../src/app.tsx";
import { withFirm } from "../../src/db/tenant.ts";
import { startSession } from "../../src/web/session.ts";
import type { BankDesk } from "./bank-desk.ts";

/** The bytes of a file that the bookkeeper downloads. */
export async function download(desk: BankDesk, path: string): Promise<Uint8Array> {
  const member = desk.bookkeeper;
  const session = await withFirm(desk.cx.database, member.firmId, (tx) =>
    startSession(tx, {
      firmId: member.firmId,
      memberId: member.actor.id,
      kind: "direct",
      now: desk.cx.now(),
    }),
  );
  const answer = await makeApp(desk.cx).request(path, { headers: { Cookie: `sfp_session=${session}` } });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-disposition")).toContain("attachment");
  return new Uint8Array(await answer.arrayBuffer());
}
