import { html } from "hono/html";
import type { JSX } from "hono/jsx/jsx-runtime";
import { LANGUAGE_LOCALES } from "../base/language.ts";
import type { Sender } from "./facts-queries.ts";
import { EDGE, FONT, Frame, HAIRLINE, INK, type Look, lookOf, PLAIN_TABLE, SOFT } from "./frame-email.tsx";
import { footerText, type Letter, type LetterBlock, type LetterLine } from "./letter.ts";
import type { LetterWords } from "./words-en.ts";

/** The HTML part, a whole document. `origin` is where the firm's logo is to be had. */
export async function renderHtml(letter: Letter, sender: Sender, origin: string): Promise<string> {
  const look = lookOf(sender.brandColor);
  const { words, language } = letter.tongue;
  const page = (
    <Frame
      lang={LANGUAGE_LOCALES[language]}
      title={letter.title}
      preview={letter.preview}
      sender={sender}
      origin={origin}
      look={look}
      footer={footerText(letter, sender)}
    >
      {letter.mark === undefined ? null : <Mark text={letter.mark} />}
      {letter.greeting === undefined ? null : <Paragraph text={letter.greeting} />}
      {letter.paragraphs.map((text) => (
        <Paragraph text={text} />
      ))}
      {letter.blocks.map((block) => (
        <Block block={block} look={look} words={words} />
      ))}
      {letter.link === undefined ? null : <WayOn link={letter.link} look={look} />}
      {letter.notes.map((text, index) => (
        <Note text={text} isFirst={index === 0} />
      ))}
    </Frame>
  );
  return String(await html`<!doctype html>${page}`);
}

function Mark({ text }: { text: string }): JSX.Element {
  return (
    <p
      style={`${FONT}margin:0 0 20px;padding:10px 14px;border:1px solid ${EDGE};border-radius:6px;font-size:14px;line-height:20px;font-weight:600;color:${INK};`}
    >
      {text}
    </p>
  );
}

function Note({ text, isFirst }: { text: string; isFirst: boolean }): JSX.Element {
  return (
    <p style={`${FONT}margin:${isFirst ? 28 : 12}px 0 0;font-size:13px;line-height:20px;color:${SOFT};`}>
      {text}
    </p>
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

function Block({ block, look, words }: { block: LetterBlock; look: Look; words: LetterWords }): JSX.Element {
  const url = block.button?.url;
  return (
    <>
      <p style={`${FONT}margin:24px 0 0;font-size:14px;line-height:20px;color:${SOFT};`}>{block.caption}</p>
      <h1
        style={`${FONT}margin:2px 0 ${block.note === undefined ? 20 : 4}px;font-size:36px;line-height:44px;font-weight:600;letter-spacing:-0.5px;color:${INK};`}
      >
        {block.amount}
      </h1>
      {block.note === undefined ? null : (
        <p style={`${FONT}margin:0 0 20px;font-size:14px;line-height:20px;color:${SOFT};`}>{block.note}</p>
      )}
      {block.button ? <PayButton button={block.button} look={look} /> : null}
      {block.lines.length > 0 ? <Lines lines={block.lines} total={block.amount} words={words} /> : null}
      {url === undefined ? null : <PlainAddress url={url} words={words} />}
    </>
  );
}

function PayButton(props: { button: { label: string; url: string | undefined }; look: Look }): JSX.Element {
  const { button, look } = props;
  const face = `${FONT}display:block;padding:15px 24px;font-size:17px;line-height:22px;font-weight:600;color:${look.ink};text-decoration:none;`;
  return (
    <table {...PLAIN_TABLE} width="100%">
      <tr>
        <td align="center" bgcolor={look.colour} style={`background-color:${look.colour};border-radius:6px;`}>
          {button.url === undefined ? (
            <span style={face}>{button.label}</span>
          ) : (
            <a href={button.url} style={face}>
              {button.label}
            </a>
          )}
        </td>
      </tr>
    </table>
  );
}

function WayOn({ link, look }: { link: { label: string; url: string }; look: Look }): JSX.Element {
  return (
    <>
      <p style="margin:24px 0 0;font-size:1px;line-height:1px;">&nbsp;</p>
      <PayButton button={link} look={look} />
    </>
  );
}

function Lines(props: { lines: LetterLine[]; total: string; words: LetterWords }): JSX.Element {
  const { lines, words } = props;
  return (
    <table
      width="100%"
      cellpadding="0"
      cellspacing="0"
      border={0}
      aria-label={words.whatFor}
      style="margin-top:24px;"
    >
      {lines.map((line) => (
        <Line line={line} edge={HAIRLINE} weight={400} />
      ))}
      {lines.length > 1 ? (
        <Line line={{ label: words.total, note: undefined, amount: props.total }} edge={EDGE} weight={600} />
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

function PlainAddress({ url, words }: { url: string; words: LetterWords }): JSX.Element {
  return (
    <p style={`${FONT}margin:20px 0 0;font-size:13px;line-height:20px;color:${SOFT};`}>
      {words.buttonFails}
      <br />
      <a href={url} style={`color:${INK};word-break:break-all;`}>
        {url}
      </a>
    </p>
  );
}
