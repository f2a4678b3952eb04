import { Button, Checkbox, Modal } from '@mantine/core';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Card, EmptyState, JobIcon, PlusIcon, toast } from '../../components/index.ts';
import { useShortcuts } from '../../lib/shortcuts.ts';
import { Catalogue } from './catalogue.tsx';
import { ChangeCard } from './change-card.tsx';
import { type DraftChange, newChange } from './draft.ts';
import { Effect, Example } from './effect.tsx';
import { countsByChange, useJob } from './job.ts';
import { firstInput, type KindOfChange } from './kinds.ts';
import { StepFoot } from './step-foot.tsx';
import { ValuesCard } from './values-card.tsx';

/** Changes as cards, the catalogue beside them, and what they come to. */
export function ChangesStep() {
  const { t } = useTranslation(['new-job', 'common']);
  const job = useJob();
  const { draft, kinds, update, isComplete } = job;
  const [open, setOpen] = useState<string | null>(() => draft.changes.find((change) => !isComplete(change))?.key ?? null);
  const [adding, setAdding] = useState(false);
  const [dragged, setDragged] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const search = useRef<HTMLInputElement>(null);
  const counts = countsByChange(job);
  const narrow = (): boolean => search.current === null || search.current.offsetParent === null;
  const startAdding = (): void => {
    if (narrow()) setAdding(true);
    else search.current?.focus();
  };
  useShortcuts([{ keys: 'A', label: t('add.title'), run: startAdding }]);

  const put = (changes: (before: readonly DraftChange[]) => readonly DraftChange[]): void =>
    update((before) => ({ ...before, changes: changes(before.changes) }));
  const add = (kind: KindOfChange): void => {
    const change = newChange(kind.change, firstInput(kind));
    setAdding(false);
    put((before) => [...before, change]);
    setOpen(change.key);
    setSaid(t('add.added', { change: kind.label }));
  };
  const move = (key: string, to: number): void =>
    put((before) => {
      const from = before.findIndex((change) => change.key === key);
      const change = before[from];
      if (change === undefined || to < 0 || to >= before.length || to === from) return before;
      setSaid(t('card.moved', { from: from + 1, to: to + 1 }));
      return before.toSpliced(from, 1).toSpliced(to, 0, change);
    });
  const remove = (change: DraftChange, index: number): void => {
    put((before) => before.filter((each) => each.key !== change.key));
    toast(t('card.removed', { number: index + 1 }), () => put((before) => before.toSpliced(index, 0, change)));
  };
  const used = draft.changes.map((change) => change.change);
  return (
    <div className="nj-changes">
      <aside className="card nj-cat" aria-label={t('add.title')}>
        <h2 className="nj-cat-title">{t('add.title')}</h2>
        <Catalogue kinds={kinds} used={used} onAdd={add} searchRef={search} />
      </aside>
      <div className="stackv nj-middle">
        <p className="vh" role="status">
          {said}
        </p>
        {draft.changes.length === 0 ? (
          <Card>
            <EmptyState
              icon={JobIcon}
              title={t('add.none')}
              text={t('add.none_text')}
              actions={
                <Button variant="filled" leftSection={<PlusIcon />} onClick={startAdding}>
                  {t('add.title')}
                </Button>
              }
            />
          </Card>
        ) : (
          <>
            <ol className="nj-cards" aria-label={t('card.list')}>
              {draft.changes.map((change, index) => (
                <ChangeCard
                  key={change.key}
                  kind={kinds.find((kind) => kind.change === change.change)}
                  change={change}
                  number={index + 1}
                  last={index === draft.changes.length - 1}
                  open={open === change.key}
                  values={draft.values}
                  counts={counts.get(change.key)}
                  complete={isComplete(change)}
                  onOpen={(next) => setOpen(next ? change.key : null)}
                  onChange={(next) => put((before) => before.map((each) => (each.key === next.key ? next : each)))}
                  onMove={(by) => move(change.key, index + by)}
                  onCopy={() => {
                    const copy = newChange(change.change, change.input, change.condition);
                    put((before) => before.toSpliced(index + 1, 0, copy));
                    setOpen(copy.key);
                  }}
                  onRemove={() => remove(change, index)}
                  drag={{
                    onStart: () => setDragged(change.key),
                    onOver: () => {
                      if (dragged !== null && dragged !== change.key) move(dragged, index);
                    },
                    onEnd: () => setDragged(null),
                  }}
                />
              ))}
            </ol>
            <button type="button" className="nj-add" onClick={startAdding}>
              <PlusIcon /> {t('add.title')} <span className="muted small hide-sm">{t('add.or_press')}</span>
            </button>
          </>
        )}
        <Card title={t('options.title')}>
          <div className="stackv tight">
            <Checkbox
              label={t('options.strict')}
              checked={draft.strict}
              onChange={(event) => {
                const { checked } = event.currentTarget;
                update((before) => ({ ...before, strict: checked }));
              }}
            />
            <Checkbox
              label={t('options.yields')}
              description={t('options.yields_text')}
              checked={draft.yields}
              onChange={(event) => {
                const { checked } = event.currentTarget;
                update((before) => ({ ...before, yields: checked }));
              }}
            />
            <ValuesCard />
          </div>
        </Card>
      </div>
      <div className="stackv nj-side-column">
        <Effect />
        <Example />
        <StepFoot />
      </div>
      <Modal
        opened={adding}
        onClose={() => setAdding(false)}
        title={t('add.title')}
        closeButtonProps={{ 'aria-label': t('common:action.close') }}
      >
        <Catalogue kinds={kinds} used={used} onAdd={add} autoFocus />
      </Modal>
    </div>
  );
}
