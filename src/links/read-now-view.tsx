import type { JSX } from "hono/jsx/jsx-runtime";
import { LinkButton } from "../ui/buttons.tsx";
import { PostForm } from "../ui/form.tsx";
import { Tag } from "../ui/tags.tsx";

/** One matter system beside the heading: how old the figures are, and the button that reads them again. */
export type Reading = { connectionId: string; systemName: string; words: string };

/** `back` is where the page is found again. */
export function ReadNow({ readings, back }: { readings: readonly Reading[]; back: string }): JSX.Element {
  return (
    <>
      {readings.map((reading) => (
        <PostForm
          action={`/connections/${reading.connectionId}/sync`}
          class="cluster"
          fields={{ next: back }}
        >
          <Tag tone="good" icon="s-done">
            {reading.systemName}
          </Tag>
          <small>{reading.words}</small>
          <LinkButton type="submit">Read now</LinkButton>
        </PostForm>
      ))}
    </>
  );
}
