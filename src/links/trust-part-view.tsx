import type { JSX } from "hono/jsx/jsx-runtime";
import { Check } from "../ui/choices.tsx";
import type { DraftLine } from "./draft.ts";
import { accountKindOf } from "./plan.ts";

/** The name of the box, and of the hidden field that stands for it. */
export const TRUST_PART = "trustPart";

/** The box with which a sender lets the payer of trust requests pay another amount. Nothing where no trust request is asked for. */
export function TrustPartCheck(props: { lines: readonly DraftLine[]; isOn: boolean }): JSX.Element | null {
  if (!hasTrust(props.lines)) return null;
  return (
    <Check
      name={TRUST_PART}
      id={TRUST_PART}
      label="The payer may pay another amount into trust"
      hint="Without this the trust request is paid as it is asked for, whatever your firm allows for statements."
      checked={props.isOn}
    />
  );
}

/** Whether a request asks for trust money. */
export function hasTrust(lines: readonly DraftLine[]): boolean {
  return lines.some((line) => accountKindOf(line.statement) === "trust");
}
