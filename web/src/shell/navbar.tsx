import { Menu } from '@mantine/core';
import { Link, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { addressOf, signOut, useApi } from '../api/index.ts';
import { GlobeIcon, HelpIcon, HistoryIcon, initialsOf, KeyboardIcon, KeyIcon, SetIcon, SignOutIcon } from '../components/index.ts';
import { useCan, useSession } from '../lib/access.ts';
import { useFormat } from '../lib/format.ts';
import { chooseLanguage, LANGUAGES } from '../lib/language.ts';
import { useHelpAddress } from './help.ts';
import { Mark } from './mark.tsx';
import { ADMINISTRATION, itemOf, NAVIGATION, type NavigationItem } from './navigation.ts';

/** Milliseconds between looks at what waits for a person. */
const LOOK_MS = 30_000;
const RECENT_SETS = 3;

interface NavbarProps {
  /** On a phone it closes when one goes somewhere. */
  readonly onGo: () => void;
  readonly onShortcuts: () => void;
}

export function Navbar({ onGo, onShortcuts }: NavbarProps) {
  const { t } = useTranslation();
  const can = useCan();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const here = itemOf(path);
  const about = useApi('library.about', {}, { staleTime: 600_000 });
  const mayWait = can('jobs:read');
  const waiting = useApi('job.waiting', {}, { enabled: mayWait, refetchInterval: LOOK_MS });
  const count = waiting.data?.jobs.length ?? 0;
  const shows = ({ needs }: NavigationItem): boolean => needs.length === 0 || needs.some(can);
  return (
    <div className="nav-in">
      <Link to="/" className="brand" onClick={onGo}>
        <Mark />
        <div>
          <b>Muster</b>
          <span>
            <bdi>{about.data?.name ?? t('nav.library')}</bdi>
          </span>
        </div>
      </Link>
      {NAVIGATION.filter(shows).map((item) => (
        <Item key={item.to} item={item} here={here === item} onGo={onGo} waiting={item.to === '/jobs' ? count : 0} />
      ))}
      {can('sets:read') && <RecentSets onGo={onGo} />}
      <div className="last">
        {shows(ADMINISTRATION) && <Item item={ADMINISTRATION} here={here === ADMINISTRATION} onGo={onGo} waiting={0} />}
      </div>
      <Person onShortcuts={onShortcuts} />
    </div>
  );
}

interface ItemProps {
  readonly item: NavigationItem;
  readonly here: boolean;
  readonly onGo: () => void;
  readonly waiting: number;
}

function Item({ item: { to, label, icon: Drawn }, here, onGo, waiting }: ItemProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <Link
      to={to}
      className={here ? 'item on' : 'item'}
      activeProps={{}}
      activeOptions={{ exact: true }}
      aria-current={here ? 'page' : undefined}
      onClick={onGo}
    >
      <Drawn />
      {t(label)}
      {waiting > 0 && (
        <span className="n">
          {number(waiting)}
          <span className="vh"> {t('nav.waiting', { count: waiting })}</span>
        </span>
      )}
    </Link>
  );
}

function RecentSets({ onGo }: { readonly onGo: () => void }) {
  const { t } = useTranslation();
  const sets = useApi('set.list', {}, { staleTime: 60_000 });
  const recent = (sets.data?.sets ?? []).toSorted((a, b) => (a.modified_at < b.modified_at ? 1 : -1)).slice(0, RECENT_SETS);
  if (recent.length === 0) return null;
  return (
    <>
      <p className="label" id="recent-sets">
        {t('nav.recent_sets')}
      </p>
      {recent.map((set) => (
        <Link key={set.id} to="/sets/$id" params={{ id: String(set.id) }} className="item rec" onClick={onGo}>
          <SetIcon />
          <bdi className="trunc" title={set.name}>
            {set.name}
          </bdi>
        </Link>
      ))}
    </>
  );
}

function Person({ onShortcuts }: { readonly onShortcuts: () => void }) {
  const { t, i18n } = useTranslation();
  const help = useHelpAddress();
  const { user } = useSession();
  const german = i18n.language === 'de';
  const role = user.roles.find(({ type }) => type !== '200') ?? user.roles[0];
  return (
    <Menu position="top-start" width={220}>
      <Menu.Target>
        <button type="button" className="foot" aria-label={t('nav.account', { name: user.name })}>
          <span className="avatar" aria-hidden="true">
            {initialsOf(user.name)}
          </span>
          <span className="grow">
            <b className="trunc">
              <bdi>{user.name}</bdi>
            </b>
            <span className="role trunc">{role === undefined ? user.primary_id : german ? role.label.de : role.label.en}</span>
          </span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('nav.language')}</Menu.Label>
        {LANGUAGES.map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            leftSection={<GlobeIcon />}
            onClick={() => void chooseLanguage(language)}
            aria-current={i18n.language === language}
          >
            {t(`language.${language}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item component="a" href={addressOf('/change-password')} leftSection={<KeyIcon />}>
          {t('nav.change_password')}
        </Menu.Item>
        <Menu.Item component="a" href={addressOf('/signed-in')} leftSection={<HistoryIcon />}>
          {t('nav.own_account')}
        </Menu.Item>
        <Menu.Item component="a" href={help} target="_blank" rel="noreferrer" leftSection={<HelpIcon />}>
          {t('nav.help')}
        </Menu.Item>
        <Menu.Item leftSection={<KeyboardIcon />} onClick={onShortcuts}>
          {t('nav.shortcuts')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<SignOutIcon />} onClick={() => void signOut()}>
          {t('nav.sign_out')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
