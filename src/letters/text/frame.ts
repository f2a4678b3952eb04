/** What stands around letters out of the box, and the document that an HTML letter is. */
import { safeAddress } from './address.ts';
import { staticHtml } from './html.ts';
import type { FrameColours, FrameSource } from './types.ts';

/** Each pair that is read against the other has a contrast of at least 4.5 : 1 (WCAG 2.2, 1.4.3). */
export const COLOURS: FrameColours = {
  accent: '#1d4f73',
  link: '#0b5cad',
  text: '#1a1a1a',
  paper: '#ffffff',
  page: '#f2f4f6',
  muted: '#4d5660',
};

/** The wording of the frame as a library finds it. */
export const FRAMES: Readonly<Record<'en' | 'de', FrameSource>> = {
  en: {
    header: '**{{ library.name }}**\n',
    footer: `**{{ library.name }}**{% if library.address %}\\
{{ library.address }}{% endif %}{% if library.phone %}\\
Telephone: {{ library.phone }}{% endif %}{% if library.email %}\\
E-mail: [{{ library.email }}](mailto:{{ library.email }}){% endif %}{% if library.web %}\\
Web: <{{ library.web }}>{% endif %}

This letter was written by the library’s user administration for {{ user.name }}. If it is not meant for you, please tell us, and delete it.

{% if unsubscribe_link %}
[Do not write to me about this any more]({{ unsubscribe_link }})
{% endif %}
`,
    logo: null,
  },
  de: {
    header: '**{{ library.name }}**\n',
    footer: `**{{ library.name }}**{% if library.address %}\\
{{ library.address }}{% endif %}{% if library.phone %}\\
Telefon: {{ library.phone }}{% endif %}{% if library.email %}\\
E-Mail: [{{ library.email }}](mailto:{{ library.email }}){% endif %}{% if library.web %}\\
Web: <{{ library.web }}>{% endif %}

Dieses Schreiben kommt aus der Benutzerverwaltung der Bibliothek und ist für {{ user.name }} bestimmt. Sollte es nicht für Sie sein, sagen Sie uns bitte Bescheid und löschen Sie es.

{% if unsubscribe_link %}
[Schreiben dieser Art abbestellen]({{ unsubscribe_link }})
{% endif %}
`,
    logo: null,
  },
};

/** The frame of a language that has none of its own. */
export function frameFor(language: string): FrameSource {
  const own = language === 'de' || language.startsWith('de-') ? 'de' : 'en';
  return { ...FRAMES[own], language: own };
}

export function coloursOf(frame: FrameSource): FrameColours {
  return { ...COLOURS, ...frame.colours };
}

/** `rtl` for Arabic, Hebrew, Persian and the like. */
export function directionOf(language: string): 'ltr' | 'rtl' {
  // Unicode's data, which Node brings; TypeScript does not know the method yet.
  const locale = new Intl.Locale(language) as Intl.Locale & { getTextInfo?: () => { direction?: string } };
  return locale.getTextInfo?.().direction === 'rtl' ? 'rtl' : 'ltr';
}

const FONT = "font-family:'Segoe UI',Roboto,'Helvetica Neue',Arial,'Noto Sans',sans-serif";

/** The document up to its title, between title and letter's parts, and its end; Liquid templates but for `head`. */
export function documentOf(
  language: string,
  frame: FrameSource,
  parts: { readonly header: string; readonly content: string; readonly footer: string },
): { readonly head: string; readonly template: string } {
  const colours = coloursOf(frame);
  const lang = staticHtml(language);
  const dir = directionOf(language);
  const logo = logoOf(frame);
  const header = logo + parts.header;
  const own = frameLanguage(language, frame);
  const head = `<!doctype html>
<html lang="${lang}" dir="${dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>`;
  const template = `</title>
</head>
<body style="margin:0;padding:0;background:${colours.page};color:${colours.text};${FONT};font-size:16px;line-height:1.5;overflow-wrap:anywhere;-webkit-text-size-adjust:100%">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" lang="${lang}" dir="${dir}" style="border-collapse:collapse;background:${colours.page}">
<tr><td align="center" style="padding:16px 8px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;width:100%;max-width:600px;text-align:${dir === 'rtl' ? 'right' : 'left'};background:${colours.paper};border-top:4px solid ${colours.accent}">
${header === '' ? '' : `<tr><td style="padding:20px 20px 0;color:${colours.accent}"><div role="banner"${own}>\n${header}</div></td></tr>\n`}<tr><td style="padding:20px;color:${colours.text}"><div role="main">
${parts.content}</div></td></tr>
${parts.footer === '' ? '' : `<tr><td style="padding:16px 20px;background:${colours.page};color:${colours.muted};font-size:14px"><div role="contentinfo"${own}>\n${parts.footer}</div></td></tr>\n`}</table>
</td></tr>
</table>
</body>
</html>
`;
  return { head, template };
}

/** A library that has its frame in one language writes letters in others. */
function frameLanguage(language: string, frame: FrameSource): string {
  if (frame.language === undefined) return ' dir="auto"';
  const same = frame.language === language || language.startsWith(`${frame.language}-`);
  return same ? '' : ` lang="${staticHtml(frame.language)}" dir="${directionOf(frame.language)}"`;
}

function logoOf(frame: FrameSource): string {
  const src = frame.logo === null ? undefined : safeAddress(frame.logo.url, true);
  if (frame.logo === null || src === undefined) return '';
  const width = frame.logo.width === undefined ? '' : ` width="${Math.round(frame.logo.width)}"`;
  return `<img src="${staticHtml(src)}" alt="${staticHtml(frame.logo.alt)}"${width} style="display:block;max-width:100%;height:auto;border:0;margin:0 0 12px">\n`;
}
