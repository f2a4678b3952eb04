/** For as long as the renderer takes ready-made parts: the text and HTML parts of a letter written in Markdown. */
import type { LetterTemplate } from './letter.ts';

const TAG_LINE = /^\s*\{%.*%\}\s*$/;

export function partsOf(letter: { readonly language: string; readonly subject: string; readonly body: string }): LetterTemplate {
  const lines = letter.body.split('\n').filter((line) => !/^\|[\s|-]*\|$/.test(line));
  const text = lines.map((line) => cells(line)?.join(': ') ?? line.replace(/\\$/, '')).map((line) => plain(line));
  const html = lines
    .join('\n')
    .split(/\n{2,}|\n(?=\s*\{%)|(?<=%\}\s*)\n/)
    .map((block) => (TAG_LINE.test(block) || block.trim() === '' ? block : `<p>${block.split('\n').map(rich).join('<br>')}</p>`))
    .join('\n');
  return {
    subject: letter.subject,
    text_body: text
      .join('\n')
      .replaceAll(/\n*(\n\{% (?:if|unless|for)[^\n]*%\})\n+/g, '\n$1\n')
      .replaceAll(/\n{3,}/g, '\n\n'),
    html_body: `<!doctype html>\n<html lang="${letter.language}">\n<head><meta charset="utf-8"><title>${letter.subject}</title></head>\n<body>\n<main>\n${html}\n</main>\n</body>\n</html>\n`,
  };
}

function cells(line: string): readonly string[] | undefined {
  return line.startsWith('|')
    ? line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim())
    : undefined;
}

function plain(line: string): string {
  return line.replaceAll('**', '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
}

function rich(line: string): string {
  return (cells(line)?.join(': ') ?? line.replace(/\\$/, ''))
    .replace(/\*\*(.*?)\*\*/g, '<strong>$1</strong>')
    .replace(/\[([^\]]*)\]\(([^)]*)\)/g, '<a href="$2">$1</a>');
}
