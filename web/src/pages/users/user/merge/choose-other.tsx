import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../../../api/index.ts';
import { Answer, Card, DateText, SearchIcon, UserName } from '../../../../components/index.ts';
import { useTyped } from '../../../../components/index.ts';

interface ChooseOtherProps {
  /** Who it is not. */
  readonly user: string;
  /** What is searched for at first: most doubles have the same name. */
  readonly name: string;
  readonly onChoose: (other: string) => void;
}

const SHOWN = 12;

/** Finds the other record of the person. */
export function ChooseOther({ user, name, onChoose }: ChooseOtherProps) {
  const { t } = useTranslation('merge');
  const [text, setText] = useState(name);
  const found = useApi('users.search', { text, limit: SHOWN + 1 }, { enabled: text.trim() !== '', keepPrevious: true });
  const [typed, setTyped] = useTyped(text, setText, found.isFetching);
  const others = (found.data?.users ?? []).filter((hit) => hit.primary_id !== user).slice(0, SHOWN);
  return (
    <Card title={t('which')}>
      <div className="stackv">
        <p className="t2">{t('which_text')}</p>
        <label className="input users-search">
          <SearchIcon />
          <input
            type="search"
            aria-label={t('which')}
            placeholder={t('type')}
            value={typed}
            maxLength={1_000}
            autoComplete="off"
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        </label>
        {text.trim() !== '' && (
          <Answer of={found}>
            {() =>
              others.length === 0 ? (
                <p className="muted">{t('nobody')}</p>
              ) : (
                <ul className="merge-found">
                  {others.map((hit) => {
                    const shown =
                      [hit.first_name, hit.last_name].filter((part) => part !== null && part !== '').join(' ') || hit.primary_id;
                    return (
                      <li key={hit.primary_id}>
                        <button
                          type="button"
                          aria-label={t('choose', { name: `${shown}, ${hit.primary_id}` })}
                          onClick={() => onChoose(hit.primary_id)}
                        >
                          <UserName first={hit.first_name} last={hit.last_name} id={hit.primary_id} />
                          <span className="mono t2">{hit.primary_id}</span>
                          <span className="t2 trunc">{hit.email ?? ''}</span>
                          <span className="t2">{hit.expiry_date !== null && <DateText value={hit.expiry_date} />}</span>
                        </button>
                      </li>
                    );
                  })}
                </ul>
              )
            }
          </Answer>
        )}
      </div>
    </Card>
  );
}
