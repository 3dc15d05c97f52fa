import type { JSX } from "hono/jsx/jsx-runtime";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { TextAreaField } from "../ui/fields.tsx";
import { PostForm } from "../ui/form.tsx";
import { Cluster, Stack } from "../ui/layout.tsx";
import type { FieldErrors } from "../ui/notices.tsx";
import { ActionFrame, amountOf } from "./actions-view.tsx";
import { REASON_HINT } from "./cancel-reason.ts";
import type { LinkRow } from "./queries.ts";

/** Why links are cancelled, for the firm's own record. */
export function ReasonField(props: { value?: string | undefined; error?: string | undefined }): JSX.Element {
  return (
    <TextAreaField
      name="reason"
      label="Reason"
      optional
      rows={2}
      hint={REASON_HINT}
      value={props.value}
      error={props.error}
    />
  );
}

/** Asks before a link is cancelled, for browsers without the dialog. */
export function CancelView(props: {
  link: LinkRow;
  /** The reason as it was typed. */
  reason: string;
  errors?: FieldErrors | undefined;
}): JSX.Element {
  const { link } = props;
  return (
    <ActionFrame link={link} title="Cancel this link?">
      <PostForm action={`/links/${link.id}/cancel`}>
        <Stack gap="l">
          <p>
            {`${link.reference} asks ${link.payer_name} for ${amountOf(link)}. Whoever opens it after this reads that it was cancelled. `}
            Nothing more can be paid through it, and it cannot be opened again.
          </p>
          <ReasonField value={props.reason} error={props.errors?.reason} />
          <Cluster>
            <ButtonLink href={`/links/${link.id}`}>Keep the link</ButtonLink>
            <Button kind="danger">Cancel link</Button>
          </Cluster>
        </Stack>
      </PostForm>
    </ActionFrame>
  );
}
