import { useTranslation } from 'react-i18next';
import type { Output } from '../../../../api/index.ts';
import { Card } from '../../../../components/index.ts';
import { Shown } from './shown.tsx';

type Field = Output<'user.preview_merge'>['fields'][number];
type Side = 'keep' | 'give_up';

interface MergedFieldsProps {
  readonly fields: readonly Field[];
  readonly keep: string;
  readonly giveUp: string;
  /** What has been chosen so far, told before the server has answered. */
  readonly choices: Readonly<Record<string, Side>>;
  readonly onChoose: (field: string, side: Side) => void;
}

/** Field by field: what both say, and what comes of it. Where a person may know better, they choose. */
export function MergedFields({ fields, keep, giveUp, choices, onChoose }: MergedFieldsProps) {
  const { t } = useTranslation('merge');
  const differing = fields.filter((field) => field.choosable);
  const others = fields.filter((field) => !field.choosable);
  return (
    <>
      <Card title={t('differ')} count={differing.length}>
        {differing.length === 0 ? (
          <p className="t2">{t('no_difference')}</p>
        ) : (
          <div className="stackv">
            <p className="t2">{t('differ_text')}</p>
            {differing.map((field) => (
              <fieldset key={field.field} className="merge-field">
                <legend>{field.label}</legend>
                {(['keep', 'give_up'] as const).map((side) => (
                  <Choice
                    key={side}
                    field={field}
                    side={side}
                    chosen={(choices[field.field] ?? field.from) === side}
                    of={side === 'keep' ? keep : giveUp}
                    onChoose={() => onChoose(field.field, side)}
                  />
                ))}
              </fieldset>
            ))}
          </div>
        )}
      </Card>
      <Card title={t('agree')} count={others.length}>
        <dl className="dl merge-agree">
          {others.map((field) => (
            <div key={field.field}>
              <dt>{field.label}</dt>
              <dd>
                <Shown {...field.result} /> <span className="muted small">{t(`from_${field.from}`)}</span>
              </dd>
            </div>
          ))}
        </dl>
      </Card>
    </>
  );
}

interface ChoiceProps {
  readonly field: Field;
  readonly side: Side;
  readonly of: string;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function Choice({ field, side, of, chosen, onChoose }: ChoiceProps) {
  const { t } = useTranslation('merge');
  const said = field[side];
  const none = said.value === null || said.value === undefined;
  return (
    <label className={chosen ? 'merge-choice on' : 'merge-choice'}>
      <input
        type="radio"
        name={`merge-${field.field}`}
        checked={chosen}
        // Nothing is emptied by taking an empty value; what is empty already may stay so.
        disabled={none && side === 'give_up'}
        onChange={onChoose}
      />
      <span>
        {none ? <span className="muted">{t(side === 'keep' ? 'leave' : 'empty')}</span> : <Shown {...said} />}
        <span className="muted small mono">{of}</span>
      </span>
    </label>
  );
}
