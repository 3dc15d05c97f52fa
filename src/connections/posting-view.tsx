import type { JSX } from "hono/jsx/jsx-runtime";
import { Button } from "../ui/buttons.tsx";
import { SelectField } from "../ui/fields.tsx";
import { PostForm } from "../ui/form.tsx";
import { Details } from "../ui/layout.tsx";
import type { FieldErrors } from "../ui/notices.tsx";
import type { ConnectionSummary } from "./list-connections.ts";

const RELEASES = [
  { value: "automatic", label: "By themselves, as soon as they arrive" },
  { value: "manual", label: "After a bookkeeper’s release" },
];
const DATES = [
  { value: "payment_date", label: "The day of the payment" },
  { value: "posting_date", label: "The day of writing" },
];

/** When payments are written into a matter system, and the date that they carry there. */
export function PostingForm(props: {
  connection: ConnectionSummary;
  failed?: { connectionId: string; release: string; postedDate: string; errors: FieldErrors } | undefined;
}): JSX.Element {
  const { id, postingRelease, postedDate } = props.connection;
  const failed = props.failed?.connectionId === id ? props.failed : undefined;
  return (
    <Details summary="How payments are written" open={failed !== undefined}>
      <PostForm action={`/settings/connections/${id}/posting`} class="stack">
        <SelectField
          name="release"
          id={fieldId("release", id)}
          label="Payments are written"
          options={RELEASES}
          value={failed?.release ?? postingRelease}
          error={failed?.errors[fieldId("release", id)]}
        />
        <SelectField
          name="postedDate"
          id={fieldId("postedDate", id)}
          label="Postings carry"
          options={DATES}
          value={failed?.postedDate ?? postedDate}
          error={failed?.errors[fieldId("postedDate", id)]}
        />
        <Button size="s">Save</Button>
      </PostForm>
    </Details>
  );
}

/** The id of a field of one connection's form: several such forms stand on the page. */
export function fieldId(field: string, connectionId: string): string {
  return `${field}-${connectionId}`;
}
