import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readFileText } from "../../src/bulk/file-text.ts";
import { ROW_LIMIT, readSheet } from "../../src/bulk/sheet.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const bytes = (...list: (number | string)[]) =>
  Uint8Array.from(
    list.flatMap((each) => (typeof each === "string" ? [...Buffer.from(each, "latin1")] : [each])),
  );
const utf16 = (text: string, order: "le" | "be", mark = true) => {
  const buffer = Buffer.from(mark ? `\ufeff${text}` : text, "utf16le");
  return new Uint8Array(order === "le" ? buffer : buffer.swap16());
};
const readText = (content: Uint8Array) => {
  const read = readFileText(content);
  return read.ok ? `${read.encoding}: ${read.text}` : read.reason;
};
const rows = (text: string) => {
  const read = readSheet(text);
  return read.ok ? [read.sheet.first, ...read.sheet.rest].map((row) => row.cells) : read.reason;
};

describe("the bytes of an uploaded file", () => {
  const sample = "Recipient name;Amount\r\nJosé O’Brien;€5\r\n";

  it.each([
    ["UTF-8 without a mark", utf8(sample), "UTF-8"],
    ["UTF-8 with a mark", utf8(`\ufeff${sample}`), "UTF-8"],
    ["UTF-16, low byte first", utf16(sample, "le"), "UTF-16"],
    ["UTF-16, high byte first", utf16(sample, "be"), "UTF-16"],
    ["UTF-16, low byte first, without a mark", utf16(sample, "le", false), "UTF-16"],
    ["UTF-16, high byte first, without a mark", utf16(sample, "be", false), "UTF-16"],
  ])("are read as %s", (_name, content, encoding) => {
    expect(readText(content)).toBe(`${encoding}: ${sample}`);
  });

  it("are read as Windows-1252 when they are no UTF-8, with its typographic signs", () => {
    expect(readText(bytes("Name;Amount\nJos", 0xe9, " O", 0x92, "Brien;", 0x80, "5"))).toBe(
      "Windows-1252: Name;Amount\nJosé O’Brien;€5",
    );
  });

  it.each<[string, Uint8Array, RegExp]>([
    ["an Excel workbook", bytes(0x50, 0x4b, 3, 4, "xl/workbook.xml"), /Excel workbook .* Save As, CSV UTF-8/],
    ["an old Excel file", bytes(0xd0, 0xcf, 0x11, 0xe0), /old Excel or Word file/],
    ["a PDF", bytes("%PDF-1.7"), /PDF/],
    ["a Word document as RTF", bytes("{\\rtf1\\ansi"), /RTF/],
    ["a web page named .csv", utf8("  <!DOCTYPE html><html><table>"), /web page/],
    ["a table that a web site calls .xls", utf8("<table><tr><td>1"), /web page/],
    ["an XML spreadsheet", utf8('<?xml version="1.0"?><Workbook>'), /XML/],
    ["JSON", utf8('[{"name":"Ana"}]'), /JSON/],
    ["a PNG", bytes(0x89, "PNG"), /picture/],
    ["a JPEG", bytes(0xff, 0xd8, 0xff, 0xe0), /picture/],
    ["a WebP", bytes("RIFF", 1, 2, 3, 4, "WEBP"), /picture/],
    ["a gzip file", bytes(0x1f, 0x8b, 8), /gzip/],
    ["a 7-Zip file", bytes(0x37, 0x7a, 0xbc, 0xaf), /7-Zip/],
    ["UTF-32", bytes(0xff, 0xfe, 0, 0, "N", 0, 0, 0), /UTF-32/],
    ["nothing at all", bytes(), /empty/],
    ["a mark and blanks", utf8("\ufeff \r\n\t"), /empty/],
    ["zero bytes in the middle", bytes("name,amount\n", 0, 1, 2, "x"), /not a text file/],
    ["control characters", bytes(1, 2, 3, 4, "abc"), /not a text file/],
  ])("that are %s are refused with the reason", (_name, content, reason) => {
    expect(readText(content)).toMatch(reason);
  });

  it("never make the reading throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (content) => typeof readText(content) === "string"),
    );
  });
});

describe("the rows of a sheet", () => {
  it.each([
    ["commas", "name,amount\nAna,5"],
    ["tabs", "name\tamount\nAna\t5"],
    ["semicolons", "name;amount\nAna;5"],
    ["vertical bars", "name|amount\nAna|5"],
    ["a hint for Excel", "sep=|\r\nname|amount\r\nAna|5"],
    ["line ends of old Macs", "name,amount\rAna,5"],
    ["quotes around everything", '"name","amount"\r\n"Ana","5"\r\n'],
    ["blank rows between", "name,amount\n\n ,\nAna,5\n\n"],
  ])("are read with %s", (_name, text) => {
    expect(rows(text)).toEqual([
      ["name", "amount"],
      ["Ana", "5"],
    ]);
  });

  it("are separated by what makes the headings known, not by what stands most often in the cells", () => {
    expect(rows("Recipient name;Amount;Message\nRuiz, Ana;1,234;a, b, c, d, e\n")).toEqual([
      ["Recipient name", "Amount", "Message"],
      ["Ruiz, Ana", "1,234", "a, b, c, d, e"],
    ]);
  });

  it("keep line breaks, separators and doubled quotes inside quotes", () => {
    expect(rows('name,message\n"Ruiz, Ana","Dear ""Ana"",\r\nthank you\n"')).toEqual([
      ["name", "message"],
      ["Ruiz, Ana", 'Dear "Ana",\r\nthank you'],
    ]);
  });

  it("are counted as a spreadsheet counts them: with blank rows, and a cell with line breaks as one", () => {
    const read = readSheet('name,message\n"Ana","a\nb\nc"\n\nBob,x\n');
    expect(read.ok && read.sheet.rest.map((row) => row.line)).toEqual([2, 4]);
  });

  it("give back the zeros of Excel's trick and the text before a guarding apostrophe", () => {
    expect(rows('name,invoice\n\'=SUM(A1),="00417"')).toEqual([
      ["name", "invoice"],
      ["=SUM(A1)", "00417"],
    ]);
  });

  it("are marked when an unquoted comma has cut an amount in two", () => {
    const read = readSheet("name,amount,message\nAna,1,234.50,Thanks\nBob,5,\n");
    expect(read.ok && read.sheet.rest.map((row) => row.misread)).toEqual([
      "This row has 4 cells under 3 headings. Check that each stands in its column",
      undefined,
    ]);
  });

  it.each([
    ["in a name", 'name,amount\n"Bob" Ruiz,5\nAna,6\nEve,"7"\n', 'Bob" Ruiz'],
    ["that is never closed", 'name,amount\n"Bob,5\nAna,6\nEve,7\n', "Bob"],
    ["at the very end", 'name,amount\nAna,6\nEve,7\n"Bob,5', "Bob"],
  ])("are marked, and only they, when there is a stray quotation mark %s", (_name, text, name) => {
    const read = readSheet(text);
    const found = read.ok
      ? read.sheet.rest.toSorted((one, other) => ((one.cells[0] ?? "") < (other.cells[0] ?? "") ? -1 : 1))
      : [];
    expect(found.map((row) => row.cells)).toEqual([
      ["Ana", "6"],
      [name, "5"],
      ["Eve", "7"],
    ]);
    expect(found.map((row) => row.misread)).toEqual([
      undefined,
      expect.stringMatching(/quotation marks/),
      undefined,
    ]);
  });

  it.each<[string, string, RegExp]>([
    ["quotation marks are broken everywhere", `a,b\n${'"x" z,y\n'.repeat(102)}`, /more than 100 rows/],
    ["there is one column only", "name\nAna\n", /only one column/],
    ["there are too many rows", `a,b\n${"1,2\n".repeat(ROW_LIMIT + 1)}`, /more than 10,000 rows/],
    ["there are too many columns", `${"a,".repeat(70)}b\n`, /71 columns/],
  ])("are refused when %s", (_name, text, reason) => {
    expect(rows(text)).toMatch(reason);
  });

  it("never make the reading throw", () => {
    const noise = fc.string({
      unit: fc.constantFrom('"', ",", ";", "\n", "\r", "\t", "|", "a", "=", "'", " "),
    });
    fc.assert(fc.property(noise, (text) => typeof readSheet(text).ok === "boolean"));
  });
});
