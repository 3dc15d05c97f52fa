/** The look of the hosted pages and of the dashboard; readable at 360 pixels, in light and dark. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #4a5564; --paper: #ffffff; --ground: #f2f4f7;
  --line: #7b8794; --strong: #0b5a6f; --on-strong: #ffffff; --bad: #a3161b; --good: #14622f; }
@media (prefers-color-scheme: dark) { :root { --ink: #eef1f5; --soft: #b6c0cc; --paper: #1b212a;
  --ground: #11151b;
  --line: #8793a1; --strong: #7fd3e6; --on-strong: #0b1a1f; --bad: #ff9d98; --good: #8be0a6; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 34rem; margin: 0 auto; padding: 1rem; }
.wide header, .wide main, .wide footer { max-width: 72rem; }
header { color: var(--soft); font-weight: 600; }
footer { color: var(--soft); font-size: 0.9rem; }
main { background: var(--paper); border: 1px solid var(--line); border-radius: 0.5rem;
  overflow-wrap: anywhere; }
@media (max-width: 36rem) { main { border-radius: 0; border-inline: 0; } }
h1 { font-size: 1.3rem; margin: 0 0 0.5rem; } h2 { font-size: 1.1rem; margin: 1.5rem 0 0.5rem; }
.total { font-size: 2rem; font-weight: 700; margin: 0; }
table { width: 100%; border-collapse: collapse; } th, td { text-align: start; padding: 0.3rem 0.5rem 0.3rem 0;
  border-bottom: 1px solid var(--line); vertical-align: top; } td.amount, th.amount { text-align: end;
  white-space: nowrap; }
.scroll { overflow-x: auto; } .scroll td, .scroll th { overflow-wrap: normal; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.5rem; padding: 0; margin: 1rem 0; list-style: none; }
nav a { display: inline-block; padding: 0.6rem 1rem; border: 1px solid var(--line); border-radius: 0.4rem;
  color: var(--ink); }
nav a[aria-current] { border: 2px solid var(--strong); font-weight: 700; text-decoration: none; }
a { color: var(--strong); }
label, legend { display: block; font-weight: 600; margin-top: 0.9rem; } fieldset { border: 0; padding: 0;
  margin: 0; }
.choice { font-weight: 400; margin-top: 0.3rem; min-height: 1.75rem; } .choice input { width: 1.25rem;
  height: 1.25rem; }
input[type=text], input[type=email], select { width: 100%; font: inherit; padding: 0.6rem;
  border: 1px solid var(--line);
  border-radius: 0.4rem; background: var(--paper); color: var(--ink); }
input[aria-invalid=true] { border: 2px solid var(--bad); }
caption { text-align: start; font-weight: 600; padding: 0.5rem 0; }
.number { white-space: nowrap; font-variant-numeric: tabular-nums; }
.scroll td:first-child { white-space: nowrap; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
.error { color: var(--bad); margin: 0.25rem 0 0; } .good { color: var(--good); }
.alert { border: 2px solid var(--bad); border-radius: 0.4rem; padding: 0.75rem; margin: 1rem 0; }
button { font: inherit; font-weight: 700; min-height: 2.75rem; padding: 0.5rem 1rem;
  border: 1px solid var(--strong);
  border-radius: 0.4rem; background: var(--strong); color: var(--on-strong); cursor: pointer; }
button.plain { background: transparent; color: var(--strong); } button.whole { width: 100%;
  margin-top: 1.25rem; }
.row { display: flex; flex-wrap: wrap; gap: 0.5rem; } .row form { margin: 0; }
:focus-visible { outline: 3px solid var(--strong); outline-offset: 2px; }
details { margin-top: 1.25rem; } summary { cursor: pointer; min-height: 1.75rem; }
`;
