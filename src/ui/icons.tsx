import type { JSX } from "hono/jsx/jsx-runtime";

/**
 * The shapes of every icon, drawn on a grid of 16. Each stands in the page where it is used, for three reasons: a part
 * that is swapped in later never misses a shape, the payer's pages need no further request, and written out it is
 * hardly longer than a reference to a sprite.
 */
const SHAPES = {
  "arrow-down": <path d="M8 3v9.5M4 9l4 4 4-4" />,
  "arrow-up": <path d="M8 13V3.5M4 7l4-4 4 4" />,
  bank: <path d="m2 6.3 6-3.5 6 3.5zM3.8 6.5v5M8 6.5v5M12.2 6.5v5M2 13.2h12" />,
  beaker: <path d="M6 2.5v4L2.8 13a.4.4 0 0 0 .4.5h9.6a.4.4 0 0 0 .4-.5L10 6.5v-4M5 2.5h6M4.6 9.7h6.8" />,
  bell: (
    <path d="M3 11.5h10c-1-1.2-1.3-2-1.3-4.4C11.7 4.6 10 3 8 3S4.3 4.6 4.3 7.1C4.3 9.5 4 10.3 3 11.5zM6.7 13.7h2.6" />
  ),
  bolt: <path d="M9 1.5 3.5 9H8l-1 5.5L12.5 7H8z" />,
  briefcase: (
    <>
      <rect x="2" y="5" width="12" height="8.5" rx="1" />
      <path d="M5.5 5V3h5v2M2 9h12" />
    </>
  ),
  calendar: (
    <>
      <rect x="2.5" y="3.5" width="11" height="10" rx="1" />
      <path d="M2.5 6.7h11M5.5 2v2.5M10.5 2v2.5" />
    </>
  ),
  card: (
    <>
      <rect x="1.5" y="3.5" width="13" height="9" rx="1.2" />
      <path d="M1.5 6.7h13" />
    </>
  ),
  check: <path d="m3 8.5 3.3 3.3L13 4.8" />,
  "chevron-down": <path d="m4 6 4 4 4-4" />,
  "chevron-left": <path d="M10 4 6 8l4 4" />,
  "chevron-right": <path d="m6 4 4 4-4 4" />,
  clock: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.5V8l2.5 1.6" />
    </>
  ),
  columns: (
    <>
      <rect x="2" y="3" width="12" height="10" rx="1" />
      <path d="M6 3v10M10 3v10" />
    </>
  ),
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1" />
      <path d="M10.5 5.5v-3h-8v8h3" />
    </>
  ),
  download: <path d="M8 2.5V10M5 7.2l3 3 3-3M2.5 10.5v3h11v-3" />,
  external: <path d="M6.5 3.5h-4v10h10v-4M9 2.5h4.5V7M13.2 2.8 7.5 8.5" />,
  eye: (
    <>
      <path d="M1.5 8C3 5 5.3 3.5 8 3.5S13 5 14.5 8C13 11 10.7 12.5 8 12.5S3 11 1.5 8z" />
      <circle cx="8" cy="8" r="2" />
    </>
  ),
  flag: <path d="M3.5 14V2.5M3.5 3h9l-2 3 2 3h-9" />,
  folder: <path d="M2 4v9h12V5.5H8L6.5 4z" />,
  grip: (
    <g fill="currentColor" stroke="none">
      <circle cx="6" cy="4" r="1.1" />
      <circle cx="10" cy="4" r="1.1" />
      <circle cx="6" cy="8" r="1.1" />
      <circle cx="10" cy="8" r="1.1" />
      <circle cx="6" cy="12" r="1.1" />
      <circle cx="10" cy="12" r="1.1" />
    </g>
  ),
  home: <path d="M2.5 7.2 8 2.5l5.5 4.7v6.3h-4v-4h-3v4h-4z" />,
  info: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 7.3v3.9M8 4.7v.1" />
    </>
  ),
  ledger: <path d="M3 2.5h10v11H3zM6 2.5v11M8.5 6h2M8.5 9h2" />,
  link: (
    <path d="m6.5 9.5 3-3M7.5 4.5 9 3a2.8 2.8 0 0 1 4 4l-1.5 1.5M8.5 11.5 7 13a2.8 2.8 0 0 1-4-4l1.5-1.5" />
  ),
  lock: (
    <>
      <rect x="3" y="7" width="10" height="6.5" rx="1" />
      <path d="M5 7V5a3 3 0 0 1 6 0v2" />
    </>
  ),
  mail: (
    <>
      <rect x="2" y="3.5" width="12" height="9" rx="1" />
      <path d="m2.3 4.5 5.7 4.3 5.7-4.3" />
    </>
  ),
  menu: <path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11" />,
  pause: <path d="M5.5 3.5v9M10.5 3.5v9" />,
  plug: <path d="M5.5 2v3.5M10.5 2v3.5M3.5 5.5h9V8a4.5 4.5 0 0 1-9 0zM8 12.5V15" />,
  plus: <path d="M8 3v10M3 8h10" />,
  print: <path d="M4.5 5.5v-3h7v3M4.5 11.5h-2v-6h11v6h-2M4.5 9.5h7v4h-7z" />,
  qr: (
    <path d="M2.5 2.5h4v4h-4zM9.5 2.5h4v4h-4zM2.5 9.5h4v4h-4zM9.5 9.5v.1M13.5 9.5v.1M11.5 11.5v.1M9.5 13.5v.1M13.5 13.5v.1" />
  ),
  receipt: <path d="M3.5 2h9v12L11 13l-1.5 1L8 13l-1.5 1L5 13l-1.5 1zM6 5.5h4M6 8.5h4" />,
  refresh: <path d="M13 4.5A6 6 0 1 0 14 8M13.5 1.8v3h-3" />,
  "s-alert": (
    <path
      fill-rule="evenodd"
      d="M8 1.5 15.2 14H.8zM7.1 6v4h1.8V6zm0 5v1.7h1.8V11z"
      fill="currentColor"
      stroke="none"
    />
  ),
  "s-diamond": <path d="M8 2.2 13.8 8 8 13.8 2.2 8z" />,
  "s-done": (
    <path
      fill-rule="evenodd"
      d="M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zm3.7 4.7-4.6 5.3L4.2 8.7l1.2-1.3 1.6 1.5 3.4-3.9z"
      fill="currentColor"
      stroke="none"
    />
  ),
  "s-expired": <path d="M3.5 2.5h9M3.5 13.5h9M4.5 2.5c0 3.5 7 7.5 7 11M11.5 2.5c0 3.5-7 7.5-7 11" />,
  "s-off": (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="m4.3 11.7 7.4-7.4" />
    </>
  ),
  "s-open": <circle cx="8" cy="8" r="5.5" />,
  "s-part": (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill="currentColor" stroke="none" />
    </>
  ),
  "s-up": <path d="M8 13V4M4.5 7.2 8 3.7l3.5 3.5" />,
  "s-wait": <circle cx="8" cy="8" r="5.5" stroke-dasharray="2.6 3.1" />,
  "s-x": (
    <path
      fill-rule="evenodd"
      d="M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM5.9 4.7 8 6.8l2.1-2.1 1.2 1.2L9.2 8l2.1 2.1-1.2 1.2L8 9.2l-2.1 2.1-1.2-1.2L6.8 8 4.7 5.9z"
      fill="currentColor"
      stroke="none"
    />
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.5" />
      <path d="M10.4 10.4 14 14" />
    </>
  ),
  send: <path d="M14 2 2 6.5l5 2.5 2.5 5zM14 2 7 9" />,
  shield: <path d="M8 1.8 13 3.5v4c0 3.2-2 5.4-5 6.7-3-1.3-5-3.5-5-6.7v-4z" />,
  sliders: (
    <>
      <path d="M2 5h5.5M11.5 5H14M2 11h2.5M8.5 11H14" />
      <circle cx="9.5" cy="5" r="2" />
      <circle cx="6.5" cy="11" r="2" />
    </>
  ),
  trash: <path d="M2.5 4h11M6 4V2.5h4V4M4 4l.6 9.5h6.8L12 4M6.7 6.7v4M9.3 6.7v4" />,
  undo: <path d="M5 2.8 2.5 5.3 5 7.8M2.8 5.3H10a3.6 3.6 0 0 1 0 7.2H6.5" />,
  upload: <path d="M8 10V2.5M5 5.3l3-3 3 3M2.5 10.5v3h11v-3" />,
  user: (
    <>
      <circle cx="8" cy="5.3" r="2.8" />
      <path d="M2.5 13.8c.4-2.9 2.4-4.3 5.5-4.3s5.1 1.4 5.5 4.3" />
    </>
  ),
  x: <path d="m4 4 8 8M12 4l-8 8" />,
} as const satisfies Record<string, JSX.Element>;

export type IconName = keyof typeof SHAPES;

/** A small picture beside a word. It takes the colour of the text and is hidden from screen readers: the word speaks. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      {SHAPES[name]}
    </svg>
  );
}

/** The mark of the product. */
export function BrandMark(): JSX.Element {
  return (
    <svg class="brand-mark" viewBox="0 0 30 30" aria-hidden="true">
      <path
        d="M8 10.5h9.5M8 15h6M8 19.5h9.5M18.5 11l4 4-4 4"
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}

/** Every icon's name, for the test that draws them all. */
export function iconNames(): IconName[] {
  return Object.keys(SHAPES) as IconName[];
}
