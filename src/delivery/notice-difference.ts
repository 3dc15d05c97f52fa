import type { Permission } from "../base/permission.ts";
import type { Tx } from "../db/tx.ts";
import { countOpenDifferences } from "./notify-queries.ts";

/** What a notice says, and where it leads; `otherwise` leads those who lack the permission that the page needs. */
export type Told = {
  title: string;
  paragraphs: string[];
  label: string;
  path: string;
  needs?: Permission | undefined;
  otherwise: { label: string; path: string };
};

/** What does not agree at the moment, counted: the page says what each is. Undefined when everything agrees again or was closed. */
export async function tellDifferences(tx: Tx, firmId: string): Promise<Told | undefined> {
  const { all, alarms } = await countOpenDifferences(tx, firmId);
  if (all === 0) return undefined;
  const rest = all - alarms;
  const [one, are] = rest === 1 ? ["1 difference", "is"] : [`${rest} differences`, "are"];
  return {
    title: alarms > 0 ? "Money left a trust account that may not" : `${one} to look into`,
    paragraphs: [
      ...(alarms > 0
        ? [
            `${alarms === 1 ? "A fee or a dispute" : `${alarms} fees or disputes`} came out of client money. Cover the amount from the operating account, and note there how it was done: an alarm stays open until a bookkeeper closes it.`,
          ]
        : []),
      ...(rest > 0
        ? [
            `There ${are} ${one} between the card processor, our books and your matter system. Most close by themselves at the next comparison; these did not.`,
          ]
        : []),
    ],
    label: "Show differences",
    path: "/deposits/differences",
    needs: "deposits.see",
    otherwise: { label: "Open Send for Payment", path: "/" },
  };
}
