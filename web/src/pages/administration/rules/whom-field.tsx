import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../../api/index.ts';
import { FilterBar } from '../../../components/filter/filter-bar.tsx';
import { nodeOf } from '../../../components/filter/tree.ts';

/** For whom a rule is. That it is for everybody else has to be said: an empty filter would give roles to all by accident. */
export interface Whom {
  readonly rest: boolean;
  readonly where: string;
}

interface WhomFieldProps {
  readonly value: Whom;
  readonly onChange: (whom: Whom) => void;
  /** It is a rule for some and stays one. */
  readonly only: boolean;
  readonly error: string | undefined;
}

export function WhomField({ value: { rest, where }, onChange, only, error }: WhomFieldProps) {
  const { t } = useTranslation('admin-access');
  const found = useApi('users.list', { where, limit: 0, count: true }, { enabled: !rest && where !== '', keepPrevious: true });
  const wrong = found.error?.code.startsWith('filters.') === true ? found.error.message : null;
  const total = where === '' || found.isError ? undefined : found.data?.total;
  return (
    <fieldset className="adm-fieldset stackv tight">
      <legend className="flabel">{t('rule_when')}</legend>
      {!only && (
        <SegmentedControl
          aria-label={t('rule_when')}
          className="adm-seg"
          value={rest ? 'rest' : 'some'}
          onChange={(next) => onChange({ rest: next === 'rest', where })}
          data={[
            { value: 'some', label: t('whom_some') },
            { value: 'rest', label: t('whom_rest') },
          ]}
        />
      )}
      {rest ? (
        <p className="small muted">{t('whom_rest_help')}</p>
      ) : (
        <>
          <FilterBar
            filter={where === '' || wrong !== null ? null : nodeOf(found.data?.filter)}
            where={where}
            problem={wrong}
            onChange={(next) => onChange({ rest, where: next })}
          />
          {where === '' && <p className="small muted">{t('whom_nobody')}</p>}
          {typeof total === 'number' && (
            <p className="small muted" role="status">
              {t('whom_now', { count: total })}
            </p>
          )}
        </>
      )}
      {error !== undefined && <p className="fail-text small">{error}</p>}
    </fieldset>
  );
}
