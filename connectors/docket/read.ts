import {
  type Access,
  ConnectorError,
  type Family,
  type FamilyRecord,
  type Page,
  type ReadRequest,
} from "../contract.ts";
import { request } from "../http.ts";
import { faultOf, identified, list, readWords, records } from "./wire.ts";

/** The most that Docket gives in one answer; a full page stays far below the limit of an answer's size. */
const PAGE_RECORDS = 500;

const PATHS: Record<Family, string> = {
  clients: "/api/v1/clients",
  matters: "/api/v1/matters",
  statements: "/api/v1/statements",
};

/**
 * Reads one page of a family, in the order of change when `changedSince` is given. Unreadable records are
 * named, not dropped.
 */
export async function read<F extends Family>(
  access: Access,
  family: F,
  { cursor, changedSince }: ReadRequest,
): Promise<Page<FamilyRecord[F]>> {
  const body = await ask(access, PATHS[family], {
    limit: String(PAGE_RECORDS),
    cursor,
    updated_since: changedSince?.toISOString(),
  });
  const envelope = list.safeParse(body);
  if (!envelope.success) {
    throw new ConnectorError(
      "unreadable",
      `The list of ${family} cannot be read: ${faultOf(envelope.error)}`,
    );
  }
  const { data, nextCursor } = envelope.data;
  // Following it would read the same page for ever.
  if (nextCursor !== undefined && nextCursor === cursor) {
    throw new ConnectorError("unreadable", `The list of ${family} does not go on: its cursor repeats.`);
  }
  const page: Page<FamilyRecord[F]> = { items: [], unreadable: [], nextCursor };
  for (const raw of data) {
    const record = records[family].safeParse(raw);
    if (record.success) page.items.push(record.data);
    else {
      page.unreadable.push({ externalId: identified.safeParse(raw).data?.id, reason: faultOf(record.error) });
    }
  }
  return page;
}

/**
 * Reads one record; undefined when it is deleted or unknown. Throws `unreadable` when it cannot be
 * understood.
 */
export async function readOne<F extends Family>(
  access: Access,
  family: F,
  externalId: string,
): Promise<FamilyRecord[F] | undefined> {
  const body = await ask(access, `${PATHS[family]}/${encodeURIComponent(externalId)}`, {}).catch(
    goneIsUndefined,
  );
  if (body === undefined) return undefined;
  const record = records[family].safeParse(body);
  if (record.success) return record.data;
  throw new ConnectorError(
    "unreadable",
    `${externalId} of ${family} cannot be read: ${faultOf(record.error)}`,
  );
}

function ask(access: Access, path: string, query: Record<string, string | undefined>): Promise<unknown> {
  return request({
    method: "GET",
    origin: access.registration.origin,
    path,
    query,
    accessToken: access.accessToken,
    signal: access.signal,
    readWords,
  });
}

function goneIsUndefined(error: unknown): undefined {
  if (error instanceof ConnectorError && error.kind === "missing") return undefined;
  throw error;
}
