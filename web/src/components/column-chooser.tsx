import { Popover } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../lib/format.ts';
import { ChevronDownIcon, ColumnsIcon } from './icons.tsx';

/** Which columns are shown, in which order. */
export interface ColumnChoice {
  readonly shown: readonly string[];
  set(shown: readonly string[]): void;
}

/** Columns as somebody left them in this browser; `name` tells the tables apart. */
export function useColumnChoice(name: string, first: readonly string[], known: readonly string[]): ColumnChoice {
  const key = `muster.columns.${name}`;
  const [shown, setShown] = useState<readonly string[]>(() => kept(key, known) ?? first);
  return {
    shown,
    set: (next) => {
      localStorage.setItem(key, JSON.stringify(next));
      setShown(next);
    },
  };
}

function kept(key: string, known: readonly string[]): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    if (!Array.isArray(value)) return undefined;
    const names = value.filter((name): name is string => typeof name === 'string' && known.includes(name));
    return names.length === 0 ? undefined : names;
  } catch {
    return undefined;
  }
}

interface ColumnChooserProps {
  readonly columns: readonly { readonly id: string; readonly label: string; readonly title?: boolean }[];
  readonly choice: ColumnChoice;
}

/** A menu to choose columns and put them in order. The one with the name stays. */
export function ColumnChooser({ columns, choice }: ColumnChooserProps) {
  const { t } = useTranslation();
  const { number, compare } = useFormat();
  const [wanted, setWanted] = useState('');
  const byId = new Map(columns.map((column) => [column.id, column]));
  const fits = (label: string): boolean => label.toLocaleLowerCase().includes(wanted.toLocaleLowerCase());
  const shown = choice.shown.flatMap((id) => byId.get(id) ?? []);
  const others = columns.filter(({ id }) => !choice.shown.includes(id)).toSorted((a, b) => compare(a.label, b.label));
  const move = (index: number, by: number): void => {
    const next = [...choice.shown];
    const [moved] = next.splice(index, 1);
    if (moved !== undefined) next.splice(Math.max(0, index + by), 0, moved);
    choice.set(next);
  };
  return (
    <Popover position="bottom-end" width={300} trapFocus>
      <Popover.Target>
        <button type="button" className="btn">
          <ColumnsIcon />
          {t('table.columns')}
          <span className="muted">{t('table.columns_of', { shown: number(shown.length), all: number(columns.length) })}</span>
          <ChevronDownIcon small />
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <input
          className="plain-input"
          type="search"
          aria-label={t('table.find_column')}
          placeholder={t('table.find_column')}
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
        <div className="column-lists">
          <p className="mlabel">{t('table.shown')}</p>
          <ul className="column-list">
            {shown.map(
              ({ id, label, title }, index) =>
                fits(label) && (
                  <li key={id} className="mi">
                    <label>
                      <input
                        type="checkbox"
                        checked
                        disabled={title === true}
                        onChange={() => choice.set(choice.shown.filter((each) => each !== id))}
                      />
                      {label}
                    </label>
                    <button
                      type="button"
                      className="btn sub icon sm"
                      disabled={index === 0}
                      onClick={() => move(index, -1)}
                      aria-label={t('table.up', { name: label })}
                    >
                      <span aria-hidden="true">↑</span>
                    </button>
                    <button
                      type="button"
                      className="btn sub icon sm"
                      disabled={index === shown.length - 1}
                      onClick={() => move(index, 1)}
                      aria-label={t('table.down', { name: label })}
                    >
                      <span aria-hidden="true">↓</span>
                    </button>
                  </li>
                ),
            )}
          </ul>
          {others.length > 0 && <p className="mlabel">{t('table.more')}</p>}
          <ul className="column-list">
            {others.map(
              ({ id, label }) =>
                fits(label) && (
                  <li key={id} className="mi">
                    <label>
                      <input type="checkbox" checked={false} onChange={() => choice.set([...choice.shown, id])} />
                      {label}
                    </label>
                  </li>
                ),
            )}
          </ul>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
