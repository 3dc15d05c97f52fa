import type { JSX } from "hono/jsx/jsx-runtime";
import { formatMoney } from "../base/money.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { PostForm } from "../ui/form.tsx";
import { Cluster } from "../ui/layout.tsx";
import { ProgressBar } from "../ui/progress.tsx";
import type { LinkPage } from "./link-page.ts";
import { keptMinor } from "./received.ts";
import { takesSuccessor } from "./state.ts";

/** What is not there after a part payment, when time ran out or when money went back, and the one click that asks for it. */
export function RestPanel({ page }: { page: LinkPage }): JSX.Element | null {
  const { link, received, successor } = page;
  if (!takesSuccessor(link.state, received.goneMinor)) return null;
  const money = (minor: bigint) => formatMoney({ minor, currency: link.currency });
  const kept = keptMinor(received);
  const wasWhole = link.state === "payment_received";
  const title = wasWhole
    ? `${money(received.goneMinor)} went back`
    : `${money(link.amount_minor - kept)} still owed`;
  return (
    <section class="panel" aria-labelledby="left">
      <div class="panel-body stack">
        <Cluster spread>
          <div>
            <h2 id="left">{title}</h2>
            <p class="soft">{happened(page)}</p>
          </div>
          {successor ? (
            <ButtonLink
              href={`/links/${successor.id}`}
              icon="link"
            >{`See ${successor.reference}`}</ButtonLink>
          ) : (
            <Offer page={page} />
          )}
        </Cluster>
        {kept > 0n ? (
          <ProgressBar
            value={Number(kept)}
            max={Number(link.amount_minor)}
            words={`Received ${money(kept)} of ${money(link.amount_minor)}`}
          />
        ) : null}
        <Obstacles page={page} />
      </div>
    </section>
  );
}

/** Why nothing can be asked for now, and what is left out because it is disputed. */
function Obstacles({ page: { rest } }: { page: LinkPage }): JSX.Element {
  const words = new Set([rest?.hindrance, rest?.undecided].filter((each) => each !== undefined));
  return (
    <>
      {[...words].map((each) => (
        <p>{each}</p>
      ))}
    </>
  );
}

function happened({ link, received }: LinkPage): string {
  const money = (minor: bigint) => formatMoney({ minor, currency: link.currency });
  const { cameMinor, goneMinor } = received;
  const of = cameMinor === link.amount_minor ? "" : ` of ${money(link.amount_minor)}`;
  if (goneMinor > 0n && goneMinor === cameMinor)
    return `${money(cameMinor)}${of} came in, and all of it went back.`;
  if (goneMinor > 0n) return `${money(cameMinor)}${of} came in, and ${money(goneMinor)} of it went back.`;
  if (link.state === "part_paid")
    return `${money(cameMinor)}${of} received. The link took its one payment and is closed.`;
  return "Nothing was received before the link ran out.";
}

/** The new link, as far as anything can be asked for. */
function Offer({ page: { link, rest } }: { page: LinkPage }): JSX.Element | null {
  if (!rest || rest.hindrance !== undefined || rest.amountMinor === 0n) return null;
  const amount = formatMoney({ minor: rest.amountMinor, currency: link.currency });
  return <NewLink link={link} words={`New link for ${amount}`} />;
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
