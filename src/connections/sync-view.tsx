import type { JSX } from "hono/jsx/jsx-runtime";
import { FAMILIES } from "../../connectors/contract.ts";
import { Details } from "../ui/layout.tsx";
import { formatCount } from "../ui/listing.tsx";
import { Notice } from "../ui/notices.tsx";
import { ProgressPanel } from "../ui/progress.tsx";
import type { ConnectionSummary } from "./list-connections.ts";

const POLL_SECONDS = 3;

/** The reading that is under way, with what it has read; or why the last one ended early. */
export function Reading(props: { connection: ConnectionSummary; nonce: string }): JSX.Element | null {
  const { run, id, state, systemName } = props.connection;
  if (run?.state === "running" && state === "authorized") {
    return (
      <ProgressPanel
        id={`sync-${id}`}
        title={run.kind === "first" ? `Reading ${systemName} for the first time` : `Reading ${systemName}`}
        value={stepOf(run.family)}
        max={FAMILIES.length}
        counts={
          <>
            <span>{run.family ? `Now: ${run.family}` : "Starting"}</span>
            <span>{formatCount(run.records_read)} read</span>
            <span>{formatCount(run.records_changed)} new or changed</span>
          </>
        }
        foot={run.reason ? `Waiting: ${run.reason}` : "You can leave this page; reading goes on."}
        poll={{ href: "/settings/connections", nonce: props.nonce, everySeconds: POLL_SECONDS }}
      />
    );
  }
  if (run?.state === "failed" && state === "authorized") {
    return (
      <Notice tone="warn" title="The last reading ended early." id={`sync-${id}`}>
        <p>{run.reason} It is tried again within minutes and goes on where it stopped.</p>
      </Notice>
    );
  }
  if (run?.state !== "done") return null;
  return (
    <p class="soft" id={`sync-${id}`}>
      {`The last reading looked at ${formatCount(run.records_read)} records; ${formatCount(run.records_changed)} were new or changed.`}
    </p>
  );
}

/** How many families were read before this one. */
function stepOf(family: string | null): number {
  return Math.max(FAMILIES.map(String).indexOf(family ?? ""), 0);
}

/** Records of the matter system that could not be understood, with the reason, so that somebody there can correct them. */
export function UnreadableRecords({ connection }: { connection: ConnectionSummary }): JSX.Element | null {
  const { problems, systemName } = connection;
  if (problems.length === 0) return null;
  const count = problems.length === 1 ? "1 record" : `${formatCount(problems.length)} records`;
  return (
    <Notice tone="warn" title={`${count} of ${systemName} cannot be read.`}>
      <Details summary="Show them">
        <ul>
          {problems.map((problem) => (
            <li>
              {`${problem.family}${problem.external_id === "" ? "" : ` ${problem.external_id}`}: ${problem.reason}`}
            </li>
          ))}
        </ul>
      </Details>
    </Notice>
  );
}
