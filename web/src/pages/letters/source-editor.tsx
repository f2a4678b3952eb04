import { acceptCompletion, autocompletion, closeBrackets } from '@codemirror/autocomplete';
import { commonmarkLanguage, markdownKeymap, pasteURLAsLink } from '@codemirror/lang-markdown';
import { syntaxHighlighting } from '@codemirror/language';
import { setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, Prec } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { minimalSetup } from 'codemirror';
import { type RefObject, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { takeNonce } from '../../lib/nonce.ts';
import {
  completeLetter,
  type Completions,
  diagnosticsOf,
  type LetterProblemView,
  liquidMarks,
  markdownStyle,
  wrongLines,
  wrongLinesEffect,
} from './liquid.ts';

export interface SourceEditorProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly readOnly: boolean;
  /** Of this text alone. */
  readonly problems: readonly LetterProblemView[];
  readonly completions: Completions;
  /** One line without numbers, for a subject. */
  readonly single?: boolean;
  readonly numbers?: boolean;
  /** For the bar above it, and for going to a line. */
  readonly view?: RefObject<EditorView | null>;
}

/** Markdown with Liquid fields. Tab goes on to the next field of the page, except while a completion is offered. */
export function SourceEditor({ label, value, onChange, readOnly, problems, completions, single, numbers, view }: SourceEditorProps) {
  const { t } = useTranslation('letters');
  const place = useRef<HTMLDivElement>(null);
  const own = useRef<EditorView | null>(null);
  const said = useRef({ onChange, completions });
  said.current = { onChange, completions };
  const writable = useRef(new Compartment());

  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; what changes comes through the effects below
  useEffect(() => {
    if (place.current === null) return;
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          EditorView.cspNonce.of(takeNonce()),
          keymap.of([{ key: 'Tab', run: acceptCompletion }]),
          minimalSetup,
          // Not `markdown()`: it brings parsers of HTML, CSS and JavaScript with it.
          commonmarkLanguage,
          Prec.high(keymap.of(markdownKeymap)),
          pasteURLAsLink,
          syntaxHighlighting(markdownStyle),
          liquidMarks,
          wrongLines,
          closeBrackets(),
          autocompletion({ override: [completeLetter(() => said.current.completions)], icons: false }),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'true' }),
          EditorState.phrases.of({ Completions: t('editor.completions') }),
          writable.current.of(EditorState.readOnly.of(readOnly)),
          ...(numbers ? [lineNumbers()] : []),
          ...(single ? [EditorState.transactionFilter.of((change) => (change.newDoc.lines > 1 ? [] : change))] : []),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) said.current.onChange(update.state.doc.toString());
          }),
          LOOK,
        ],
      }),
    });
    own.current = editor;
    if (view !== undefined) view.current = editor;
    return () => {
      editor.destroy();
      own.current = null;
      if (view !== undefined) view.current = null;
    };
  }, []);

  useEffect(() => {
    const editor = own.current;
    if (editor === null || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    own.current?.dispatch({ effects: writable.current.reconfigure(EditorState.readOnly.of(readOnly)) });
  }, [readOnly]);

  useEffect(() => {
    const editor = own.current;
    if (editor === null) return;
    editor.dispatch(setDiagnostics(editor.state, diagnosticsOf(editor.state.doc, problems)), { effects: wrongLinesEffect(problems) });
  }, [problems]);

  return <div ref={place} className={single ? 'source single' : 'source'} />;
}

const LOOK = EditorView.theme({
  '&': { color: 'var(--text)', fontSize: '13px', backgroundColor: 'transparent' },
  '&.cm-focused': { outline: '2px solid var(--accent-text)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '22px' },
  '.cm-content': { padding: '10px 0', caretColor: 'var(--text)' },
  '.cm-line': { padding: '0 14px 0 10px' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--text-3)', border: '0', paddingLeft: '6px' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'var(--accent-line)',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--surface)',
    border: '1px solid var(--line-2)',
    borderRadius: 'var(--r2)',
    boxShadow: 'var(--shadow-2)',
    color: 'var(--text)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', fontSize: '12.5px', maxHeight: '220px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '5px 10px', display: 'flex', gap: '16px', justifyContent: 'space-between' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': { background: 'var(--accent-soft)', color: 'var(--text)' },
  '.cm-completionMatchedText': { textDecoration: 'none', color: 'var(--accent-text)', fontWeight: '700' },
  '.cm-completionDetail': { fontStyle: 'normal', color: 'var(--text-3)', fontFamily: 'var(--sans)', marginLeft: 'auto' },
  '.cm-completionInfo': { padding: '8px 10px', maxWidth: '260px', fontFamily: 'var(--sans)', color: 'var(--text-2)' },
  '.cm-diagnostic': { padding: '6px 10px', fontFamily: 'var(--sans)' },
  '.cm-letter-field': { background: 'var(--accent-soft)', color: 'var(--accent-text)', borderRadius: '3px', padding: '1px 0' },
  '.cm-letter-tag': { color: 'var(--conf-text)' },
  '.cm-letter-wrong': { background: 'var(--fail-soft)' },
});
