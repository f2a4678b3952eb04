import { Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/index.ts';
import { Answer, Card, KeyIcon, LoadingRows, Notice } from '../../components/index.ts';
import { Choices } from './inputs.tsx';
import { useJob } from './job.ts';
import { LetterHtml } from './letter-html.tsx';

const FORMS = ['html', 'text', 'sms'] as const;
type Form = (typeof FORMS)[number];

interface LetterPaperProps {
  readonly types: readonly { readonly code: string; readonly label: string; readonly credentials: boolean }[];
}

/** Letters as the set's own users would get them: those who would change, and those on whom a letter is easily wrong. */
export function LetterPaper({ types }: LetterPaperProps) {
  const { t } = useTranslation('new-job');
  const { draft, preview } = useJob();
  const [chosen, setType] = useState<string | null>(null);
  const [user, setUser] = useState<string | null>(null);
  const [form, setForm] = useState<Form>('html');
  const type = types.find((each) => each.code === chosen) ?? types[0];
  const awkward = useApi('letter.awkward_users', { set: draft.set?.id ?? 0 }, { enabled: draft.set !== null, staleTime: 300_000 });
  const people = [
    {
      group: t('letter.would_change'),
      items: (preview?.users ?? []).map((each) => ({ value: each.primary_id, label: each.name === '' ? each.primary_id : each.name })),
    },
    {
      group: t('letter.awkward'),
      items: (awkward.data?.users ?? [])
        .filter((each) => preview?.users.some((other) => other.primary_id === each.user) !== true)
        .map((each) => ({
          value: each.user,
          label: `${each.name.trim() === '' ? each.user : each.name} (${each.reasons
            .map(({ why, detail }) => (why === 'language' ? t('letter.why.language', { language: detail ?? '' }) : t(`letter.why.${why}`)))
            .join(', ')})`,
        })),
    },
  ].filter((group) => group.items.length > 0);
  const shown = user ?? people[0]?.items[0]?.value ?? null;
  const letter = useApi(
    'letter.preview',
    { type: type?.code ?? '', users: shown === null ? [] : [shown] },
    { enabled: type !== undefined && (!awkward.isLoading || shown !== null), keepPrevious: true, staleTime: 60_000 },
  );
  if (type === undefined) return null;
  return (
    <Card
      title={t('letter.paper')}
      right={
        <Choices
          label={t('letter.form')}
          value={form}
          onChange={setForm}
          options={FORMS.map((value) => ({ value, label: t(`letter.forms.${value}`) }))}
        />
      }
    >
      <div className="stackv">
        {types.length > 1 && (
          <Choices
            label={t('letter.type')}
            value={type.code}
            onChange={setType}
            options={types.map(({ code, label }) => ({ value: code, label }))}
          />
        )}
        <Select
          label={t('letter.as')}
          data={people}
          value={shown}
          onChange={setUser}
          searchable
          allowDeselect={false}
          placeholder={t('letter.made_up')}
        />
        <Answer of={letter} loading={<LoadingRows rows={5} />}>
          {({ letters }) => {
            const [one] = letters;
            if (one === undefined) return null;
            if (one.problem !== null) return <Notice tone="fail" title={one.problem} />;
            return (
              <div>
                <dl className="env">
                  <dt>{t('letter.to')}</dt>
                  <dd className="nj-wrap">{one.to ?? t('letter.no_address')}</dd>
                  <dt>{t('letter.subject')}</dt>
                  <dd>
                    <b lang={one.language}>{one.subject}</b>
                  </dd>
                </dl>
                {form === 'html' && one.html !== null && (
                  <div className="paper" lang={one.language}>
                    <LetterHtml html={one.html} label={one.subject} />
                  </div>
                )}
                {form === 'text' && (
                  <div className="paper" lang={one.language}>
                    <pre className="pb nj-plain">{one.text}</pre>
                  </div>
                )}
                {form === 'sms' &&
                  (one.sms === null ? (
                    <p className="muted">{t('letter.no_sms')}</p>
                  ) : (
                    <div className="paper" lang={one.language}>
                      <pre className="pb nj-plain">{one.sms.text}</pre>
                      <p className="pf">{t('letter.segments', { count: one.sms.segments })}</p>
                    </div>
                  ))}
                <p className="small muted nj-side">{t('letter.present')}</p>
                {type.credentials && (
                  <p className="small muted row top nj-side">
                    <KeyIcon small />
                    <span>{t('letter.masked')}</span>
                  </p>
                )}
              </div>
            );
          }}
        </Answer>
      </div>
    </Card>
  );
}
