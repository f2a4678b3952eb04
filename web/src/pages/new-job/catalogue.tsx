import { TextInput } from '@mantine/core';
import { type KeyboardEvent, type Ref, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NoMatch, PlusIcon, SearchIcon } from '../../components/index.ts';
import { useFormat } from '../../lib/format.ts';
import { GROUPS, type KindOfChange, placeOf } from './kinds.ts';

interface CatalogueProps {
  readonly kinds: readonly KindOfChange[];
  /** Kinds that the plan has already. */
  readonly used: readonly string[];
  readonly onAdd: (kind: KindOfChange) => void;
  readonly searchRef?: Ref<HTMLInputElement>;
  readonly autoFocus?: boolean;
}

const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();

/** Every kind of change, by group; found by its name, its help or its code. Enter adds the first that is found. */
export function Catalogue({ kinds, used, onAdd, searchRef, autoFocus = false }: CatalogueProps) {
  const { t } = useTranslation('new-job');
  const format = useFormat();
  const [text, setText] = useState('');
  const wanted = fold(text.trim());
  const rank = (kind: KindOfChange): number => {
    const label = fold(kind.label);
    if (label.startsWith(wanted)) return 0;
    if (label.split(/\W+/).some((word) => word.startsWith(wanted))) return 1;
    if (label.includes(wanted) || kind.change.includes(wanted)) return 2;
    return fold(kind.help).includes(wanted) ? 3 : 4;
  };
  const found = kinds
    .filter((kind) => wanted === '' || rank(kind) < 4)
    .toSorted((a, b) => (wanted === '' ? 0 : rank(a) - rank(b)) || format.compare(a.label, b.label));
  const add = (kind: KindOfChange): void => {
    setText('');
    onAdd(kind);
  };
  const onKey = (event: KeyboardEvent): void => {
    const [first] = found;
    if (event.key !== 'Enter' || first === undefined || wanted === '') return;
    event.preventDefault();
    add(first);
  };
  const groups =
    wanted === ''
      ? GROUPS.map((group) => ({ label: t(`group.${group}`), kinds: found.filter((kind) => placeOf(kind.change).group === group) }))
      : [{ label: t('catalogue.best'), kinds: found }];
  return (
    <>
      <div className="nj-cat-search">
        <TextInput
          ref={searchRef}
          aria-label={t('catalogue.search')}
          placeholder={t('catalogue.search')}
          leftSection={<SearchIcon />}
          rightSection={<kbd>A</kbd>}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKey}
          {...(autoFocus ? { 'data-autofocus': true } : {})}
        />
      </div>
      {found.length === 0 ? (
        <NoMatch onClear={() => setText('')} text={t('catalogue.none')} />
      ) : (
        <div className="nj-cat-list">
          {groups
            .filter((group) => group.kinds.length > 0)
            .map((group) => (
              <section key={group.label} aria-label={group.label}>
                <p className="mlabel">{group.label}</p>
                <ul>
                  {group.kinds.map((kind) => {
                    const Drawn = placeOf(kind.change).icon;
                    return (
                      <li key={kind.change}>
                        <button type="button" className="nj-cat-item" title={kind.help} onClick={() => add(kind)}>
                          <Drawn />
                          <span className="grow">{kind.label}</span>
                          {used.includes(kind.change) ? (
                            <span className="muted small nowrap">{t('catalogue.in_plan')}</span>
                          ) : (
                            <PlusIcon small />
                          )}
                        </button>
                      </li>
                    );
                  })}
                </ul>
              </section>
            ))}
        </div>
      )}
      <p className="nj-cat-foot small muted">{t('catalogue.count', { count: kinds.length })}</p>
    </>
  );
}
