import type { JSX } from "hono/jsx/jsx-runtime";
import type { Widget } from "../captcha/port.ts";
import { Explanation } from "../ui/fields.tsx";
import { CAPTCHA_FIELD } from "./prove-person.ts";
import type { PayWords } from "./words.ts";

/**
 * The maker's box, with its script: the one page of a payer that has one. Who runs no script reads what to do instead, in the words that
 * `way` ends.
 */
export function CaptchaBox(props: {
  widget: Widget;
  nonce: string;
  words: PayWords;
  /** How the payer reaches the firm: `call the firm at …`. */
  way: string;
  error?: string | undefined;
}): JSX.Element {
  const { widget, words } = props;
  const isTall = widget.attributes["data-size"] === "compact";
  return (
    <fieldset
      class="field"
      data-invalid={props.error ? "" : undefined}
      aria-describedby={props.error ? `${CAPTCHA_FIELD}-error` : undefined}
    >
      <legend>{words.captcha.label}</legend>
      <Explanation id={CAPTCHA_FIELD} error={props.error} errorWord={words.frame.error} />
      <div id={CAPTCHA_FIELD} class="captcha" data-tall={isTall ? "" : undefined} tabindex={-1}>
        <div class={widget.className} {...widget.attributes} />
        <noscript>
          <p>{words.captcha.script(props.way)}</p>
        </noscript>
      </div>
      <script src={widget.scriptUrl} nonce={props.nonce} async defer />
    </fieldset>
  );
}
