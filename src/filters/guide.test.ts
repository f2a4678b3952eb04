import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OPERATORS_BY_TYPE } from './field-registry.ts';
import { filterCatalogue, formatFilter, parseFilter, readFilter } from './index.ts';
import { LIMITS } from './limits.ts';

const guide = readFileSync(new URL('../../docs/guide/filters.md', import.meta.url), 'utf8');

describe('the guide to filters', () => {
  const examples = [...guide.matchAll(/```filter\n(.*?)```/gs)].flatMap(([, block]) => (block ?? '').trim().split('\n'));

  it.each(examples)('shows a filter: %s', (example) => {
    expect(formatFilter(parseFilter(example))).toBeTruthy();
  });

  const pairs = [...guide.matchAll(/^\| `(\{.*\})` \| `(.*)` \|$/gm)]
    .map(([, json, text]) => ({ json: json ?? '', text: text ?? '' }))
    .filter(({ json }) => !json.includes('…'));

  it.each(pairs)('pairs $json with $text', ({ json, text }) => {
    expect(readFilter(JSON.parse(json))).toEqual(parseFilter(text));
  });

  it('was read at all', () => {
    expect(examples.length).toBeGreaterThan(15);
    expect(pairs.length).toBeGreaterThan(8);
  });

  it('names every type, every child row and every limit', () => {
    for (const type of Object.keys(OPERATORS_BY_TYPE)) expect(guide).toContain(`\n| ${type} |`);
    for (const child of filterCatalogue().children) expect(guide).toMatch(new RegExp(`\\b${child.name}\\b`));
    for (const limit of Object.values(LIMITS)) expect(guide).toContain(`| ${limit.toLocaleString('en')} |`);
  });
});

describe('the catalogue', () => {
  it('has a label in both languages for everything, and no name that the text form takes for a keyword', () => {
    const { fields, children, operators } = filterCatalogue();
    const keywords = new Set(['everyone', 'has', 'count', 'not', 'and', 'or', 'no', 'is', 'in', 'contains', 'starts', 'ends', 'today']);
    for (const item of [...fields, ...children, ...children.flatMap((child) => child.fields)]) {
      expect(item.label.en).not.toBe('');
      expect(item.label.de).not.toBe('');
      expect(keywords).not.toContain(item.name);
    }
    for (const field of [...fields, ...children.flatMap((child) => child.fields)]) {
      for (const operator of field.operators) expect(operators).toHaveProperty([operator]);
    }
  });
});
