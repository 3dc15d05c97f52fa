import type { JSX } from "hono/jsx/jsx-runtime";
import { FAMILIES } from "../../connectors/contract.ts";
import { formatCount } from "../ui/listing.tsx";
import { ProgressPanel } from "../ui/progress.tsx";
import type { FirstLoad } from "./read-dashboard.ts";

/** How far the first load of a matter system is: families are read one after the other, their number of records is not known before. */
export function FirstLoadPanel({ load }: { load: FirstLoad }): JSX.Element {
  const done = (FAMILIES as readonly string[]).indexOf(load.family ?? "");
  const step = done === -1 ? "It begins in a moment" : `Reading ${load.family}`;
  return (
    <ProgressPanel
      id={`first-load-${load.system.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`}
      title={`Reading ${load.system} for the first time`}
      value={Math.max(done, 0)}
      max={FAMILIES.length}
      counts={
        <>
          <span>{step}</span>
          <span>{`${formatCount(load.recordsRead)} records so far`}</span>
          {load.unreadable > 0 ? <span>{`${formatCount(load.unreadable)} could not be read`}</span> : null}
        </>
      }
      foot={
        <>
          You can leave this page; it goes on by itself. <a href="/">Check again</a>
        </>
      }
    />
  );
}
