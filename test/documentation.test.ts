import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '..');

const pages = [
  ...readdirSync(ROOT).filter((file) => file.endsWith('.md')),
  ...readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => path.join('docs', file)),
  'web/README.md',
];

/** Pictures that `npm run screenshots` takes, whether or not it has been run: `users.de-dark-1440.png` … */
const shots = readdirSync(path.join(ROOT, 'test/web/screenshots')).flatMap((file) =>
  [...readFileSync(path.join(ROOT, 'test/web/screenshots', file), 'utf8').matchAll(/\bname: '([a-z-]+)'/g)].map(([, name = '']) => name),
);
const isShot = (target: string): boolean => {
  const name = /^docs\/screenshots\/([a-z-]+)\.(?:en|de)(?:-dark)?-(?:1440|390)\.png$/.exec(target)?.[1];
  return name !== undefined && shots.includes(name);
};

/** What stands in code is not looked at. */
function textOf(page: string): string {
  return readFileSync(path.join(ROOT, page), 'utf8')
    .replace(/^(```|~~~)[\s\S]*?^\1/gm, '')
    .replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]()]/g, ' '));
}

/** Where a link to a heading leads, as GitHub and the help pages have it. */
function anchorsOf(page: string): readonly string[] {
  const headings = [...textOf(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{Letter}\p{Number} _-]/gu, '')
      .replace(/ /g, '-'),
  );
}

function brokenLinksOf(page: string): readonly string[] {
  const links = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => {
    if (/^(?:https?:|mailto:)/.test(link)) return false;
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? page : path.join(path.dirname(page), file);
    if (isShot(target)) return false;
    if (!existsSync(path.join(ROOT, target))) return true;
    return anchor !== undefined && !anchorsOf(target).includes(anchor);
  });
}

describe('the documentation', () => {
  it.each(pages)('%s: every link leads somewhere', (page) => {
    expect(brokenLinksOf(page)).toEqual([]);
  });

  it('has the pages about tasks in both languages, and its lists name them', () => {
    const guide = path.join(ROOT, 'docs/guide');
    for (const list of ['README.md', 'de/README.md']) {
      const text = readFileSync(path.join(guide, list), 'utf8');
      for (const task of ['expire-a-class', 'alumni-keep-their-account', 'undo-a-job', 'write-a-letter', 'set-from-a-file']) {
        expect(text).toContain(`(${task}.md)`);
      }
    }
  });

  it('reports on each criterion of WCAG 2.2 A and AA once', () => {
    const report = readFileSync(path.join(ROOT, 'docs/accessibility.md'), 'utf8');
    const rows = [
      ...report.matchAll(/^\| (\d\.\d\.\d+) [^|]+\| (A|AA) \| (supports|partially supports|does not support|not applicable) \|/gm),
    ];
    expect(new Set(rows.map(([, number]) => number)).size).toBe(rows.length);
    expect(rows.filter(([, , level]) => level === 'A').length).toBe(31);
    expect(rows.filter(([, , level]) => level === 'AA').length).toBe(24);
  });
});
