import './sets.css';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Card, FileIcon, FilterIcon, type Icon, JobIcon, Page, SetIcon, TextLink } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { FromFile } from './from-file.tsx';
import { FromFilter } from './from-filter.tsx';
import { FromRun } from './from-run.tsx';
import { type NewSetSearch, WAYS, type Way } from './routes.ts';

const ICONS: Readonly<Record<Way, Icon>> = { filter: FilterIcon, file: FileIcon, run: JobIcon };

/** A new set: by a filter, out of a file, of what a run came to; combining has a page of its own. */
export function NewSetPage() {
  const { t } = useTranslation('sets');
  const can = useCan();
  const go = useNavigate();
  const search: NewSetSearch = useSearch({ from: '/sets/new' });
  const name = useId();
  const ways = WAYS.filter((way) => (way === 'filter' ? can('users:read') : way === 'run' ? can('jobs:read') : true));
  const wanted = search.from ?? (search.run === undefined ? 'filter' : 'run');
  const from = ways.find((way) => way === wanted) ?? 'file';
  return (
    <Page title={t('new_title')} crumbs={[{ label: t('title'), to: '/sets' }]} sub={t('new_sub')}>
      <div className="stackv">
        <Card>
          <fieldset className="sets-choices sets-start">
            <legend className="vh">{t('way.label')}</legend>
            {ways.map((way) => {
              const Drawn = ICONS[way];
              return (
                <label key={way} className="sets-choice">
                  <input
                    type="radio"
                    name={name}
                    checked={from === way}
                    onChange={() => void go({ to: '/sets/new', search: { ...search, from: way }, replace: true })}
                  />
                  <span>
                    <b>
                      <Drawn small /> {t(`way.${way}`)}
                    </b>
                    <span className="small">{t(`way.${way}_text`)}</span>
                  </span>
                </label>
              );
            })}
            <div className="sets-choice sets-other">
              <SetIcon />
              <span>
                <TextLink to="/sets/combine">{t('way.combine')}</TextLink>
                <span className="small sets-block">{t('way.combine_text')}</span>
              </span>
            </div>
          </fieldset>
        </Card>
        {from === 'filter' && <FromFilter />}
        {from === 'file' && <FromFile />}
        {from === 'run' && <FromRun />}
      </div>
    </Page>
  );
}
