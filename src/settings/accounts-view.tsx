import type { JSX } from "hono/jsx/jsx-runtime";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { PostForm } from "../ui/form.tsx";
import { ActionBar, Details, PageHeader } from "../ui/layout.tsx";
import type { Member } from "../ui/nav.tsx";
import { Notice } from "../ui/notices.tsx";
import { SettingsPage } from "../ui/settings-page.tsx";
import { DataTable, Row, RowHead, TableBody, TableHead, Td, Th } from "../ui/table.tsx";
import { AccountBadge, Tag } from "../ui/tags.tsx";
import { METHOD_LABELS } from "./account-form.ts";
import type { AccountRow } from "./account-queries.ts";

export const ACCOUNTS_PATH = "/settings/accounts";

/** Settings, Merchant accounts: where money goes. */
export function AccountsView(props: { member: Member; accounts: readonly AccountRow[] }): JSX.Element {
  const used = props.accounts.filter((account) => account.archived_at === null);
  const archived = props.accounts.filter((account) => account.archived_at !== null);
  return (
    <SettingsPage
      current="accounts"
      member={props.member}
      title="Merchant accounts"
      aside={<a href={`${ACCOUNTS_PATH}/new`}>Add an account</a>}
      reach="New requests go into the accounts as they stand here. Links already sent keep the account they were sent with."
    >
      <div class="stack">
        <MissingKinds accounts={used} />
        {used.length === 0 ? null : <AccountTable label="Merchant accounts" accounts={used} />}
        <p class="soft">
          The fees of an operating account may come out of it. A trust account can only be one whose fees the
          card processor bills to the platform.
        </p>
        {archived.length === 0 ? null : (
          <Details summary={`Archived accounts (${archived.length})`}>
            <AccountTable label="Archived accounts" accounts={archived} />
          </Details>
        )}
      </div>
    </SettingsPage>
  );
}

function MissingKinds({ accounts }: { accounts: readonly AccountRow[] }): JSX.Element | null {
  const missing = (["operating", "trust"] as const).filter(
    (kind) => !accounts.some((account) => account.kind === kind && account.is_default),
  );
  if (missing.length === 0) return null;
  return (
    <Notice tone="warn" title={`There is no default ${missing.join(" and no default ")} account.`}>
      {missing.includes("operating")
        ? "Statements can only be asked for by choosing an account each time."
        : "Trust requests cannot be asked for until there is one."}
    </Notice>
  );
}

function AccountTable(props: { label: string; accounts: readonly AccountRow[] }): JSX.Element {
  return (
    <DataTable label={props.label}>
      <TableHead>
        <Th>Account</Th>
        <Th>Kind</Th>
        <Th>Ledger code</Th>
        <Th>Takes</Th>
        <Th>Receives</Th>
        <Th hidden>Action</Th>
      </TableHead>
      <TableBody>
        {props.accounts.map((account) => (
          <AccountLine account={account} />
        ))}
      </TableBody>
    </DataTable>
  );
}

function AccountLine({ account }: { account: AccountRow }): JSX.Element {
  const path = `${ACCOUNTS_PATH}/${account.id}`;
  const of = <span class="visually-hidden"> {account.name}</span>;
  return (
    <Row>
      <RowHead note={account.processor_account}>{account.name}</RowHead>
      <Td label="Kind">
        <AccountBadge kind={account.kind} last4={account.last4} />
      </Td>
      <Td label="Ledger code">{account.ledger_code === "" ? "None" : account.ledger_code}</Td>
      <Td label="Takes">{takes(account)}</Td>
      <Td label="Receives">
        {account.is_default ? (
          <Tag icon="s-done" tone="good">
            Default
          </Tag>
        ) : account.archived_at ? (
          "Nothing new"
        ) : (
          "When chosen"
        )}
      </Td>
      <Td>
        {account.archived_at ? (
          <PostForm action={`${path}/restore`}>
            <Button size="s">Bring back{of}</Button>
          </PostForm>
        ) : (
          <ButtonLink size="s" href={path}>
            Edit{of}
          </ButtonLink>
        )}
      </Td>
    </Row>
  );
}

/** `Cards and bank payments` */
function takes(account: AccountRow): string {
  const words = (["card", "bank_debit"] as const)
    .filter((method) => account.methods.includes(method))
    .map((method) => METHOD_LABELS[method])
    .join(" and ")
    .toLowerCase();
  return words === "" ? "" : `${words[0]?.toUpperCase()}${words.slice(1)}`;
}

/** The question before an account is taken out of use. `reason` says why it cannot be. */
export function ArchiveView(props: {
  account: AccountRow;
  openLinks: number;
  reason: string | undefined;
}): JSX.Element {
  const { account, openLinks, reason } = props;
  const links = openLinks === 1 ? "1 open link" : `${openLinks.toLocaleString("en-US")} open links`;
  return (
    <>
      <PageHeader
        title={`Archive ${account.name}?`}
        detail="It is offered no more. You can bring it back at any time."
      />
      {reason === undefined ? (
        <Notice tone="warn" title="What happens then">
          <ul>
            <li>New requests cannot go into it.</li>
            <li>
              {openLinks === 0
                ? "No open link is to be paid into it."
                : `${links} can still be paid into it.`}
            </li>
            <li>Payments, postings and deposits stay as they are.</li>
          </ul>
        </Notice>
      ) : (
        <Notice tone="bad" title="Not yet.">
          {reason}
        </Notice>
      )}
      <PostForm action={`${ACCOUNTS_PATH}/${account.id}/archive`}>
        <ActionBar>
          <ButtonLink href={`${ACCOUNTS_PATH}/${account.id}`}>Keep it</ButtonLink>
          {reason === undefined ? <Button kind="danger">Archive {account.name}</Button> : null}
        </ActionBar>
      </PostForm>
    </>
  );
}
