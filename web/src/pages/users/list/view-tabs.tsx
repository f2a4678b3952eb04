import { Button, Popover, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../../api/index.ts';
import { BookmarkIcon, CloseIcon, NumberText, TextLink, toast } from '../../../components/index.ts';
import type { UsersSearch } from '../routes.ts';
import { isShown, type SavedViews } from './views.ts';

/** What every library asks for. */
const GIVEN = [
  { id: 'all', search: {} },
  { id: 'blocked', search: { where: 'has block(status = "ACTIVE")' } },
  { id: 'no_email', search: { where: 'not (has email)' } },
] as const;

const FRESH_MS = 60_000;

interface ViewTabsProps {
  readonly search: UsersSearch;
  readonly columns: readonly string[];
  readonly saved: SavedViews;
  readonly onColumns: (columns: readonly string[]) => void;
}

export function ViewTabs({ search, columns, saved, onColumns }: ViewTabsProps) {
  const { t } = useTranslation('users');
  const given = GIVEN.map(({ id, search: its }) => ({ id, name: t(`view.${id}`), search: its as UsersSearch }));
  const shown = [...given, ...saved.views].some((view) => isShown(view.search, search));
  return (
    <nav className="tabs users-tabs" aria-label={t('view.label')}>
      {given.map((view) => (
        <Tab key={view.id} name={view.name} search={view.search} on={isShown(view.search, search)} counted={view.id !== 'all'} />
      ))}
      {saved.views.map((view) => {
        const on = isShown(view.search, search);
        return (
          <span key={view.id} className="users-tab">
            <Tab name={view.name} search={view.search} on={on} counted onGo={() => onColumns(view.columns)} />
            {on && (
              <button
                type="button"
                className="btn sub icon sm"
                aria-label={t('view.remove', { name: view.name })}
                onClick={() => {
                  saved.remove(view.id);
                  toast(t('view.removed', { name: view.name }), () => saved.save(view.name, view.search, view.columns));
                }}
              >
                <CloseIcon small />
              </button>
            )}
          </span>
        );
      })}
      {!shown && <SaveView onSave={(name) => saved.save(name, search, columns)} />}
    </nav>
  );
}

interface TabProps {
  readonly name: string;
  readonly search: UsersSearch;
  readonly on: boolean;
  readonly counted: boolean;
  readonly onGo?: () => void;
}

function Tab({ name, search, on, counted, onGo }: TabProps) {
  const total = useApi('users.list', { ...wordsOf(search), limit: 0, count: true }, { enabled: counted, staleTime: FRESH_MS }).data?.total;
  return (
    <TextLink
      to="/users"
      search={search}
      className={on ? 'on' : ''}
      {...(on ? { 'aria-current': 'page' as const } : {})}
      {...(onGo === undefined ? {} : { onClick: onGo })}
    >
      {name}
      {typeof total === 'number' && (
        <span>
          <NumberText value={total} />
        </span>
      )}
    </TextLink>
  );
}

/** What of a list's address says who is in it. */
export function wordsOf({ text, where }: UsersSearch): { text?: string; where?: string } {
  return { ...(text === undefined ? {} : { text }), ...(where === undefined ? {} : { where }) };
}

function SaveView({ onSave }: { readonly onSave: (name: string) => void }) {
  const { t } = useTranslation(['users', 'common']);
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState('');
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() === '') return;
    onSave(name.trim());
    setOpened(false);
    setName('');
  };
  return (
    <Popover opened={opened} onChange={setOpened} width={280} trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className="users-save" onClick={() => setOpened(!opened)}>
          <BookmarkIcon />
          {t('view.save')}
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('view.save')}>
        <form onSubmit={save} className="stackv tight">
          <TextInput
            label={t('view.name')}
            description={t('view.kept')}
            value={name}
            maxLength={60}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <Button type="submit" variant="filled" disabled={name.trim() === ''}>
            {t('view.save')}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
