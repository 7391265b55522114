/** How the card looks: in light, dark and forced colours, narrow and wide. A sheet of its own, which a strict CSP allows. */

const CSS = `
:host {
  --text: var(--pocket-python-text, light-dark(#1b2330, #e8edf5));
  --muted: var(--pocket-python-muted, light-dark(#566174, #a0acbf));
  --background: var(--pocket-python-background, light-dark(#ffffff, #12171f));
  --surface: var(--pocket-python-surface, light-dark(#f5f7fa, #1a212c));
  --border: var(--pocket-python-border, light-dark(#dfe4ec, #2b3543));
  --accent: var(--pocket-python-accent, light-dark(#2563c4, #7fb2ff));
  --good: var(--pocket-python-good, light-dark(#0d6b3f, #6fdfa5));
  --busy: var(--pocket-python-busy, light-dark(#825000, #f4c465));
  --bad: var(--pocket-python-bad, light-dark(#ad1c26, #ff9a9a));
  --radius: var(--pocket-python-radius, 16px);
  --mono: var(--pocket-python-mono-font, ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace);
  color-scheme: light dark;
  container-type: inline-size;
  display: block;
  font: 400 14px/1.45 var(--pocket-python-font, system-ui, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif);
  text-align: start;
}
:host([hidden]), [hidden] { display: none !important; }
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
*, *::before { box-sizing: border-box; margin: 0; padding: 0; }

.card {
  --tone: var(--muted);
  background: var(--background);
  border: 1px solid var(--border);
  border-radius: var(--radius);
  box-shadow: 0 1px 2px rgb(10 20 40 / 6%), 0 8px 24px -12px rgb(10 20 40 / 18%);
  color: var(--text);
  display: grid;
  gap: 18px;
  padding: 20px;
}
.card[data-condition="ready"] { --tone: var(--good); }
.card[data-condition="initializing"] { --tone: var(--busy); }
.card[data-condition="error"] { --tone: var(--bad); }

.head { align-items: center; display: flex; flex-wrap: wrap; gap: 8px 12px; }
.icon {
  background: linear-gradient(145deg, #4b8bbe, #27567f);
  border-radius: 12px;
  block-size: 42px;
  display: grid;
  flex: none;
  inline-size: 42px;
  place-items: center;
}
.icon svg { block-size: 26px; fill: none; inline-size: 26px; stroke: #ffd845; stroke-linecap: round; stroke-linejoin: round; stroke-width: 2.4; }
.titles { flex: 1 1 120px; min-inline-size: 0; }
.titles > [role="heading"] { font-size: 17px; font-weight: 650; letter-spacing: -0.01em; line-height: 1.3; }
.activity { color: var(--muted); font-size: 13px; }
.status {
  align-items: center;
  background: color-mix(in srgb, var(--tone) 12%, var(--background));
  border: 1px solid color-mix(in srgb, var(--tone) 30%, var(--background));
  border-radius: 999px;
  color: var(--tone);
  display: inline-flex;
  font-size: 13px;
  font-weight: 600;
  gap: 7px;
  padding: 4px 12px 4px 10px;
}
.dot { background: currentcolor; block-size: 8px; border-radius: 50%; inline-size: 8px; }
[data-condition="unreachable"] .dot { background: none; border: 2px solid currentcolor; }

.notice {
  align-items: center;
  background: color-mix(in srgb, var(--tone) 8%, var(--background));
  border: 1px solid color-mix(in srgb, var(--tone) 30%, var(--background));
  border-radius: 12px;
  display: flex;
  flex-wrap: wrap;
  gap: 10px 16px;
  justify-content: space-between;
  padding: 12px 14px;
}
.notice > div { flex: 1 1 220px; min-inline-size: 0; }
.notice strong { color: var(--tone); font-weight: 650; }
.detail { max-block-size: 12em; overflow: auto; overflow-wrap: anywhere; unicode-bidi: isolate; white-space: pre-wrap; }
.seen { color: var(--muted); font-size: 13px; }
button {
  background: var(--background);
  border: 1px solid var(--border);
  border-radius: 9px;
  color: var(--accent);
  cursor: pointer;
  font: inherit;
  font-weight: 600;
  min-block-size: 34px;
  padding: 5px 14px;
}
button:hover { border-color: currentcolor; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }

.figures { display: grid; gap: 10px; grid-template-columns: repeat(2, minmax(0, 1fr)); }
.figure { background: var(--surface); border-radius: 12px; display: flex; flex-direction: column; padding: 12px 14px; position: relative; }
dt { color: var(--muted); font-size: 12.5px; }
dd { font-size: 23px; font-variant-numeric: tabular-nums; font-weight: 650; letter-spacing: -0.02em; line-height: 1.35; white-space: nowrap; }
.figure[data-bad] dd { color: var(--bad); }
.bar { background: var(--bad); block-size: 4px; border-radius: 4px; inset: auto 14px 8px; overflow: hidden; position: absolute; }
.bar[data-empty] { background: var(--border); }
.fill { background: var(--good); block-size: 100%; display: block; inline-size: 0; transition: inline-size 0.3s ease; }

.sections { display: grid; gap: 18px; }
.section { min-inline-size: 0; }
.section-head { align-items: baseline; display: flex; gap: 8px; margin-block-end: 8px; }
.section-head [role="heading"] { font-size: 13.5px; font-weight: 650; }
.count { color: var(--muted); font-size: 12.5px; font-variant-numeric: tabular-nums; }
.empty { color: var(--muted); }
.scroller {
  border: 1px solid var(--border);
  border-radius: 12px;
  max-block-size: var(--pocket-python-list-height, 230px);
  overflow: auto;
  overscroll-behavior: contain;
  scrollbar-width: thin;
}
.list { list-style: none; }
.list li { display: grid; gap: 1px; padding: 8px 12px; }
.list li + li { border-block-start: 1px solid var(--border); }
.list code { color: var(--text); font: 500 12.5px/1.5 var(--mono); overflow-wrap: anywhere; unicode-bidi: isolate; white-space: pre-wrap; }
.list span { color: var(--muted); font-size: 13px; overflow-wrap: anywhere; unicode-bidi: isolate; }
.list.packages li { align-items: baseline; grid-template-columns: minmax(0, 1fr) auto; column-gap: 12px; }
.list .version { font: 12.5px/1.5 var(--mono); font-variant-numeric: tabular-nums; max-inline-size: 12em; }
.list.errors li { border-inline-start: 3px solid var(--bad); }
.list time, .list .more { color: var(--muted); font-size: 12.5px; }
.announcer { block-size: 1px; clip-path: inset(50%); inline-size: 1px; overflow: hidden; position: absolute; white-space: nowrap; }

@container (min-width: 520px) {
  .figures { grid-template-columns: repeat(4, minmax(0, 1fr)); }
  .sections { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .section:last-child { grid-column: 1 / -1; }
}
@media (prefers-reduced-motion: no-preference) {
  [data-condition="initializing"] .dot { animation: breathe 1.4s ease-in-out infinite; }
  @keyframes breathe { 50% { opacity: 0.25; transform: scale(0.75); } }
}
@media (prefers-reduced-motion: reduce) {
  .fill { transition: none; }
}
@media (forced-colors: active) {
  .figure, .status { border: 1px solid; }
  .dot, .bar, .fill { forced-color-adjust: none; }
}
`;

let sheet: CSSStyleSheet | undefined;

/** One sheet for all elements of the page. */
export function getStyles(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
  }
  return sheet;
}
