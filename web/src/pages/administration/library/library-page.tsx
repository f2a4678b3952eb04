import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Output, useApi } from '../../../api/index.ts';
import { Answer, Card, DateText, NoMatch } from '../../../components/index.ts';
import { AdminPage } from '../parts/admin-page.tsx';
import { SettingRow } from './setting-row.tsx';

type Setting = Output<'settings.list'>['settings'][number];

/** Areas in the order in which one looks for them; settings of others stand last. */
const AREAS = ['library', 'jobs', 'sign_in', 'access', 'letters', 'users', 'privacy', 'http', 'alma', 'other'] as const;
type Area = (typeof AREAS)[number];

/** Settings whose name does not say where one looks for them. */
const ELSEWHERE: Readonly<Record<string, Area>> = { guard: 'jobs', approval: 'jobs', retention: 'privacy', purge: 'privacy' };

export function LibraryPage() {
  const { t } = useTranslation('admin-library');
  const settings = useApi('settings.list', {});
  const about = useApi('library.about', {});
  const [text, setText] = useState('');
  return (
    <AdminPage title={t('library_title')} sub={t('library_sub')}>
      <Card title={t('about_title')}>
        <Answer of={about}>
          {(library) => (
            <dl className="dl">
              <dt>{t('about_name')}</dt>
              <dd>{library.name ?? t('about_unnamed')}</dd>
              <dt>{t('about_today')}</dt>
              <dd>
                <DateText value={library.today} />
              </dd>
              <dt>{t('about_zone')}</dt>
              <dd>{library.time_zone}</dd>
              {library.sample && (
                <>
                  <dt>{t('about_users')}</dt>
                  <dd>{t('about_sample')}</dd>
                </>
              )}
            </dl>
          )}
        </Answer>
      </Card>
      <TextInput
        label={t('settings_find')}
        placeholder={t('settings_find_hint')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Answer of={settings}>{(all) => <Areas settings={matching(all.settings, text)} onClear={() => setText('')} />}</Answer>
    </AdminPage>
  );
}

function Areas({ settings, onClear }: { readonly settings: readonly Setting[]; readonly onClear: () => void }) {
  const { t } = useTranslation('admin-library');
  if (settings.length === 0) {
    return (
      <Card>
        <NoMatch onClear={onClear} />
      </Card>
    );
  }
  return AREAS.map((area) => {
    const own = settings.filter((setting) => areaOf(setting.name) === area);
    return (
      own.length > 0 && (
        <Card key={area} flush title={t(`area_${area}`)} count={own.length}>
          {own.map((setting) => (
            <SettingRow key={setting.name} setting={setting} />
          ))}
        </Card>
      )
    );
  });
}

function areaOf(name: string): Area {
  const first = name.split('.')[0] ?? '';
  return ELSEWHERE[first] ?? AREAS.find((area) => area === first) ?? 'other';
}

function matching(settings: readonly Setting[], text: string): readonly Setting[] {
  const words = text.toLowerCase().split(/\s+/);
  return settings.filter(({ name, label }) => words.every((word) => `${name} ${label}`.toLowerCase().includes(word)));
}
