/** The outbox's style sheet; every pair of colours has a contrast of 4.5:1 or more in both schemes. */
export const STYLES = `
:root {
  color-scheme: light dark;
  --ground: #fff; --well: #f6f7f9; --line: #d9dde4; --edge: #858d9c;
  --ink: #171c26; --soft: #586172; --accent: #2848ad; --good: #17663d; --bad: #b0271d;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12151b; --well: #191d25; --line: #2a303b; --edge: #7c8596;
    --ink: #e9ecf2; --soft: #a5aebd; --accent: #9ab0ff; --good: #6fd3a0; --bad: #ff9f94;
  }
}
*, ::before, ::after { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: anywhere;
  font: 1rem/1.5 -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, Arial, sans-serif;
}
header { padding: .5rem 1rem; background: var(--well); color: var(--soft); font-size: .875rem; }
main { max-width: 56rem; margin: 0 auto; padding: 1rem; }
h1 { margin: .5rem 0 1rem; font-size: 1.5rem; line-height: 1.25; }
h2 { margin: 2rem 0 .5rem; font-size: 1.125rem; }
p { margin: 0; }
a { color: var(--accent); text-underline-offset: .15em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
ol, ul { margin: 0; padding: 0; list-style: none; }
input, button {
  min-height: 2.75rem; padding: .5rem .75rem; border: 1px solid var(--edge); border-radius: .375rem;
  background: var(--ground); color: inherit; font: inherit;
}
button { cursor: pointer; font-weight: 600; }
button:hover { background: var(--well); }
.search { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin-bottom: 1.5rem; }
.search label { flex-basis: 100%; font-weight: 600; }
.search input { flex: 1 1 12rem; min-width: 0; }
.messages li, .recipients li { padding: .75rem 0; border-top: 1px solid var(--line); }
.messages a { font-weight: 600; }
.messages p, .hint, time { color: var(--soft); font-size: .875rem; }
.states, .buttons { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .25rem; }
.buttons { margin-top: .5rem; }
.state {
  padding: 0 .5rem; border: 1px solid currentcolor; border-radius: 1rem;
  color: var(--soft); font-size: .8125rem;
}
.state[data-state="delivered"] { color: var(--good); }
.state[data-state$="bounced"],
.state[data-state="complained"],
.state[data-state="suppressed"] { color: var(--bad); }
.headers { margin: 0; border-top: 1px solid var(--line); }
.headers div {
  display: flex; flex-wrap: wrap; gap: 0 1rem;
  padding: .25rem 0; border-bottom: 1px solid var(--line);
}
.headers dt { flex: 0 0 9rem; color: var(--soft); }
.headers dd { flex: 1 1 14rem; margin: 0; }
.events li, .links li { padding: .25rem 0; }
iframe {
  width: 100%; height: 40rem; resize: vertical;
  border: 1px solid var(--line); border-radius: .375rem; background: #fff;
}
pre { margin: 0; padding: .75rem; background: var(--well); white-space: pre-wrap; font-size: .875rem; }
.unseen {
  position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap;
}
`;
