import type { JSX } from "hono/jsx/jsx-runtime";
import { ButtonLink, CopyButton } from "../ui/buttons.tsx";
import { TextAreaField } from "../ui/fields.tsx";
import { Breadcrumb, Cluster, PageHeader, Stack } from "../ui/layout.tsx";
import { formatCount } from "../ui/listing.tsx";
import { Notice } from "../ui/notices.tsx";
import { placeHref } from "./list-address.ts";
import { type Choice, choiceHref } from "./many-choice.ts";
import type { CopiedLink } from "./many-copy.ts";
import { links as countWords } from "./many-words.ts";

const ROWS_LIMIT = 20;

type CopyProps = {
  choice: Choice;
  links: readonly CopiedLink[];
  /** All that were chosen; the page shows the first of them. */
  total: number;
};

/** The addresses of the chosen links, one per line, to copy or to download. */
export function CopyView({ choice, links, total }: CopyProps): JSX.Element {
  const text = links.map(({ url }) => url).join("\n");
  const closed = links.filter(({ row }) => row.state !== "outstanding").length;
  return (
    <>
      <Breadcrumb
        crumbs={[{ label: "Sent Pages", href: placeHref(choice.place) }, { label: "Copy links" }]}
      />
      <PageHeader
        title={`Copy ${countWords(total)}`}
        detail="Whoever has a link can open its payment page. Send each only to its payer."
      />
      <Stack>
        {total > links.length ? (
          <Notice tone="warn" title={`The first ${formatCount(links.length)} are shown.`}>
            The file holds all of them.
          </Notice>
        ) : null}
        {closed > 0 ? (
          <Notice tone="warn" title={`${countWords(closed)} cannot be paid any more.`}>
            {closed === 1
              ? "Its page says so. The file names the status of each link."
              : "Their pages say so. The file names the status of each link."}
          </Notice>
        ) : null}
        <TextAreaField
          name="links"
          label="One link per line"
          value={text}
          rows={Math.min(ROWS_LIMIT, links.length + 1)}
        />
        <Cluster>
          <CopyButton text={text} said="Links copied">
            {`Copy ${countWords(links.length)}`}
          </CopyButton>
          <ButtonLink href={choiceHref("/sent/copy.csv", choice)} icon="download">
            Download with names, CSV
          </ButtonLink>
          <ButtonLink href={placeHref(choice.place)}>Back to the list</ButtonLink>
        </Cluster>
      </Stack>
    </>
  );
}
