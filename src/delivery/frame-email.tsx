import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { logoPath } from "../settings/logo.ts";
import { brandInk, isColour } from "../ui/brand.ts";
import type { Sender } from "./facts-queries.ts";

// Mail programs know neither style sheets nor modern layout: tables, old attributes and inline styles, here and in letter-email.tsx.
export const FONT =
  "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;";
export const INK = "#171c26";
export const SOFT = "#586172";
export const HAIRLINE = "#e4e7ec";
export const EDGE = "#858d9c";
const WELL = "#f6f7f9";
const FALLBACK_COLOUR = "#1f4a40";
const LOGO_HEIGHT_PX = 40;
const LOGO_WIDTH_PX = 220;

/** The firm's colour, and black or white for text on it. */
export type Look = { colour: string; ink: string };
export const PLAIN_TABLE = { role: "presentation", cellpadding: "0", cellspacing: "0", border: 0 };

/** The document of an email: what a mail program shows beside the subject, the firm's head, a body and the small print at the end. */
export function Frame(props: {
  lang: string;
  title: string;
  preview: string;
  sender: Sender;
  origin: string;
  look: Look;
  footer: string;
  children: Child;
}): JSX.Element {
  return (
    <html lang={props.lang}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light" />
        <meta name="supported-color-schemes" content="light" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
        <title>{props.title}</title>
      </head>
      <body style={`margin:0;padding:0;background-color:${WELL};`}>
        {/* biome-ignore lint/a11y/useSemanticElements: mail programs drop the main element with its content. */}
        <div role="main" aria-label={props.title}>
          <div style="display:none;max-height:0;overflow:hidden;">{props.preview}</div>
          <table {...PLAIN_TABLE} width="100%" bgcolor={WELL} style={`background-color:${WELL};`}>
            <tr>
              <td align="center" style="padding:24px 12px;">
                <table {...PLAIN_TABLE} width="100%" style="max-width:560px;">
                  <Head sender={props.sender} origin={props.origin} look={props.look} />
                  <tr>
                    <td
                      bgcolor="#ffffff"
                      style={`background-color:#ffffff;border:1px solid ${HAIRLINE};border-top:0;border-radius:0 0 10px 10px;padding:28px;`}
                    >
                      {props.children}
                    </td>
                  </tr>
                  <tr>
                    <td style="padding:20px 28px 8px;">
                      <p style={`${FONT}margin:0;font-size:12px;line-height:18px;color:${SOFT};`}>
                        {props.footer}
                      </p>
                    </td>
                  </tr>
                </table>
              </td>
            </tr>
          </table>
        </div>
      </body>
    </html>
  );
}

function Head(props: { sender: Sender; origin: string; look: Look }): JSX.Element {
  const { sender, look } = props;
  const cell = `background-color:${look.colour};border-radius:10px 10px 0 0;padding:20px 28px;`;
  const name = `${FONT}font-size:17px;line-height:22px;font-weight:600;color:${look.ink};`;
  return (
    <tr>
      <td bgcolor={look.colour} style={cell}>
        <table {...PLAIN_TABLE}>
          <tr>
            <Sign {...props} />
            <td style={`padding-left:12px;${name}`}>{sender.firmName}</td>
          </tr>
        </table>
      </td>
    </tr>
  );
}

/** The logo on white, as it was drawn for paper; mail programs show no SVG, so that its firm has its initials like one without a logo. */
function Sign({ sender, origin, look }: { sender: Sender; origin: string; look: Look }): JSX.Element {
  const { logo } = sender;
  if (logo && logo.mediaType !== "image/svg+xml") {
    const scale = Math.min(LOGO_HEIGHT_PX / logo.height, LOGO_WIDTH_PX / logo.width);
    const [width, height] = [Math.round(logo.width * scale), Math.round(logo.height * scale)];
    return (
      <td bgcolor="#ffffff" style="background-color:#ffffff;border-radius:6px;padding:6px;">
        <img
          src={`${origin}${logoPath(sender.slug, logo.hash)}`}
          alt=""
          width={width}
          height={height}
          style="display:block;border:0;"
        />
      </td>
    );
  }
  return (
    <td
      width="40"
      height="40"
      align="center"
      valign="middle"
      aria-hidden="true"
      style={`width:40px;height:40px;border:1px solid ${look.ink};border-radius:20px;${FONT}font-size:14px;font-weight:600;color:${look.ink};`}
    >
      {initialsOf(sender.firmName)}
    </td>
  );
}

function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  return words
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase() ?? "")
    .join("");
}

/** The colours of a firm's letters. */
export function lookOf(brandColor: string): Look {
  const colour = isColour(brandColor) ? brandColor : FALLBACK_COLOUR;
  return { colour, ink: brandInk(colour) ?? "#ffffff" };
}
