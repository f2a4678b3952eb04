import { createHash } from 'node:crypto';

/** Colours in light and dark: those of the web page. */
export const COLOURS = `
:root {
  color-scheme: light dark;
  --bg: light-dark(#f5f7f7, #0e1113); --surface: light-dark(#ffffff, #15191c); --surface-2: light-dark(#f9fafa, #1a1f23);
  --line: light-dark(#e2e6e8, #273036); --line-2: light-dark(#c8cfd4, #3d4850); --field-line: light-dark(#8a949c, #66727b);
  --text: light-dark(#12171a, #e9edef); --text-2: light-dark(#3f4a52, #b9c2c8); --text-3: light-dark(#5b666e, #939da5);
  --accent: light-dark(#0b6a69, #128280); --accent-hover: light-dark(#085655, #0f7472);
  --accent-text: light-dark(#09605f, #62cfc8); --accent-soft: light-dark(#e2f2f0, #0f302f); --accent-line: light-dark(#a3d3ce, #23605c);
  --fail-text: light-dark(#a52a20, #ff968c); --fail-soft: light-dark(#fcecea, #371b19); --fail-line: light-dark(#efbfba, #6a312c);
  --skip-text: light-dark(#7d4d00, #ecbc6a); --skip-soft: light-dark(#fcf3e0, #30240f); --skip-line: light-dark(#ecd09a, #5c451a);
}
`;

/** The look of the pages, from 320 px on; measures are those of the web page. */
export const STYLE = `${COLOURS}*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; min-height: 100vh; display: grid; grid-template-rows: auto 1fr auto; justify-items: center;
  background: var(--bg); color: var(--text); font-variant-numeric: tabular-nums;
  font: 400 15px/22px -apple-system, BlinkMacSystemFont, "Segoe UI", Inter, Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
}
h1, p, dl, dd { margin: 0; }
a { color: var(--accent-text); text-underline-offset: 3px; }
:focus-visible { outline: 2px solid var(--accent-text); outline-offset: 2px; border-radius: 5px; }
header, footer, main { width: 100%; max-width: 420px; padding-inline: 16px; }
header { display: flex; align-items: center; gap: 10px; padding-block: 20px 16px; }
header svg { width: 32px; height: 32px; flex: none; }
header b { display: block; font-size: 15px; line-height: 18px; font-weight: 650; }
header span { display: block; font-size: 12.5px; line-height: 16px; color: var(--text-3); }
header a { margin-left: auto; font-size: 13.5px; padding: 6px 0; }
main { padding-block-end: 32px; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 12px; padding: 24px; }
.card > * + * { margin-top: 16px; }
h1 { font-size: 22px; line-height: 28px; font-weight: 650; letter-spacing: -.015em; text-wrap: balance; }
.lead { color: var(--text-2); }
form > * + * { margin-top: 16px; }
label { display: block; font-weight: 550; margin-bottom: 6px; }
.hint { font-size: 13.5px; line-height: 19px; color: var(--text-3); margin-top: 6px; }
input {
  display: block; width: 100%; height: 42px; padding: 0 12px; font: inherit; font-size: 16px; color: inherit;
  background: var(--surface); border: 1px solid var(--field-line); border-radius: 8px;
}
input[aria-invalid="true"] { border-color: var(--fail-text); }
.unseen { position: absolute; width: 1px; height: 1px; padding: 0; border: 0; overflow: hidden; clip-path: inset(50%); }
.button {
  display: flex; align-items: center; justify-content: center; width: 100%; min-height: 42px; padding: 8px 14px; cursor: pointer;
  font: inherit; font-weight: 600; text-align: center; text-decoration: none; overflow-wrap: anywhere; text-wrap: balance; border-radius: 8px;
  color: var(--text); background: var(--surface); border: 1px solid var(--line-2);
}
.button:hover { background: var(--surface-2); border-color: var(--field-line); }
.button.main { color: #ffffff; background: var(--accent); border-color: var(--accent); }
.button.main:hover { background: var(--accent-hover); border-color: var(--accent-hover); }
.aside { text-align: center; }
.or { display: flex; align-items: center; gap: 12px; color: var(--text-3); font-size: 13.5px; }
.or::before, .or::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
.stack > * + * { margin-top: 10px; }
.notice {
  display: grid; grid-template-columns: 20px minmax(0, 1fr); gap: 10px; padding: 12px 14px; border-radius: 8px;
  border: 1px solid var(--accent-line); background: var(--accent-soft); overflow-wrap: anywhere;
}
.notice svg { width: 20px; height: 20px; margin-top: 1px; color: var(--accent-text); }
.notice.fail { border-color: var(--fail-line); background: var(--fail-soft); } .notice.fail svg { color: var(--fail-text); }
.notice.warn { border-color: var(--skip-line); background: var(--skip-soft); } .notice.warn svg { color: var(--skip-text); }
dl { display: grid; grid-template-columns: minmax(96px, auto) minmax(0, 1fr); gap: 8px 16px; }
dt { color: var(--text-3); } dd { overflow-wrap: anywhere; unicode-bidi: plaintext; text-align: start; }
.small { font-size: 12.5px; line-height: 18px; color: var(--text-3); }
@media (max-width: 480px) { .card { padding: 18px 16px; } header { padding-block: 14px 12px; } }
@media (forced-colors: active) { .button, .notice, .card { border: 1px solid; } }
`;

/** For the policy that lets this style, and nothing else, apply. */
export const STYLE_HASH = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`;
