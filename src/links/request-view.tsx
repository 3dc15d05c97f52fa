import type { JSX } from "hono/jsx/jsx-runtime";
import { formatMoney } from "../base/money.ts";
import { ButtonLink } from "../ui/buttons.tsx";
import { Cluster, PageHeader, Panel, Stack } from "../ui/layout.tsx";
import { AccountBadge, LinkTag } from "../ui/tags.tsx";
import { LinkAddress } from "./address-view.tsx";
import type { LinkRow } from "./queries.ts";

export type AddressedLinkRow = { link: LinkRow; url: string };

/** The two links of one request, one for each account. */
export function RequestView({ links }: { links: readonly AddressedLinkRow[] }): JSX.Element {
  const emailed = links.some(({ link }) => link.send_count > 0);
  return (
    <>
      <PageHeader
        title="Two links, one for each account"
        detail={
          emailed
            ? "Both went out in one email. Each takes its own payment."
            : "Copy both to the payer. Each takes its own payment."
        }
        actions={<ButtonLink href="/matters">New request</ButtonLink>}
      />
      <Stack gap="l">
        {links.map((each) => (
          <Panel
            id={`link-${each.link.id}`}
            title={<a href={`/links/${each.link.id}`}>{each.link.reference}</a>}
          >
            <LinkSummary {...each} />
          </Panel>
        ))}
      </Stack>
    </>
  );
}

/** One link with its amount, account and address, ready to copy. */
export function LinkSummary({ link, url }: AddressedLinkRow): JSX.Element {
  return (
    <>
      <Cluster spread>
        <strong>{formatMoney({ minor: link.amount_minor, currency: link.currency })}</strong>
        <AccountBadge kind={link.account_kind} />
      </Cluster>
      <Cluster>
        <LinkTag state={link.state} />
        <span>{link.description}</span>
      </Cluster>
      <LinkAddress url={url} />
    </>
  );
}
