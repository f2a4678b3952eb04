import { Button, Modal, Select, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Output, useApi } from '../../api/index.ts';
import { Answer, Card, CheckIcon, DateText, EditIcon, languageName, PlusIcon, TextLink } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';

type Head = Output<'letter_text.list'>['texts'][number];

/** What all letters of a language have around them, and pieces that several of them share. */
export function SharedTexts({ writes }: { readonly writes: boolean }) {
  const { t } = useTranslation('letters');
  const can = useCan();
  const { locale } = useFormat();
  const frames = useApi('letter_text.list', { kind: 'frame' });
  const snippets = useApi('letter_text.list', { kind: 'snippet' });
  const [adding, setAdding] = useState(false);
  return (
    <div className="grid g2">
      <Card
        title={t('frame.title')}
        sub={t('frame.sub')}
        right={can('settings:read') && <TextLink to="/administration/letter-frame">{t(writes ? 'frame.edit' : 'frame.show')}</TextLink>}
      >
        <Answer of={frames}>
          {({ texts }) =>
            texts.length === 0 ? (
              <p className="muted">{t('frame.none')}</p>
            ) : (
              <ul className="shared-texts">
                {texts.map((text) => (
                  <li key={text.language}>
                    <b>{languageName(text.language, locale)}</b>
                    <State head={text} />
                  </li>
                ))}
              </ul>
            )
          }
        </Answer>
      </Card>
      <Card
        title={t('snippet.title')}
        sub={t('snippet.sub')}
        right={
          writes && (
            <Button size="xs" leftSection={<PlusIcon />} onClick={() => setAdding(true)}>
              {t('snippet.add')}
            </Button>
          )
        }
      >
        <Answer of={snippets}>
          {({ texts }) =>
            texts.length === 0 ? (
              <p className="muted">{t('snippet.none')}</p>
            ) : (
              <ul className="shared-texts">
                {texts.map((text) => (
                  <li key={`${text.code} ${text.language}`}>
                    <span>
                      <TextLink
                        to="/letters/snippets/$name"
                        params={{ name: text.code }}
                        search={{ language: text.language }}
                        className="name mono"
                      >
                        {text.code}
                      </TextLink>{' '}
                      <span className="muted">{languageName(text.language, locale)}</span>
                    </span>
                    <State head={text} />
                  </li>
                ))}
              </ul>
            )
          }
        </Answer>
      </Card>
      {adding && <NewSnippet onClose={() => setAdding(false)} />}
    </div>
  );
}

function State({ head }: { readonly head: Head }) {
  const { t } = useTranslation('letters');
  const current = head.published === head.latest;
  return (
    <span className="row wrap">
      <span className={`badge ${current ? 'ok' : 'warn'}`}>
        {current ? <CheckIcon small /> : <EditIcon small />}
        {current ? t('languages.version', { version: head.latest }) : t('languages.draft', { version: head.latest })}
      </span>
      <span className="muted small">
        <DateText value={head.modified_at} as="lately" />
      </span>
    </span>
  );
}

const NAME = /^[a-z][a-z0-9_]{0,59}$/;

function NewSnippet({ onClose }: { readonly onClose: () => void }) {
  const { t, i18n } = useTranslation(['letters', 'common']);
  const { locale } = useFormat();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [language, setLanguage] = useState(i18n.language);
  const wrong = name !== '' && !NAME.test(name);
  return (
    <Modal opened onClose={onClose} title={t('snippet.add')} closeButtonProps={{ 'aria-label': t('common:action.close') }}>
      <form
        className="stackv"
        onSubmit={(event) => {
          event.preventDefault();
          if (NAME.test(name)) void navigate({ to: '/letters/snippets/$name', params: { name }, search: { language } });
        }}
      >
        <TextInput
          data-autofocus
          required
          label={t('snippet.name')}
          description={t('snippet.name_hint')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={wrong ? t('snippet.name_wrong') : undefined}
        />
        <Select
          label={t('languages.label')}
          allowDeselect={false}
          data={['en', 'de', 'fr', 'es', 'it', 'tr', 'ar', 'uk'].map((value) => ({ value, label: languageName(value, locale) }))}
          value={language}
          onChange={(value) => setLanguage(value ?? language)}
        />
        <div className="row">
          <Button type="submit" variant="filled" disabled={!NAME.test(name)}>
            {t('snippet.write')}
          </Button>
          <Button variant="subtle" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
