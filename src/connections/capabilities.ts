import type { Capability, Manifest } from "../../connectors/contract.ts";

/** One thing that a matter system can or cannot do for a firm, in words for the screen. */
export type CapabilityLine = { can: boolean; text: string };

/** What a connection to this kind of system does, in the order in which a firm asks for it. */
export function describeCapabilities(manifest: Manifest): CapabilityLine[] {
  const has = (capability: Capability) => manifest.capabilities.includes(capability);
  const many = manifest.statementsPerPost === "many";
  return [
    choose(has("readStatements"), "Reads clients, matters and statements", "Statements: not offered"),
    choose(has("readTrust"), "Reads trust balances", "Trust balances: not offered"),
    choose(
      has("postPayment"),
      many ? "Writes payments" : "Writes payments, one statement at a time",
      "Payments: entered by hand, with all details shown",
    ),
    choose(has("postTrustDeposit"), "Writes trust deposits", "Trust deposits: entered by hand"),
    choose(
      has("reverse"),
      "Takes payments back on refund, return or dispute",
      "Taking payments back: by hand",
    ),
    ...(has("file") ? [{ can: true, text: "Takes a file of what is to be entered by hand" }] : []),
    choose(
      manifest.duplicates !== "none" || has("lookUp"),
      "Is asked before anything is written again, so nothing is entered twice",
      "An entry whose outcome is unknown: checked by a person",
    ),
    choose(has("webhooks"), "Tells of changes at once", "Changes: found by reading every few minutes"),
    choose(has("embed"), "Opens Send for Payment inside the matter", "Panel inside the matter: not offered"),
    choose(has("signIn"), "Signs members in", "Sign-in: by email only"),
  ];
}

function choose(can: boolean, yes: string, no: string): CapabilityLine {
  return { can, text: can ? yes : no };
}
