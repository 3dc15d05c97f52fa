// biome-ignore-all lint/a11y/noRedundantRoles: without it Safari does not call an unmarked list a list.
import type { JSX } from "hono/jsx/jsx-runtime";
import { LANGUAGE_NAMES, LANGUAGES, type Language } from "../base/language.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { TextAreaField, TextField } from "../ui/fields.tsx";
import { PostForm } from "../ui/form.tsx";
import { Details } from "../ui/layout.tsx";
import { Chips, Tabs } from "../ui/listing.tsx";
import { KeyValues } from "../ui/lists.tsx";
import { SettingsPage } from "../ui/settings-page.tsx";
import { type Swap, swapAttributes } from "../ui/swap.ts";
import type { MessagePreview } from "./message-preview.ts";
import type { SectionProps } from "./section-form.tsx";
import { PLACEHOLDERS, type PlaceholderValues, TEMPLATE_USES, type TemplateUse } from "./templates.ts";

export const MESSAGES_PATH = "/settings/messages";
const PREVIEW_ID = "message-preview";

export const USE_LABELS: Readonly<Record<TemplateUse, string>> = {
  request: "Payment request",
  reminder_before: "Smart Reminder, before due",
  reminder_after: "Smart Reminder, after due",
  receipt: "Receipt",
  on_its_way: "Bank payment on its way",
  bank_failed: "Failed bank payment",
};

type MessageProps = Omit<SectionProps, "typed"> & {
  use: TemplateUse;
  language: Language;
  typed: { subject: string; body: string };
  /** Whether the firm wrote words of its own for this use and language. */
  isOwn: boolean;
  preview: MessagePreview;
  examples: PlaceholderValues;
  /** Names the next test mail. */
  test: string;
  nonce: string;
};

/** Where a template is shown. */
export function messageHref(use: TemplateUse, language: Language, step = ""): string {
  return `${MESSAGES_PATH}${step}?use=${use}&language=${language}`;
}

/** Settings, Messages: the words of each letter, in each language. */
export function MessageView(props: MessageProps): JSX.Element {
  const { use, language } = props;
  return (
    <SettingsPage
      {...props}
      current="messages"
      title="Messages"
      aside={props.isOwn ? props.lastChange : "Standard words"}
      reach="Requests already sent keep their words. Whatever goes out from now on uses these."
    >
      <div class="stack">
        <Chips
          label="Letters"
          chips={TEMPLATE_USES.map((each) => ({
            label: USE_LABELS[each],
            href: messageHref(each, language),
            on: each === use,
          }))}
        />
        <Tabs
          label="Languages"
          tabs={LANGUAGES.map((each) => ({
            label: LANGUAGE_NAMES[each],
            href: messageHref(use, each),
            current: each === language,
          }))}
        />
        <MessageForm {...props} />
      </div>
    </SettingsPage>
  );
}

function MessageForm(props: MessageProps): JSX.Element {
  const { use, language, typed, errors = {} } = props;
  return (
    <PostForm
      action={MESSAGES_PATH}
      class="stack"
      fields={{ use, language, seen: props.seen, test: props.test }}
    >
      <TextField name="subject" label="Subject" value={typed.subject} error={errors.subject} />
      <TextAreaField
        name="body"
        label="Message"
        hint="The amount, the list of statements and the button are added below your text, and a greeting above it unless you begin with one. An empty line begins a new paragraph."
        rows={9}
        value={typed.body}
        error={errors.body}
      />
      <Placeholders examples={props.examples} />
      <div class="cluster">
        <Button kind="primary">Save message</Button>
        <Button name="send" value="test" icon="mail">
          Save and send me a test
        </Button>
        {props.isOwn ? (
          <ButtonLink kind="quiet" href={messageHref(use, language, "/reset")} icon="undo">
            Back to the standard words
          </ButtonLink>
        ) : null}
      </div>
      <Preview preview={props.preview} nonce={props.nonce} />
    </PostForm>
  );
}

/** Buttons that put a placeholder where the cursor is, and the list to type from. */
function Placeholders({ examples }: { examples: PlaceholderValues }): JSX.Element {
  return (
    <div class="stack" data-gap="s">
      <p class="hint" id="placeholders">
        Add a placeholder
      </p>
      <ul class="cluster" role="list" aria-labelledby="placeholders">
        {PLACEHOLDERS.map(({ label }) => (
          <li>
            <button
              type="button"
              class="chip"
              data-insert={`{${label}}`}
              data-into="body"
            >{`{${label}}`}</button>
          </li>
        ))}
      </ul>
      <Details summary="What each placeholder stands for">
        <KeyValues
          facts={PLACEHOLDERS.map(({ key, label }) => ({
            name: `{${label}}`,
            value:
              examples[key] === ""
                ? "Nothing: the words that lead up to it are left out, too"
                : examples[key],
          }))}
        />
        <p class="soft">
          Where nothing is known for a placeholder, the words that lead up to it are left out: “is due on{" "}
          {"{due date}"}” becomes “is due”.
        </p>
      </Details>
    </div>
  );
}

function Preview({ preview, nonce }: { preview: MessagePreview; nonce: string }): JSX.Element {
  const path = `${MESSAGES_PATH}/preview`;
  const swap: Swap = {
    nonce,
    target: `#${PREVIEW_ID}`,
    trigger: "input from:'closest form' delay:400ms",
    background: true,
  };
  return (
    <section
      class="stack"
      data-gap="s"
      id={PREVIEW_ID}
      aria-labelledby="preview-title"
      {...swapAttributes(swap, "post", path)}
    >
      <div class="section-head">
        <h3 id="preview-title">What the payer reads</h3>
        <Button size="s" icon="refresh" formAction={path}>
          Preview
        </Button>
      </div>
      <div class="preview">
        <div class="preview-head">
          <p>
            <span>Subject </span>
            <strong>{preview.subject}</strong>
          </p>
        </div>
        <div class="preview-letter">
          {preview.greeting === undefined ? null : <p>{preview.greeting}</p>}
          <pre>{preview.body}</pre>
          <p class="preview-amount">{preview.amount}</p>
        </div>
      </div>
    </section>
  );
}
