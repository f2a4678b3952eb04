import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../../api/index.ts';
import { CopyIcon, GripIcon, InfoIcon, OutcomeBar, OutcomeCounts, SortDownIcon, SortUpIcon, TrashIcon } from '../../components/index.ts';
import { ConditionEditor } from './condition-editor.tsx';
import type { DraftChange, ValueTable } from './draft.ts';
import { FieldEditor } from './field-editor.tsx';
import { type KindOfChange, shapeOf } from './kinds.ts';
import { PlainEditor } from './plain-editor.tsx';
import { RowsEditor } from './rows-editor.tsx';
import { Sentence } from './sentence.tsx';

export type ChangeCounts = Output<'job.preview'>['changes'][number];

interface ChangeCardProps {
  readonly kind: KindOfChange | undefined;
  readonly change: DraftChange;
  readonly number: number;
  readonly last: boolean;
  readonly open: boolean;
  readonly values: ValueTable | null;
  /** What it would come to; absent while that is not known. */
  readonly counts: ChangeCounts | undefined;
  readonly complete: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly onChange: (change: DraftChange) => void;
  readonly onMove: (by: number) => void;
  readonly onCopy: () => void;
  readonly onRemove: () => void;
  readonly drag: { readonly onStart: () => void; readonly onOver: () => void; readonly onEnd: () => void };
}

/** A change: its sentence, what it does beside, what it would come to; open for editing below. */
export function ChangeCard(props: ChangeCardProps) {
  const { kind, change, number, last, open, values, counts, complete, onOpen, onChange, onMove, onCopy, onRemove, drag } = props;
  const { t } = useTranslation('new-job');
  const id = useId();
  const editor = useRef<HTMLDivElement>(null);
  const wasOpen = useRef(open);
  useEffect(() => {
    if (open && !wasOpen.current) focusFirst(editor.current);
    wasOpen.current = open;
  }, [open]);
  const onKey = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (by === 0) return;
    event.preventDefault();
    onMove(by);
  };
  const side = kind === undefined ? '' : sideEffects(change, t);
  return (
    <li
      className={open ? 'chg open' : 'chg'}
      aria-labelledby={id}
      onDragOver={(event) => {
        event.preventDefault();
        drag.onOver();
      }}
      onDrop={(event) => event.preventDefault()}
    >
      <div className="no">
        <button
          type="button"
          className="nj-grip"
          draggable
          aria-label={t('card.move', { number })}
          title={t('card.move_hint')}
          onKeyDown={onKey}
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = 'move';
            event.dataTransfer.setData('text/plain', change.key);
            drag.onStart();
          }}
          onDragEnd={drag.onEnd}
        >
          <GripIcon small />
        </button>
        {number}
      </div>
      <div id={id}>
        {kind === undefined ? (
          <p className="sentence">
            <b>{change.change}</b>
          </p>
        ) : (
          <Sentence kind={kind} change={change} open={open} onEdit={() => onOpen(!open)} />
        )}
      </div>
      <div className="row top nj-tools">
        <span className="only-sm">
          <button
            type="button"
            className="btn sub sm icon"
            disabled={number === 1}
            aria-label={t('card.up', { number })}
            onClick={() => onMove(-1)}
          >
            <SortUpIcon small />
          </button>
          <button
            type="button"
            className="btn sub sm icon"
            disabled={last}
            aria-label={t('card.down', { number })}
            onClick={() => onMove(1)}
          >
            <SortDownIcon small />
          </button>
        </span>
        <button type="button" className="btn sub sm icon" aria-label={t('card.copy', { number })} onClick={onCopy}>
          <CopyIcon small />
        </button>
        <button type="button" className="btn sub sm icon" aria-label={t('card.remove', { number })} onClick={onRemove}>
          <TrashIcon small />
        </button>
      </div>
      <div className="more">
        {open && kind !== undefined && (
          <div className="nj-editor" ref={editor}>
            <Editor kind={kind} change={change} values={values} onChange={onChange} />
            <div className="row between nj-editor-foot">
              <span className="muted small">{kind.help}</span>
              <button type="button" className="btn sm" onClick={() => onOpen(false)}>
                {t('card.done')}
              </button>
            </div>
          </div>
        )}
        {side !== '' && (
          <p className="row top small t2 nj-side">
            <InfoIcon small />
            <span>{side}</span>
          </p>
        )}
        {!complete && !open && <p className="small nj-incomplete">{t('card.incomplete')}</p>}
        {counts !== undefined && (
          <div className="counts">
            <OutcomeBar counts={counts} size="sm" />
            <OutcomeCounts counts={counts} />
          </div>
        )}
      </div>
    </li>
  );
}

function focusFirst(editor: HTMLDivElement | null): void {
  editor?.querySelector<HTMLElement>('input:not([type="hidden"]), textarea, button')?.focus({ preventScroll: true });
  editor?.scrollIntoView({ block: 'nearest' });
}

type EditorProps = Pick<ChangeCardProps, 'change' | 'values' | 'onChange'> & { readonly kind: KindOfChange };

function Editor({ kind, change, values, onChange }: EditorProps) {
  const put = (input: DraftChange['input']): void => onChange({ ...change, input });
  const shape = shapeOf(kind);
  return (
    <div className="nj-editor-grid">
      {shape === 'field' ? (
        <FieldEditor kind={kind} input={change.input} values={values} onChange={put} />
      ) : shape === 'rows' ? (
        <RowsEditor kind={kind} input={change.input} values={values} onChange={put} />
      ) : (
        <PlainEditor kind={kind} input={change.input} onChange={put} />
      )}
      <ConditionEditor kind={kind} change={change} onChange={(condition) => onChange({ ...change, condition })} />
    </div>
  );
}

type T = ReturnType<typeof useTranslation<'new-job'>>['t'];

/** What a change does beside what its sentence says. */
function sideEffects({ change, input }: DraftChange, t: T): string {
  if (change === 'account_type' && input['set'] === 'INTERNAL') return t('side.internal');
  if (change === 'account_type' && input['set'] === 'EXTERNAL') return t('side.external');
  if (change === 'account_type' && input['set'] === 'INTEXTAUTH') return t('side.intextauth');
  if (change === 'password') return t('side.password');
  if (change === 'status') return t('side.status');
  return '';
}
