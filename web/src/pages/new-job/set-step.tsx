import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/index.ts';
import {
  Answer,
  Card,
  CheckIcon,
  EmptyState,
  LoadingRows,
  NoMatch,
  Notice,
  NumberText,
  SearchIcon,
  SetIcon,
  TextLink,
} from '../../components/index.ts';
import { FilterSentence, FilterShown } from '../../components/filter/filter-sentence.tsx';
import { useCan } from '../../lib/access.ts';
import { Choices } from './inputs.tsx';
import { useJob } from './job.ts';
import { SetFromFile } from './set-from-file.tsx';
import { SetFromFilter } from './set-from-filter.tsx';
import { StepFoot } from './step-foot.tsx';

type Way = 'existing' | 'filter' | 'file';

/** For whom: a set that there is, one made by a filter, one out of a file. */
export function SetStep() {
  const { t } = useTranslation('new-job');
  const can = useCan();
  const { update, draft } = useJob();
  const [way, setWay] = useState<Way>('existing');
  const choose = (set: { readonly id: number; readonly name: string }): void =>
    update((before) => ({ ...before, set: { id: set.id, name: set.name } }));
  const ways: readonly Way[] = can('sets:write') ? ['existing', 'filter', 'file'] : ['existing'];
  return (
    <div className="grid nj-two">
      <Card title={t('set.title')}>
        <div className="stackv">
          {ways.length > 1 && (
            <Choices
              label={t('set.title')}
              value={way}
              onChange={setWay}
              options={ways.map((value) => ({ value, label: t(`set.way.${value}`) }))}
            />
          )}
          {way === 'existing' && <ExistingSets chosen={draft.set?.id ?? null} onChoose={choose} />}
          {way === 'filter' && <SetFromFilter onMade={choose} />}
          {way === 'file' && <SetFromFile onMade={choose} />}
        </div>
      </Card>
      <div className="stackv nj-side-column">
        <ChosenSet />
        <StepFoot />
      </div>
    </div>
  );
}

const SHOWN = 30;

interface ExistingSetsProps {
  readonly chosen: number | null;
  readonly onChoose: (set: { readonly id: number; readonly name: string }) => void;
}

function ExistingSets({ chosen, onChoose }: ExistingSetsProps) {
  const { t } = useTranslation('new-job');
  const [text, setText] = useState('');
  const search = text.trim();
  const sets = useApi('set.list', { ...(search === '' ? {} : { search }), limit: SHOWN }, { keepPrevious: true });
  return (
    <>
      <TextInput
        type="search"
        aria-label={t('set.search')}
        placeholder={t('set.search')}
        leftSection={<SearchIcon />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Answer of={sets}>
        {({ sets: found, total }) =>
          found.length === 0 ? (
            search === '' ? (
              <EmptyState title={t('set.none')} text={t('set.none_text')} />
            ) : (
              <NoMatch onClear={() => setText('')} text={t('set.no_match')} />
            )
          ) : (
            <>
              <ul className="nj-sets" aria-label={t('set.way.existing')}>
                {found.map((set) => (
                  <li key={set.id}>
                    <button type="button" aria-pressed={set.id === chosen} onClick={() => onChoose(set)}>
                      {set.id === chosen ? <CheckIcon /> : <SetIcon />}
                      <span className="grow nj-set-name">
                        <bdi className="trunc">{set.name}</bdi>
                        <span className="small muted trunc">
                          {set.description ??
                            (set.where === null ? t('set.list') : <FilterSentence filter={set.filter} where={set.where} />)}
                        </span>
                      </span>
                      <span className="small muted nowrap">
                        {set.members === null ? t('set.logical') : t('set.members', { count: set.members })}
                      </span>
                    </button>
                  </li>
                ))}
              </ul>
              {total > found.length && <p className="small muted">{t('set.more', { count: total - found.length })}</p>}
            </>
          )
        }
      </Answer>
    </>
  );
}

/** The set that was chosen, with how many members it has today. */
function ChosenSet() {
  const { t } = useTranslation('new-job');
  const { draft } = useJob();
  const set = useApi('set.show', { set: draft.set?.id ?? 0 }, { enabled: draft.set !== null });
  if (draft.set === null) {
    return (
      <Card title={t('set.chosen')}>
        <p className="muted">{t('set.choose')}</p>
      </Card>
    );
  }
  return (
    <Card title={t('set.chosen')}>
      <Answer of={set} loading={<LoadingRows rows={2} />}>
        {({ id, name, members, where, filter, kind }) => (
          <div className="stackv tight">
            <p className="nj-hero">
              <NumberText value={members ?? 0} />
            </p>
            <p className="t2">
              {t('set.members_of', { count: members ?? 0 })}{' '}
              <TextLink to="/sets/$id" params={{ id: String(id) }}>
                <bdi>{name}</bdi>
              </TextLink>
            </p>
            {where !== null && <FilterShown filter={filter} where={where} />}
            <p className="small muted">{kind === 'logical' ? t('set.logical_text') : t('set.itemized_text')}</p>
            {members === 0 && <Notice tone="warn" title={t('set.empty')} live />}
          </div>
        )}
      </Answer>
    </Card>
  );
}
