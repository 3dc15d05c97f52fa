// biome-ignore-all lint/a11y/noRedundantRoles: without it Safari does not call an unmarked list a list.
import type { JSX } from "hono/jsx/jsx-runtime";
import { may, type Permission, type Role } from "../base/permission.ts";
import { BrandMark, Icon, type IconName } from "./icons.tsx";
import { formatCount } from "./listing.tsx";

export type NavPlace = "today" | "matters" | "quick" | "bulk" | "sent" | "postings" | "deposits" | "settings";
export type SettingsPlace =
  | "messages"
  | "page"
  | "security"
  | "reminders"
  | "part-payments"
  | "notifications"
  | "accounts"
  | "team"
  | "connections"
  | "record";

type Item = { place: NavPlace; label: string; href: string; icon: IconName; needs: Permission };

const GROUPS: readonly { heading?: string; items: readonly Item[] }[] = [
  { items: [{ place: "today", label: "Today", href: "/", icon: "home", needs: "dashboard.see" }] },
  {
    heading: "Request",
    items: [
      { place: "matters", label: "From matters", href: "/matters", icon: "folder", needs: "matters.search" },
      { place: "quick", label: "Quick Link", href: "/quick", icon: "bolt", needs: "links.send" },
      { place: "bulk", label: "Bulk Upload", href: "/bulk", icon: "upload", needs: "links.send" },
    ],
  },
  {
    heading: "Follow up",
    items: [
      { place: "sent", label: "Sent Pages", href: "/sent", icon: "send", needs: "links.see" },
      {
        place: "postings",
        label: "Manage Postings",
        href: "/postings",
        icon: "ledger",
        needs: "postings.see",
      },
      { place: "deposits", label: "Deposits", href: "/deposits", icon: "bank", needs: "deposits.see" },
    ],
  },
  {
    heading: "Firm",
    items: [
      {
        place: "settings",
        label: "Settings",
        href: "/settings",
        icon: "sliders",
        needs: "settings.manage",
      },
    ],
  },
];

/** In the order of the list; the first that a role may see is where Settings leads. */
const SETTINGS: readonly { place: SettingsPlace; label: string; href: string; needs: Permission }[] = [
  { place: "messages", label: "Messages", href: "/settings/messages", needs: "settings.manage" },
  { place: "page", label: "Payment page", href: "/settings/page", needs: "settings.manage" },
  { place: "security", label: "Security", href: "/settings/security", needs: "settings.manage" },
  { place: "reminders", label: "Smart Reminders", href: "/settings/reminders", needs: "settings.manage" },
  {
    place: "part-payments",
    label: "Part payments",
    href: "/settings/part-payments",
    needs: "settings.manage",
  },
  {
    place: "notifications",
    label: "Notifications",
    href: "/settings/notifications",
    needs: "settings.manage",
  },
  { place: "accounts", label: "Merchant accounts", href: "/settings/accounts", needs: "settings.manage" },
  { place: "team", label: "Team and roles", href: "/settings/team", needs: "team.manage" },
  { place: "connections", label: "Connections", href: "/settings/connections", needs: "connections.see" },
  { place: "record", label: "Record", href: "/settings/record", needs: "audit.see" },
];

const ROLE_WORDS: Record<Role, string> = { staff: "Staff", bookkeeper: "Bookkeeper", admin: "Administrator" };

export type Member = { name: string; role: Role };

/** The state of the matter system, under the navigation: "Clio Manage", "Read 4 minutes ago". */
export type ConnectionNote = {
  system: string;
  words: string;
  /** Where help is needed and found. Shown only to those who may see connections. */
  help?: { label: string; href: string } | undefined;
};

export type SidebarProps = {
  current?: NavPlace | undefined;
  member: Member;
  firm: string;
  connection?: ConnectionNote | undefined;
  /** Postings that need attention; nothing is shown for 0. */
  attentionCount?: number | undefined;
};

/** The side of every staff page. It leaves out what the member's role may not do. */
export function Sidebar(props: SidebarProps): JSX.Element {
  const shown = GROUPS.map((group) => ({
    ...group,
    items: group.items.filter((item) => may(props.member.role, item.needs)),
  })).filter((group) => group.items.length > 0);
  return (
    <header class="sidebar">
      <div class="sidebar-body">
        <a class="brand" href="/">
          <BrandMark />
          <span>
            Send for Payment
            <small>{props.firm}</small>
          </span>
        </a>
        <button type="button" class="button nav-toggle" popovertarget="nav">
          <Icon name="menu" />
          Menu
        </button>
        <nav class="nav" id="nav" popover="auto" aria-label="Main">
          {shown.map((group) => (
            <>
              {group.heading ? <h2>{group.heading}</h2> : null}
              <ul role="list">
                {group.items.map((item) => (
                  <NavLink item={item} current={item.place === props.current} count={countOf(item, props)} />
                ))}
              </ul>
            </>
          ))}
          <NavFoot {...props} />
        </nav>
      </div>
    </header>
  );
}

/** The list of settings pages beside their content; give its column the `lead` split. */
export function SettingsNav(props: { current: SettingsPlace; member: Member }): JSX.Element {
  return (
    <nav class="subnav companion" aria-label="Settings">
      <ul role="list">
        {SETTINGS.filter((item) => may(props.member.role, item.needs)).map((item) => (
          <li>
            <a href={item.href} aria-current={item.place === props.current ? "page" : undefined}>
              {item.label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The first settings page that a role may see; undefined when it may see none. */
export function firstSettingsPage(role: Role): string | undefined {
  return SETTINGS.find((item) => may(role, item.needs))?.href;
}

/** The name of a role on screen. */
export function roleWord(role: Role): string {
  return ROLE_WORDS[role];
}

function NavLink(props: { item: Item; current: boolean; count: number | undefined }): JSX.Element {
  return (
    <li>
      <a href={props.item.href} aria-current={props.current ? "page" : undefined}>
        <Icon name={props.item.icon} />
        {props.item.label}
        {props.count ? (
          <span class="nav-count">
            {formatCount(props.count)}
            <span class="visually-hidden"> need attention</span>
          </span>
        ) : null}
      </a>
    </li>
  );
}

function NavFoot(props: SidebarProps): JSX.Element {
  const { connection, member } = props;
  const help = may(member.role, "connections.see") ? connection?.help : undefined;
  return (
    <div class="nav-foot">
      {connection ? (
        <p>
          <Icon name="plug" />
          <span>
            {connection.system}
            <br />
            <small class="soft">{connection.words}</small>
            {help ? (
              <>
                <br />
                <a href={help.href}>{help.label}</a>
              </>
            ) : null}
          </span>
        </p>
      ) : null}
      <div>
        <Icon name="user" />
        <div>
          {member.name}
          <br />
          <small class="soft">{roleWord(member.role)}</small>
          <form method="post" action="/signout">
            <button type="submit" class="link-button">
              Sign out
            </button>
          </form>
        </div>
      </div>
    </div>
  );
}

function countOf(item: Item, props: SidebarProps): number | undefined {
  return item.place === "postings" ? props.attentionCount : undefined;
}
