import { createHash } from 'node:crypto';
import { COLOURS } from '../sign-in/style.ts';

/** The look of the help, in light and dark, from 320 px on. */
export const STYLE = `${COLOURS}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 16px; }
body {
  margin: 0; background: var(--bg); color: var(--text);
  font: 400 15px/23px -apple-system, BlinkMacSystemFont, "Segoe UI", Inter, Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
}
a { color: var(--accent-text); text-underline-offset: 3px; }
:focus-visible { outline: 2px solid var(--accent-text); outline-offset: 2px; border-radius: 5px; }
.skip { position: absolute; inset-inline-start: -999px; } .skip:focus { inset-inline-start: 12px; top: 12px; background: var(--surface); padding: 8px; }
header { display: flex; flex-wrap: wrap; gap: 6px 20px; align-items: baseline; padding: 14px 24px; background: var(--surface); border-bottom: 1px solid var(--line); }
header b { font-weight: 650; } header .end { margin-inline-start: auto; }
.columns { display: grid; grid-template-columns: 230px minmax(0, 1fr); gap: 32px; max-width: 1120px; margin: 0 auto; padding: 24px; }
.pages ul { list-style: none; margin: 0 0 18px; padding: 0; } .pages h2 { font-size: 13px; margin: 0 0 6px; color: var(--text-3); }
.pages a { display: block; padding: 4px 10px; border-radius: 6px; text-decoration: none; color: var(--text-2); }
.pages a:hover { background: var(--surface-2); } .pages a[aria-current] { background: var(--accent-soft); color: var(--accent-text); font-weight: 600; }
article { background: var(--surface); border: 1px solid var(--line); border-radius: 12px; padding: 28px 32px; min-width: 0; overflow-wrap: anywhere; }
h1 { font-size: 26px; line-height: 32px; letter-spacing: -.015em; margin: 0 0 16px; text-wrap: balance; }
article h2 { font-size: 19px; line-height: 26px; margin: 32px 0 10px; } article h3 { font-size: 16px; margin: 24px 0 8px; }
article p, article ul, article ol { margin: 0 0 12px; } article li { margin-bottom: 5px; }
.contents { border: 1px solid var(--line); border-radius: 8px; background: var(--surface-2); padding: 10px 16px; margin: 0 0 20px; }
.contents h2 { font-size: 13px; line-height: 18px; margin: 0 0 4px; color: var(--text-3); } .contents ul { margin: 0; padding-inline-start: 18px; }
.only { border: 1px solid var(--skip-line); background: var(--skip-soft); border-radius: 8px; padding: 8px 14px; }
code { font: 13px/20px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--surface-2); border: 1px solid var(--line); border-radius: 4px; padding: 1px 4px; }
pre { overflow-x: auto; background: var(--surface-2); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; }
pre code { background: none; border: 0; padding: 0; }
.table { overflow-x: auto; margin: 0 0 16px; overflow-wrap: normal; } table { border-collapse: collapse; }
th, td { text-align: start; vertical-align: top; border-bottom: 1px solid var(--line); padding: 7px 14px 7px 0; } th:empty { padding: 0; }
img { max-width: 100%; height: auto; border: 1px solid var(--line); border-radius: 8px; }
blockquote { margin: 0 0 16px; padding: 2px 16px; border-inline-start: 3px solid var(--line-2); color: var(--text-2); }
@media (max-width: 760px) { .columns { grid-template-columns: minmax(0, 1fr); padding: 12px; gap: 12px; } article { padding: 18px 16px; } .pages { order: 2; } }
@media print { header, .pages, .contents { display: none; } .columns { display: block; } article { border: 0; } }
`;

export const STYLE_HASH = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`;
