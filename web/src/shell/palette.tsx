import { Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api/index.ts';
import { DateText, EnterIcon, type Icon, JobIcon, KeyboardIcon, Keys, SearchIcon, SetIcon, UserIcon } from '../components/index.ts';
import { useCan } from '../lib/access.ts';
import { useFormat } from '../lib/format.ts';
import { ADMINISTRATION, NAVIGATION } from './navigation.ts';

interface Entry {
  readonly key: string;
  readonly icon: Icon;
  readonly label: string;
  readonly detail?: ReactNode;
  /** An address of the page, or what is done. */
  readonly to?: string;
  readonly run?: () => void;
}

interface Group {
  readonly label: string;
  readonly entries: readonly Entry[];
}

const WAIT_MS = 120;
const SHOWN = 5;

interface PaletteProps {
  readonly onClose: () => void;
  readonly onShortcuts: () => void;
}

/** Finds or does anything: pages, users, sets, jobs. Ctrl and Enter opens it in a tab of its own. */
export function Palette({ onClose, onShortcuts }: PaletteProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const router = useRouter();
  const id = useId();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const groups = useGroups(query, onShortcuts);
  const entries = groups.flatMap((group) => group.entries);
  const chosen = Math.min(active, entries.length - 1);

  const open = (entry: Entry | undefined, inNewTab: boolean): void => {
    if (entry === undefined) return;
    onClose();
    entry.run?.();
    if (entry.to === undefined) return;
    if (inNewTab) globalThis.open(router.buildLocation({ to: entry.to }).href, '_blank', 'noopener');
    else void navigate({ to: entry.to });
  };
  const onKey = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by !== 0 && entries.length > 0) {
      event.preventDefault();
      const next = (chosen + by + entries.length) % entries.length;
      setActive(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      open(entries[chosen], event.ctrlKey || event.metaKey);
    }
  };
  return (
    <Modal.Root opened onClose={onClose} size={600} padding={0} radius={14}>
      <Modal.Overlay className="overlay" />
      <Modal.Content aria-label={t('nav.search')}>
        <Modal.Body className="palette">
          <div className="palette-q">
            <SearchIcon large />
            <input
              data-autofocus
              role="combobox"
              aria-label={t('nav.search')}
              aria-expanded
              aria-controls={`${id}-list`}
              aria-activedescendant={entries.length === 0 ? undefined : `${id}-${chosen}`}
              autoComplete="off"
              spellCheck={false}
              placeholder={t('palette.placeholder')}
              value={query}
              onChange={(event) => {
                setQuery(event.currentTarget.value);
                setActive(0);
              }}
              onKeyDown={onKey}
            />
            <kbd aria-hidden="true">Esc</kbd>
          </div>
          {entries.length === 0 ? (
            <p className="palette-none" role="status">
              {t('palette.none', { query })}
            </p>
          ) : (
            <div role="listbox" id={`${id}-list`} aria-label={t('palette.results')} className="palette-list">
              {groups.map(
                (group) =>
                  group.entries.length > 0 && (
                    // biome-ignore lint/a11y/useSemanticElements: a group of options is no set of fields
                    <div role="group" aria-label={group.label} key={group.label}>
                      <div className="palette-g" aria-hidden="true">
                        {group.label}
                      </div>
                      {group.entries.map((entry) => {
                        const index = entries.indexOf(entry);
                        return (
                          <Option
                            key={entry.key}
                            entry={entry}
                            query={query}
                            id={`${id}-${index}`}
                            chosen={index === chosen}
                            onOpen={(inNewTab) => open(entry, inNewTab)}
                            onHover={() => setActive(index)}
                          />
                        );
                      })}
                    </div>
                  ),
              )}
            </div>
          )}
          <div className="palette-ft" aria-hidden="true">
            <span>
              <Keys names={['↑', '↓']} /> {t('palette.choose')}
            </span>
            <span>
              <Keys names={['↵']} /> {t('palette.open')}
            </span>
            <span>
              <Keys names={['Ctrl', '↵']} /> {t('palette.new_tab')}
            </span>
          </div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

interface OptionProps {
  readonly entry: Entry;
  readonly query: string;
  readonly id: string;
  readonly chosen: boolean;
  readonly onOpen: (inNewTab: boolean) => void;
  readonly onHover: () => void;
}

function Option({ entry: { icon: Drawn, label, detail }, query, id, chosen, onOpen, onHover }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the field's
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field
    <div
      role="option"
      id={id}
      aria-selected={chosen}
      className={chosen ? 'palette-p on' : 'palette-p'}
      onClick={(event) => onOpen(event.ctrlKey || event.metaKey)}
      onMouseMove={onHover}
    >
      <Drawn />
      <bdi className="trunc">
        <Marked text={label} query={query} />
      </bdi>
      <span className="muted nowrap">{detail}</span>
      {chosen && <EnterIcon small />}
    </div>
  );
}

/** Where the words one typed are in it. */
function Marked({ text, query }: { readonly text: string; readonly query: string }) {
  const word = query.trim().split(/\s+/)[0] ?? '';
  const at = word === '' ? -1 : text.toLocaleLowerCase().indexOf(word.toLocaleLowerCase());
  if (at === -1) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + word.length)}</mark>
      {text.slice(at + word.length)}
    </>
  );
}

function useGroups(typed: string, onShortcuts: () => void): readonly Group[] {
  const { t, i18n } = useTranslation();
  const { number } = useFormat();
  const can = useCan();
  const [query] = useDebouncedValue(typed.trim(), WAIT_MS);
  const asks = query.length > 1;
  const users = useApi(
    'users.search',
    { text: query === '' ? '-' : query, limit: SHOWN },
    { enabled: asks && can('users:read'), keepPrevious: true },
  );
  const sets = useApi(
    'set.list',
    { ...(query === '' ? {} : { search: query }), limit: SHOWN },
    { enabled: can('sets:read'), keepPrevious: true },
  );
  const jobs = useApi('job.list', { limit: 100 }, { enabled: asks && can('jobs:read') });
  const groups = useApi('code_table.show', { table: 'UserGroups' }, { enabled: asks && can('users:read'), staleTime: 3_600_000 });
  const groupOf = (code: string | null): string | null => {
    const known = groups.data?.codes.find((each) => each.code === code);
    return known === undefined ? code : i18n.language === 'de' ? known.label_de : known.label_en;
  };
  const has = (label: string): boolean => label.toLocaleLowerCase().includes(typed.trim().toLocaleLowerCase());
  const pages = [...NAVIGATION, ADMINISTRATION]
    .filter(({ needs }) => needs.length === 0 || needs.some(can))
    .map(({ to, label, icon }): Entry => ({ key: to, icon, label: t(label), to }));
  const deeds: readonly Entry[] = [...pages, { key: 'shortcuts', icon: KeyboardIcon, label: t('nav.shortcuts'), run: onShortcuts }];
  return [
    { label: t('palette.do'), entries: deeds.filter(({ label }) => has(label)) },
    {
      label: t('nav.users'),
      entries: !asks
        ? []
        : (users.data?.users ?? []).map((user) => ({
            key: `user ${user.primary_id}`,
            icon: UserIcon,
            label: [user.first_name, user.last_name].filter(Boolean).join(' ') || user.primary_id,
            detail: [user.primary_id, groupOf(user.user_group)].filter(Boolean).join(' · '),
            to: `/users/${encodeURIComponent(user.primary_id)}`,
          })),
    },
    {
      label: t('palette.sets_and_jobs'),
      entries: !asks
        ? []
        : [
            ...(sets.data?.sets ?? []).map((set) => ({
              key: `set ${set.id}`,
              icon: SetIcon,
              label: set.name,
              detail: set.members === null ? null : t('count.users', { count: set.members, number: number(set.members) }),
              to: `/sets/${set.id}`,
            })),
            ...(jobs.data?.jobs ?? [])
              .filter(({ name }) => has(name))
              .slice(0, SHOWN)
              .map((job) => ({
                key: `job ${job.id}`,
                icon: JobIcon,
                label: job.name,
                detail: <DateText value={job.created_at} as="lately" />,
                to: `/jobs/${job.id}`,
              })),
          ],
    },
  ];
}
