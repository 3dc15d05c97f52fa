import { ConnectorError, type Launch } from "../../connectors/contract.ts";
import { record } from "../audit/record.ts";
import { notFound, Problem } from "../base/error.ts";
import { findConnection } from "../connections/queries.ts";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { type Tx, transact } from "../db/tx.ts";
import { findMatterByExternalId } from "../matters/queries.ts";
import { findMemberOfPerson, findPersonByEmail } from "../team/queries.ts";
import { startSession } from "../web/session.ts";
import { listConnectionsOfAccount, takeLaunch } from "./launch-queries.ts";

type Launched =
  /** The panel may open: the secret is for the framed cookie. `matterId` is missing while the matter was not read yet. */
  | { outcome: "opened"; webOrigin: string; secret: string; matterId: string | undefined }
  /** The firm is known, the person is no member of it. */
  | { outcome: "stranger"; webOrigin: string }
  /** No firm has connected this account. */
  | { outcome: "unconnected" };

/**
 * Opens the panel for somebody whom the matter system vouches for: the ticket is checked by its connector and takes effect once. The
 * member is found by the address in the ticket. Throws `not_found` without such a panel, `forbidden` for a ticket that is not good.
 */
export async function openLaunch(
  cx: Context,
  requestId: string,
  connectorKey: string,
  ticket: string,
): Promise<Launched> {
  const launch = await verify(cx, connectorKey, ticket);
  const found = await transact(cx.database, (tx) =>
    listConnectionsOfAccount(tx, connectorKey, launch.accountId),
  );
  let refused: Launched = { outcome: "unconnected" };
  for (const { firmId, connectionId } of found) {
    const launched = await withFirm(cx.database, firmId, (tx) =>
      openInFirm(tx, cx, { firmId, connectionId, requestId, connectorKey }, launch),
    );
    if (launched.outcome === "opened") return launched;
    if (refused.outcome === "unconnected") refused = launched;
  }
  return refused;
}

async function verify(cx: Context, connectorKey: string, ticket: string): Promise<Launch> {
  const configured = cx.connectors.get(connectorKey);
  if (!configured?.connector.verifyLaunch) throw notFound("panel");
  try {
    return await configured.connector.verifyLaunch(configured.registration, ticket, cx.now());
  } catch (error) {
    if (error instanceof ConnectorError && error.kind === "rejected") throw staleTicket();
    throw error;
  }
}

async function openInFirm(
  tx: Tx,
  cx: Context,
  where: { firmId: string; connectionId: string; requestId: string; connectorKey: string },
  launch: Launch,
): Promise<Launched> {
  const { firmId } = where;
  const connection = await findConnection(tx, firmId, where.connectionId);
  if (!connection) return { outcome: "unconnected" };
  const person = await findPersonByEmail(tx, launch.email);
  const member = person ? await findMemberOfPerson(tx, firmId, person.id) : undefined;
  if (!person || member?.state !== "active") return { outcome: "stranger", webOrigin: connection.web_origin };
  if (!(await takeLaunch(tx, firmId, launch.id, launch.expiresAt))) throw staleTicket();
  const secret = await startSession(tx, { firmId, memberId: member.id, kind: "embed", now: cx.now() });
  const actor = {
    kind: "member",
    id: member.id,
    name: member.name,
    role: member.role,
    personId: person.id,
  } as const;
  await record(
    tx,
    { firmId, actor, requestId: where.requestId },
    {
      action: "session.launched",
      objectKind: "session",
      objectId: member.id,
      after: { connector: where.connectorKey },
    },
  );
  const matter =
    launch.matterExternalId === undefined
      ? undefined
      : await findMatterByExternalId(tx, firmId, connection.id, launch.matterExternalId);
  return { outcome: "opened", webOrigin: connection.web_origin, secret, matterId: matter?.id };
}

function staleTicket(): Problem {
  return new Problem(
    "forbidden",
    "This panel was opened too long ago or twice. Open it again from the matter.",
  );
}
