import { ActionIcon, Menu } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, invalidate, type Output } from '../../api/index.ts';
import { CheckIcon, EditIcon, GripIcon, languageName, MoreIcon, TextLink, toast, toastProblem } from '../../components/index.ts';
import { useFormat } from '../../lib/format.ts';
import type { EditedType } from './type-form.tsx';

type NotificationType = Output<'notification_type.list'>['types'][number];

interface TypeListProps {
  readonly types: readonly NotificationType[];
  readonly writes: boolean;
  readonly onEdit: (type: EditedType) => void;
}

/** Notification types in the order in which they are offered. The handle drags; with the arrow keys it moves too. */
export function TypeList({ types, writes, onEdit }: TypeListProps) {
  const { t } = useTranslation('letters');
  const client = useQueryClient();
  const [order, setOrder] = useState<readonly string[]>(() => types.map(({ code }) => code));
  const [dragged, setDragged] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => setOrder(types.map(({ code }) => code)), [types]);
  const byCode = new Map(types.map((type) => [type.code, type]));
  const shown = order.flatMap((code) => byCode.get(code) ?? []);

  const keep = async (codes: readonly string[]): Promise<void> => {
    const before = types.map(({ code }) => code);
    if (codes.join() === before.join()) return;
    try {
      await api('notification_type.reorder', { codes: [...codes] });
      await invalidate(client, 'notification_type.list', 'letter.list');
      toast(t('type.reordered'), () => void keep(before));
    } catch (error) {
      setOrder(before);
      toastProblem(error);
    }
  };
  const moved = (code: string, to: number): readonly string[] => {
    const rest = order.filter((each) => each !== code);
    return [...rest.slice(0, to), code, ...rest.slice(to)];
  };
  const step = (code: string, by: number): void => {
    const to = order.indexOf(code) + by;
    if (to < 0 || to >= order.length) return;
    const next = moved(code, to);
    setOrder(next);
    setSaid(t('type.now_at', { place: to + 1, all: order.length }));
    void keep(next);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-handle="${code}"]`)?.focus());
  };
  return (
    <>
      <ul className="type-list" ref={list}>
        {shown.map((type, index) => (
          <li
            key={type.code}
            className={[!type.active && 'off', dragged === type.code && 'dragged'].filter(Boolean).join(' ') || undefined}
            onDragOver={(event) => {
              if (dragged === null) return;
              event.preventDefault();
              if (dragged !== type.code) setOrder(moved(dragged, index));
            }}
            onDrop={(event) => {
              event.preventDefault();
              void keep(order);
            }}
          >
            {writes && (
              <button
                type="button"
                className="grip"
                draggable
                data-handle={type.code}
                aria-label={t('type.move', { name: nameOf(type) })}
                title={t('type.move_hint')}
                onDragStart={(event) => {
                  event.dataTransfer.effectAllowed = 'move';
                  event.dataTransfer.setData('text/plain', type.code);
                  setDragged(type.code);
                }}
                onDragEnd={() => setDragged(null)}
                onKeyDown={(event) => {
                  const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
                  if (by === 0) return;
                  event.preventDefault();
                  step(type.code, by);
                }}
              >
                <GripIcon />
              </button>
            )}
            <TypeRow type={type} writes={writes} onEdit={onEdit} />
          </li>
        ))}
      </ul>
      <p className="vh" role="status">
        {said}
      </p>
    </>
  );
}

function nameOf(type: NotificationType): string {
  return document.documentElement.lang === 'de' ? type.label_de : type.label_en;
}

function TypeRow({
  type,
  writes,
  onEdit,
}: {
  readonly type: NotificationType;
  readonly writes: boolean;
  readonly onEdit: (type: EditedType) => void;
}) {
  const { t, i18n } = useTranslation('letters');
  const { locale } = useFormat();
  const description = i18n.language === 'de' ? type.description_de : type.description_en;
  return (
    <>
      <div className="type-name">
        <div className="row wrap">
          <TextLink to="/letters/$type" params={{ type: type.code }} className="name">
            {nameOf(type)}
          </TextLink>
          {type.is_default && <span className="badge ok plain">{t('type.default')}</span>}
          {type.essential && <span className="badge plain outline">{t('type.essential')}</span>}
          {type.credentials && <span className="badge plain outline">{t('type.credentials')}</span>}
          {!type.active && <span className="badge plain">{t('type.inactive')}</span>}
        </div>
        <p className="muted small">{description ?? type.code}</p>
      </div>
      <ul className="type-languages" aria-label={t('type.languages')}>
        {type.letters.map(({ language, published, draft }) => (
          <li key={language}>
            <TextLink
              to="/letters/$type"
              params={{ type: type.code }}
              search={{ language }}
              className={`badge ${draft !== null ? 'warn' : published !== null ? 'ok' : ''}`}
            >
              {draft === null && published !== null ? <CheckIcon small /> : <EditIcon small />}
              {languageName(language, locale)}
              <span>{draft !== null ? t('languages.draft', { version: draft }) : t('languages.version', { version: published ?? 0 })}</span>
            </TextLink>
          </li>
        ))}
        {type.letters.length === 0 && <li className="muted small">{t('type.no_letter')}</li>}
      </ul>
      {writes && <TypeMenu type={type} onEdit={onEdit} />}
    </>
  );
}

function TypeMenu({ type, onEdit }: { readonly type: NotificationType; readonly onEdit: (type: EditedType) => void }) {
  const { t } = useTranslation(['letters', 'common']);
  const client = useQueryClient();
  const name = nameOf(type);
  const { code, active } = type;
  const fresh = (): Promise<void> => invalidate(client, 'notification_type.list', 'letter.list', 'letter.show');
  const tried = (work: () => Promise<void>): void => void work().catch(toastProblem);
  const setActive = async (to: boolean, undoable: boolean): Promise<void> => {
    await api('notification_type.update', { code, active: to });
    await fresh();
    toast(t(to ? 'type.activated' : 'type.deactivated', { name }), undoable ? () => tried(() => setActive(!to, false)) : undefined);
  };
  const makeDefault = async (): Promise<void> => {
    await api('notification_type.set_default', { code });
    await fresh();
    toast(t('type.is_default', { name }));
  };
  const remove = async (): Promise<void> => {
    await api('notification_type.delete', { code });
    await fresh();
    toast(t('type.deleted', { name }));
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" aria-label={t('type.more', { name })}>
          <MoreIcon />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onEdit(type)}>{t('type.edit')}</Menu.Item>
        {!type.is_default && active && !type.credentials && (
          <Menu.Item onClick={() => tried(makeDefault)}>{t('type.make_default')}</Menu.Item>
        )}
        {!type.credentials && !type.is_default && (
          <Menu.Item onClick={() => tried(() => setActive(!active, true))}>{t(active ? 'type.deactivate' : 'type.activate')}</Menu.Item>
        )}
        {!type.credentials && !type.is_default && (
          <Menu.Item className="fail-text" onClick={() => tried(remove)}>
            {t('type.delete')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
