import { describe, expect, it } from "vitest";
import { changedMarks, type MarkedRow } from "../../src/bulk/marks.ts";
import { canMoveBatch, canMoveRow } from "../../src/bulk/state.ts";

const NO_LINKS = { openByInvoice: new Map<string, string>(), sentByFingerprint: new Map<string, string>() };

function row(line: number, change: Partial<MarkedRow> = {}): MarkedRow {
  return {
    id: `row ${line}`,
    line,
    state: "ready",
    invoiceNumber: String(line),
    duplicateKey: `key ${line}`,
    fingerprint: `print ${line}`,
    repeatConfirmed: false,
    duplicateOf: null,
    openLinkId: null,
    ...change,
  };
}

describe("the marks of rows", () => {
  it("name the first of rows that ask for the same, and go when there is no other any more", () => {
    const same = { duplicateKey: "same" };
    const rows = [row(2, same), row(3, same), row(4, same), row(5, { duplicateOf: 2 })];
    const marks = changedMarks(rows, new Set(), NO_LINKS);
    expect(marks.map((mark) => [mark.id, mark.duplicateOf])).toEqual([
      ["row 3", 2],
      ["row 4", 2],
      ["row 5", null],
    ]);
    expect(
      changedMarks([row(2, { duplicateKey: null }), row(3, { duplicateKey: null })], new Set(), NO_LINKS),
    ).toEqual([]);
  });

  it("of links change only on rows that were looked at", () => {
    const links = { ...NO_LINKS, openByInvoice: new Map([["2", "link"]]) };
    const known = row(3, { openLinkId: "other" });
    expect(changedMarks([row(2), known], new Set(["row 2"]), links)).toMatchObject([
      { id: "row 2", openLinkId: "link" },
    ]);
    expect(changedMarks([known], new Set(["row 3"]), links)).toMatchObject([
      { id: "row 3", openLinkId: null },
    ]);
  });

  it("hold back a ready row that was sent before, but no row that is meant, bad, or sent already", () => {
    const links = { ...NO_LINKS, sentByFingerprint: new Map([["sent", "link"]]) };
    const sent = { fingerprint: "sent" };
    const rows = [
      row(2, sent),
      row(3, { ...sent, repeatConfirmed: true }),
      row(4, { ...sent, state: "to_fix" }),
      row(5, { ...sent, state: "made" }),
    ];
    const marks = changedMarks(rows, new Set(rows.map((each) => each.id)), links);
    expect(marks).toMatchObject([{ id: "row 2", state: "repeated", repeatsLinkId: "link" }]);
  });
});

describe("the moves of uploads and rows", () => {
  it("never lead a row out of a link that was made, nor an upload back to its columns", () => {
    for (const to of ["to_fix", "ready", "repeated", "queued", "failed"] as const)
      expect(canMoveRow("made", to)).toBe(false);
    for (const from of ["review", "issuing", "paused"] as const)
      expect(canMoveBatch(from, "mapping")).toBe(false);
    expect(canMoveRow("queued", "made")).toBe(true);
    expect(canMoveBatch("paused", "issuing")).toBe(true);
  });
});
