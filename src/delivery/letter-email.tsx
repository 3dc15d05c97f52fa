import { html } from "hono/html";
import type { JSX } from "hono/jsx/jsx-runtime";
import { brandInk, isColour } from "../ui/brand.ts";
import type { Sender } from "./facts-queries.ts";
import { footerText, type Letter, type LetterBlock, type LetterLine } from "./letter.ts";

// Mail programs know neither style sheets nor modern layout: tables, old attributes and inline styles, here and nowhere else.
const FONT = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;";
const INK = "#171c26";
const SOFT = "#586172";
const WELL = "#f6f7f9";
const HAIRLINE = "#e4e7ec";
const EDGE = "#858d9c";
const FALLBACK_COLOUR = "#1f4a40";

type Look = { colour: string; ink: string };
const PLAIN_TABLE = { role: "presentation", cellpadding: "0", cellspacing: "0", border: 0 };

/** The HTML part, a whole document. */
export async function renderHtml(letter: Letter, sender: Sender): Promise<string> {
  const look = lookOf(sender.brandColor);
  const page = (
    <html lang="en-US">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light" />
        <meta name="supported-color-schemes" content="light" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
        <title>{letter.title}</title>
      </head>
      <body style={`margin:0;padding:0;background-color:${WELL};`}>
        {/* biome-ignore lint/a11y/useSemanticElements: mail programs drop the main element with its content. */}
        <div role="main" aria-label={letter.title}>
          <div style="display:none;max-height:0;overflow:hidden;">{letter.preview}</div>
          <table {...PLAIN_TABLE} width="100%" bgcolor={WELL} style={`background-color:${WELL};`}>
            <tr>
              <td align="center" style="padding:24px 12px;">
                <table {...PLAIN_TABLE} width="100%" style="max-width:560px;">
                  <Head sender={sender} look={look} />
                  <Body letter={letter} look={look} />
                  <Foot text={footerText(sender, letter.sentBy)} />
                </table>
              </td>
            </tr>
          </table>
        </div>
      </body>
    </html>
  );
  return String(await html`<!doctype html>${page}`);
}

function Head({ sender, look }: { sender: Sender; look: Look }): JSX.Element {
  return (
    <tr>
      <td
        bgcolor={look.colour}
        style={`background-color:${look.colour};border-radius:10px 10px 0 0;padding:20px 28px;${FONT}font-size:17px;line-height:22px;font-weight:600;color:${look.ink};`}
      >
        {sender.firmName}
      </td>
    </tr>
  );
}

function Body({ letter, look }: { letter: Letter; look: Look }): JSX.Element {
  return (
    <tr>
      <td
        bgcolor="#ffffff"
        style={`background-color:#ffffff;border:1px solid ${HAIRLINE};border-top:0;border-radius:0 0 10px 10px;padding:28px;`}
      >
        <Paragraph text={letter.greeting} />
        {letter.paragraphs.map((text) => (
          <Paragraph text={text} />
        ))}
        {letter.blocks.map((block) => (
          <Block block={block} look={look} />
        ))}
        {letter.notes.map((text, index) => (
          <p
            style={`${FONT}margin:${index === 0 ? 28 : 12}px 0 0;font-size:13px;line-height:20px;color:${SOFT};`}
          >
            {text}
          </p>
        ))}
      </td>
    </tr>
  );
}

function Paragraph({ text }: { text: string }): JSX.Element {
  const lines = text.split(/\r?\n/);
  return (
    <p style={`${FONT}margin:0 0 16px;font-size:15px;line-height:24px;color:${INK};`}>
      {lines.map((line, index) => (
        <>
          {index > 0 ? <br /> : null}
          {line}
        </>
      ))}
    </p>
  );
}

function Block({ block, look }: { block: LetterBlock; look: Look }): JSX.Element {
  return (
    <>
      <p style={`${FONT}margin:24px 0 0;font-size:14px;line-height:20px;color:${SOFT};`}>{block.caption}</p>
      <h1
        style={`${FONT}margin:2px 0 4px;font-size:36px;line-height:44px;font-weight:600;letter-spacing:-0.5px;color:${INK};`}
      >
        {block.amount}
      </h1>
      {block.note === undefined ? null : (
        <p style={`${FONT}margin:0 0 20px;font-size:14px;line-height:20px;color:${SOFT};`}>{block.note}</p>
      )}
      {block.button ? <PayButton button={block.button} look={look} /> : null}
      {block.lines.length > 0 ? <Lines lines={block.lines} total={block.amount} /> : null}
      {block.button ? <PlainAddress url={block.button.url} /> : null}
    </>
  );
}

function PayButton({ button, look }: { button: { label: string; url: string }; look: Look }): JSX.Element {
  return (
    <table {...PLAIN_TABLE} width="100%">
      <tr>
        <td align="center" bgcolor={look.colour} style={`background-color:${look.colour};border-radius:6px;`}>
          <a
            href={button.url}
            style={`${FONT}display:block;padding:15px 24px;font-size:17px;line-height:22px;font-weight:600;color:${look.ink};text-decoration:none;`}
          >
            {button.label}
          </a>
        </td>
      </tr>
    </table>
  );
}

function Lines({ lines, total }: { lines: LetterLine[]; total: string }): JSX.Element {
  return (
    <table
      width="100%"
      cellpadding="0"
      cellspacing="0"
      border={0}
      aria-label="What this payment is for"
      style="margin-top:24px;"
    >
      {lines.map((line) => (
        <Line line={line} edge={HAIRLINE} weight={400} />
      ))}
      {lines.length > 1 ? (
        <Line line={{ label: "Total", note: undefined, amount: total }} edge={EDGE} weight={600} />
      ) : null}
    </table>
  );
}

function Line({ line, edge, weight }: { line: LetterLine; edge: string; weight: number }): JSX.Element {
  const cell = `${FONT}border-top:1px solid ${edge};font-size:15px;line-height:22px;font-weight:${weight};color:${INK};`;
  return (
    <tr>
      <td style={`${cell}padding:12px 0;`}>
        {line.label}
        {line.note === undefined ? null : (
          <>
            <br />
            <span style={`font-size:13px;line-height:18px;color:${SOFT};`}>{line.note}</span>
          </>
        )}
      </td>
      <td align="right" valign="top" style={`${cell}padding:12px 0 12px 16px;white-space:nowrap;`}>
        {line.amount}
      </td>
    </tr>
  );
}

function PlainAddress({ url }: { url: string }): JSX.Element {
  return (
    <p style={`${FONT}margin:20px 0 0;font-size:13px;line-height:20px;color:${SOFT};`}>
      If the button does not work, copy this address into your browser:
      <br />
      <a href={url} style={`color:${INK};word-break:break-all;`}>
        {url}
      </a>
    </p>
  );
}

function Foot({ text }: { text: string }): JSX.Element {
  return (
    <tr>
      <td style="padding:20px 28px 8px;">
        <p style={`${FONT}margin:0;font-size:12px;line-height:18px;color:${SOFT};`}>{text}</p>
      </td>
    </tr>
  );
}

function lookOf(brandColor: string): Look {
  const colour = isColour(brandColor) ? brandColor : FALLBACK_COLOUR;
  return { colour, ink: brandInk(colour) ?? "#ffffff" };
}
