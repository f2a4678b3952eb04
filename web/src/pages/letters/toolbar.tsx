import { EditorSelection } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import { type ReactNode, type RefObject, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyIcon, ExternalIcon, FileIcon, FilterIcon, JobIcon, PlusIcon } from '../../components/index.ts';
import { HtmlImport } from './html-import.tsx';
import type { LetterFields } from './liquid.ts';
import { Picker } from './picker.tsx';

interface ToolbarProps {
  readonly view: RefObject<EditorView | null>;
  readonly fields: LetterFields;
  readonly snippets: readonly string[];
  /** Beside the buttons: whether it is saved. */
  readonly children?: ReactNode;
}

/** What helps those who do not know Markdown and Liquid by heart. Everything can be typed as well. */
export function Toolbar({ view, fields, snippets, children }: ToolbarProps) {
  const { t } = useTranslation('letters');
  const [importing, setImporting] = useState(false);
  const edit = (change: (editor: EditorView) => void): void => {
    const editor = view.current;
    if (editor === null) return;
    change(editor);
    editor.focus();
  };
  const single = fields
    .filter(({ type }) => type !== 'list')
    .map(({ path, label, description }) => ({ value: path, label, detail: description }));
  const optional = fields.filter((field) => field.optional || field.type === 'yes-no' || field.type === 'list');
  return (
    <div className="letter-tools" role="toolbar" aria-label={t('editor.tools')}>
      <button
        type="button"
        className="btn sub sm icon"
        aria-label={t('editor.bold')}
        title={t('editor.bold')}
        onClick={() => edit((at) => wrap(at, '**', '**'))}
      >
        <b aria-hidden="true">{'B'}</b>
      </button>
      <button
        type="button"
        className="btn sub sm icon"
        aria-label={t('editor.italic')}
        title={t('editor.italic')}
        onClick={() => edit((at) => wrap(at, '*', '*'))}
      >
        <i aria-hidden="true">{'I'}</i>
      </button>
      <button
        type="button"
        className="btn sub sm icon"
        aria-label={t('editor.heading')}
        title={t('editor.heading')}
        onClick={() => edit((at) => prefix(at, '## '))}
      >
        <b aria-hidden="true">{'H'}</b>
      </button>
      <button
        type="button"
        className="btn sub sm icon"
        aria-label={t('editor.link')}
        title={t('editor.link')}
        onClick={() => edit((at) => wrap(at, '[', '](https://)'))}
      >
        <ExternalIcon small />
      </button>
      <button
        type="button"
        className="btn sub sm icon"
        aria-label={t('editor.list')}
        title={t('editor.list')}
        onClick={() => edit((at) => prefix(at, '- '))}
      >
        <JobIcon small />
      </button>
      <span className="sep" aria-hidden="true" />
      <Picker
        icon={PlusIcon}
        label={t('editor.field')}
        search={t('editor.find_field')}
        choices={single}
        onPick={(path) => edit((at) => insert(at, `{{ ${path} }}`))}
      />
      <Picker
        icon={FilterIcon}
        label={t('editor.condition')}
        search={t('editor.find_field')}
        choices={optional.map(({ path, label, description }) => ({
          value: path,
          label: t('editor.only_if', { field: label }),
          detail: description,
        }))}
        onPick={(path) => edit((at) => wrap(at, `{% if ${path} %}`, '{% endif %}'))}
      />
      {snippets.length > 0 && (
        <Picker
          icon={CopyIcon}
          label={t('editor.snippet')}
          search={t('editor.find_snippet')}
          choices={snippets.map((name) => ({ value: name, label: name }))}
          onPick={(name) => edit((at) => insert(at, `{% snippet "${name}" %}`))}
        />
      )}
      <button
        type="button"
        className="btn sub sm icon"
        aria-label={t('editor.import')}
        title={t('editor.import')}
        onClick={() => setImporting(true)}
      >
        <FileIcon small />
      </button>
      <span className="grow" />
      {children}
      <HtmlImport
        opened={importing}
        onClose={() => setImporting(false)}
        onBody={(body, whole) =>
          edit((at) => (whole ? at.dispatch({ changes: { from: 0, to: at.state.doc.length, insert: body } }) : insert(at, body)))
        }
      />
    </div>
  );
}

function insert(view: EditorView, text: string): void {
  view.dispatch(view.state.replaceSelection(text));
}

function wrap(view: EditorView, before: string, after: string): void {
  view.dispatch(
    view.state.changeByRange(({ from, to }) => ({
      changes: [
        { from, insert: before },
        { from: to, insert: after },
      ],
      range: EditorSelection.range(from + before.length, to + before.length),
    })),
  );
}

function prefix(view: EditorView, text: string): void {
  const { doc, selection } = view.state;
  const first = doc.lineAt(selection.main.from).number;
  const last = doc.lineAt(selection.main.to).number;
  const changes = Array.from({ length: last - first + 1 }, (_, row) => ({ from: doc.line(first + row).from, insert: text }));
  view.dispatch({ changes });
}
