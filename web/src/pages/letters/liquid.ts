/** What CodeMirror knows of letters: fields and tags tinted, completion out of the server's catalogue, problems at their places. */
import { type Completion, type CompletionContext, type CompletionResult, snippetCompletion } from '@codemirror/autocomplete';
import { HighlightStyle } from '@codemirror/language';
import type { Diagnostic } from '@codemirror/lint';
import { StateEffect, StateField, type Text } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, MatchDecorator, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Output } from '../../api/index.ts';

export type LetterFields = Output<'letter.fields'>['fields'];
export type LetterProblemView = Output<'letter.preview'>['problems'][number];

export interface Completions {
  readonly fields: LetterFields;
  readonly snippets: readonly string[];
}

const FIELD = Decoration.mark({ class: 'cm-letter-field' });
const TAG = Decoration.mark({ class: 'cm-letter-tag' });

const matcher = new MatchDecorator({
  regexp: /\{\{[^\n]*?\}\}|\{%[^\n]*?%\}/g,
  decoration: ([text]) => (text.startsWith('{{') ? FIELD : TAG),
});

export const liquidMarks = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = matcher.createDeco(view);
    }
    update(update: ViewUpdate) {
      this.decorations = matcher.updateDeco(update, this.decorations);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

export const markdownStyle = HighlightStyle.define([
  { tag: tags.heading, fontWeight: '700' },
  { tag: tags.strong, fontWeight: '700' },
  { tag: tags.emphasis, fontStyle: 'italic' },
  { tag: [tags.link, tags.url], color: 'var(--accent-text)' },
  { tag: [tags.processingInstruction, tags.contentSeparator, tags.quote, tags.monospace], color: 'var(--text-3)' },
]);

/** Words of Liquid itself, with what belongs to them. */
const TAGS: readonly Completion[] = [
  ...['if #{condition} %}#{}{% endif', 'unless #{condition} %}#{}{% endunless', 'for #{item} in #{list} %}#{}{% endfor'].map((body) =>
    snippetCompletion(body, { label: body.split(' ')[0] ?? '', type: 'keyword' }),
  ),
  ...['else', 'elsif', 'endif', 'endunless', 'endfor', 'case', 'when', 'endcase', 'assign', 'snippet'].map((label) => ({
    label,
    type: 'keyword',
  })),
];

/** Fields within braces, tags after `{%`, names of snippets between quotation marks. */
export function completeLetter(known: () => Completions) {
  return (context: CompletionContext): CompletionResult | null => {
    const snippet = context.matchBefore(/\{%-?\s*snippet\s+["'][\w]*/);
    if (snippet !== null) {
      return { from: snippet.from + snippet.text.search(/\w*$/), options: known().snippets.map((label) => ({ label, type: 'text' })) };
    }
    const tag = context.matchBefore(/\{%-?\s*\w*/);
    if (tag !== null) return { from: tag.from + tag.text.search(/\w*$/), options: [...TAGS], validFor: /^\w*$/ };
    const open = context.matchBefore(/\{[{%][^{}%|]*?[\w.]*/);
    if (open === null) return null;
    const from = open.from + open.text.search(/[\w.]*$/);
    if (from === context.pos && !context.explicit && !/[{\s]$/.test(open.text)) return null;
    return { from, options: known().fields.flatMap(optionsOf), validFor: /^[\w.]*$/ };
  };
}

function optionsOf(field: LetterFields[number]): Completion[] {
  return [field, ...field.items].map(({ path, label, description, example, type }) => ({
    label: path,
    type: type === 'list' ? 'enum' : 'property',
    detail: example === '' ? label : example,
    info: `${label}. ${description}`,
  }));
}

/** Where in the text a problem is, up to the end of its field or word. */
export function rangeOf(doc: Text, line: number, column: number): { readonly from: number; readonly to: number } {
  const row = doc.line(Math.max(1, Math.min(doc.lines, line)));
  const from = Math.min(row.to, row.from + Math.max(0, column - 1));
  const rest = row.text.slice(from - row.from);
  const length = (/^\{[{%].*?[%}]\}/.exec(rest) ?? /^[\w.]+/.exec(rest) ?? /^\S+/.exec(rest))?.[0].length ?? 0;
  return length > 0 ? { from, to: from + length } : { from: Math.max(row.from, from - 1), to: from };
}

export function diagnosticsOf(doc: Text, problems: readonly LetterProblemView[]): Diagnostic[] {
  return problems.map(({ line, column, severity, message }) => ({ ...rangeOf(doc, line, column), severity, message }));
}

const setWrongLines = StateEffect.define<readonly number[]>();

/** Lines with an error are red across. */
export const wrongLines = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (before, transaction) => {
    const said = transaction.effects.find((effect) => effect.is(setWrongLines));
    if (said === undefined) return before.map(transaction.changes);
    const { doc } = transaction.state;
    const lines = [...new Set(said.value)].filter((line) => line >= 1 && line <= doc.lines).toSorted((a, b) => a - b);
    return Decoration.set(lines.map((line) => Decoration.line({ class: 'cm-letter-wrong' }).range(doc.line(line).from)));
  },
  provide: (field) => EditorView.decorations.from(field),
});

export function wrongLinesEffect(problems: readonly LetterProblemView[]): StateEffect<readonly number[]> {
  return setWrongLines.of(problems.filter(({ severity }) => severity === 'error').map(({ line }) => line));
}
