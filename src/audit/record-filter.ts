import { z } from "zod";
import { addDays, type Day, instantAt } from "../base/day.ts";
import { isId } from "../base/id.ts";
import type { RecordFilter } from "./record-queries.ts";
import { ACTOR_KINDS } from "./words.ts";

const OBJECT_LENGTH_LIMIT = 200;

/** What stands in the boxes over the record, as it was typed. */
export type RecordChoice = { who: string; kind: string; object: string; from: string; until: string };

/** What a choice means in a firm's zone. What cannot be read is told by box and left out. */
export function filterOf(
  choice: RecordChoice,
  timeZone: string,
): { filter: RecordFilter; faults: Record<string, string> } {
  const faults: Record<string, string> = {};
  const dayIn = (name: "from" | "until"): Day | undefined => {
    const text = choice[name];
    if (text === "") return undefined;
    if (z.iso.date().safeParse(text).success) return text;
    faults[name] = "Enter a day like 2026-11-30";
    return undefined;
  };
  const from = dayIn("from");
  const until = dayIn("until");
  if (from !== undefined && until !== undefined && from > until)
    faults.until = "The last day is before the first one. Nothing can be found";
  return {
    faults,
    filter: {
      who: whoOf(choice.who),
      objectKind: choice.kind === "" ? undefined : choice.kind,
      objectId: choice.object === "" ? undefined : choice.object.slice(0, OBJECT_LENGTH_LIMIT),
      from: from === undefined ? undefined : instantAt(from, 0, timeZone),
      until: until === undefined ? undefined : instantAt(addDays(until, 1), 0, timeZone),
    },
  };
}

function whoOf(text: string): RecordFilter["who"] {
  if (isId(text)) return { memberId: text };
  const kind = (Object.keys(ACTOR_KINDS) as (keyof typeof ACTOR_KINDS)[]).find((each) => each === text);
  return kind === undefined ? undefined : { kind };
}
