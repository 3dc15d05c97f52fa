import type { JSX } from "hono/jsx/jsx-runtime";
import { LANGUAGE_NAMES, type Language } from "../base/language.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { PostForm } from "../ui/form.tsx";
import { ActionBar, PageHeader } from "../ui/layout.tsx";
import { KeyValues } from "../ui/lists.tsx";
import { MESSAGES_PATH, messageHref, USE_LABELS } from "./message-view.tsx";
import type { Template, TemplateUse } from "./templates.ts";

/** The question before a firm's own words for a letter are given up, with what takes their place. */
export function MessageResetView(props: {
  use: TemplateUse;
  language: Language;
  words: Template;
}): JSX.Element {
  const { use, language, words } = props;
  return (
    <>
      <PageHeader
        title="Go back to the standard words?"
        detail={`${USE_LABELS[use]}, ${LANGUAGE_NAMES[language]}. Your words stay in the record.`}
      />
      <PostForm action={`${MESSAGES_PATH}/reset`} class="stack" fields={{ use, language }}>
        <KeyValues
          facts={[
            { name: "Subject", value: words.subject },
            { name: "Message", value: words.body },
          ]}
        />
        <ActionBar words="Requests already sent keep their words.">
          <ButtonLink href={messageHref(use, language)}>Keep yours</ButtonLink>
          <Button kind="primary">Use the standard words</Button>
        </ActionBar>
      </PostForm>
    </>
  );
}
