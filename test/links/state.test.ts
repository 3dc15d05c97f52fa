import { describe, expect, it } from "vitest";
import { canMove, isClosed, LINK_STATES, takesSuccessor } from "../../src/links/state.ts";

describe("the moves of a link", () => {
  const moves = LINK_STATES.flatMap((from) =>
    LINK_STATES.filter((to) => canMove(from, to)).map((to) => `${from} -> ${to}`),
  );

  it("are these and no others", () => {
    expect(moves).toEqual([
      "outstanding -> processing",
      "outstanding -> payment_received",
      "outstanding -> part_paid",
      "outstanding -> cancelled",
      "outstanding -> expired",
      "processing -> outstanding",
      "processing -> payment_received",
      "processing -> part_paid",
      "cancelled -> processing",
      "cancelled -> payment_received",
      "cancelled -> part_paid",
      "expired -> processing",
      "expired -> payment_received",
      "expired -> part_paid",
    ]);
  });

  it("never lead out of a paid state", () => {
    for (const to of LINK_STATES) {
      expect(canMove("payment_received", to)).toBe(false);
      expect(canMove("part_paid", to)).toBe(false);
    }
  });

  it("leave a bank debit that may still fail open", () => {
    expect(LINK_STATES.filter(isClosed)).toEqual(["payment_received", "part_paid", "cancelled", "expired"]);
  });

  it("let a new link follow a part payment, an expiry, and a whole payment whose money went back", () => {
    expect(LINK_STATES.filter((state) => takesSuccessor(state, 0n))).toEqual(["part_paid", "expired"]);
    expect(LINK_STATES.filter((state) => takesSuccessor(state, 1n))).toEqual([
      "payment_received",
      "part_paid",
      "expired",
    ]);
  });
});
