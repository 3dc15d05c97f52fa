import type { JSX } from "hono/jsx/jsx-runtime";
import { formatMoney } from "../base/money.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { PostForm } from "../ui/form.tsx";
import { Cluster } from "../ui/layout.tsx";
import { ProgressBar } from "../ui/progress.tsx";
import type { LinkPage } from "./link-page.ts";
import { takesSuccessor } from "./state.ts";

/** What is still owed after a part payment or when time ran out, and the one click that asks for it. */
export function RestPanel({ page }: { page: LinkPage }): JSX.Element | null {
  const { link, receivedMinor, successor } = page;
  if (!takesSuccessor(link.state)) return null;
  const money = (minor: bigint) => formatMoney({ minor, currency: link.currency });
  const left = link.amount_minor - receivedMinor;
  const happened =
    link.state === "part_paid"
      ? `${money(receivedMinor)} of ${money(link.amount_minor)} received. The link took its one payment and is closed.`
      : "Nothing was received before the link ran out.";
  return (
    <section class="panel" aria-labelledby="left">
      <div class="panel-body stack">
        <Cluster spread>
          <div>
            <h2 id="left">{`${money(left)} still owed`}</h2>
            <p class="soft">{happened}</p>
          </div>
          {successor ? (
            <ButtonLink
              href={`/links/${successor.id}`}
              icon="link"
            >{`See ${successor.reference}`}</ButtonLink>
          ) : (
            <NewLink link={link} words={`New link for ${money(left)}`} />
          )}
        </Cluster>
        {receivedMinor > 0n ? (
          <ProgressBar
            value={Number(receivedMinor)}
            max={Number(link.amount_minor)}
            words={`Received ${money(receivedMinor)} of ${money(link.amount_minor)}`}
          />
        ) : null}
      </div>
    </section>
  );
}

function NewLink({ link, words }: { link: LinkPage["link"]; words: string }): JSX.Element {
  const emailed = link.payer_emails.length > 0;
  return (
    <PostForm action={`/links/${link.id}/successor`}>
      <Cluster>
        <Button kind="primary" icon="link" name="delivery" value={emailed ? "email" : "copy"}>
          {emailed ? `${words}, by email` : words}
        </Button>
        {emailed ? (
          <Button name="delivery" value="copy">
            Only make it
          </Button>
        ) : null}
      </Cluster>
    </PostForm>
  );
}
