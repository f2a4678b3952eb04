import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { CalendarIcon, ChevronDownIcon, type FormValue } from '../../components/index.ts';
import { type DraftChange, isRecord } from './draft.ts';
import { FilterRead } from './condition-editor.tsx';
import { type KindOfChange, modeOf, schemaOf, shapeOf, verbOf } from './kinds.ts';
import { Say, useFields, useInSentence, useSpan, ValueText } from './words.tsx';

interface SentenceProps {
  readonly kind: KindOfChange;
  readonly change: DraftChange;
  readonly open: boolean;
  /** Opens the change for editing, at the part that was pressed. */
  readonly onEdit: (part: string) => void;
}

/** A change as one reads it, its values to be pressed. */
export function Sentence(props: SentenceProps) {
  const shape = shapeOf(props.kind);
  return (
    <p className="sentence">
      {shape === 'field' ? <FieldSentence {...props} /> : shape === 'rows' ? <RowsSentence {...props} /> : <PlainSentence {...props} />}
      <ConditionToken {...props} />
    </p>
  );
}

interface TokenProps {
  readonly part: string;
  readonly open: boolean;
  readonly date?: boolean;
  readonly missing?: boolean;
  readonly onEdit: (part: string) => void;
  readonly children: ReactNode;
}

function Token({ part, open, date = false, missing = false, onEdit, children }: TokenProps) {
  const Drawn = date ? CalendarIcon : ChevronDownIcon;
  return (
    <button
      type="button"
      className={`tok${open ? ' edit' : ''}${missing ? ' nj-missing' : ''}`}
      aria-expanded={open}
      onClick={() => onEdit(part)}
    >
      <span className="trunc">{children}</span>
      <Drawn />
    </button>
  );
}

const empty = (value: unknown): boolean => value === undefined || value === '';

function FieldSentence({ kind, change, open, onEdit }: SentenceProps) {
  const { t } = useTranslation('new-job');
  const fields = useFields();
  const small = useInSentence();
  const span = useSpan();
  const { input } = change;
  const mode = modeOf(input);
  const field = fields.field(kind.change);
  const value = mode === 'today' ? input['set'] : input[mode];
  const dated = field?.type === 'date';
  const token = (given: unknown, drawn: ReactNode): ReactNode => (
    <Token part="value" open={open} date={dated} missing={empty(given)} onEdit={onEdit}>
      {empty(given) ? t('sentence.choose') : drawn}
    </Token>
  );
  const moved = span(input['shift']);
  return (
    <Say
      text={t(`sentence.field.${mode}`)}
      parts={{
        field: <b>{small(kind.label)}</b>,
        value: token(value, mode === 'column' ? <bdi>{String(value)}</bdi> : <ValueText value={value} field={field} />),
        span: token(moved, moved),
        base: (
          <Token part="base" open={open} onEdit={onEdit}>
            {small(fields.label(String(input['relative_to'] ?? '')))}
          </Token>
        ),
        end: input['end_of_month'] === true && mode !== 'end_of_month' ? t('sentence.end_of_month') : '',
        mode: (
          <Token part="value" open={open} onEdit={onEdit}>
            {t('sentence.empties')}
          </Token>
        ),
      }}
    />
  );
}

function RowsSentence({ kind, change, open, onEdit }: SentenceProps) {
  const { t, i18n } = useTranslation('new-job');
  const small = useInSentence();
  const verb = verbOf(kind, change.input);
  const given = change.input[verb];
  const content = isRecord(given) ? given : {};
  const both = isRecord(content['match']) || isRecord(content['set']) || verb === 'edit';
  const of = (part: string): FormValue => (isRecord(content[part]) ? content[part] : {});
  const key = `sentence.rows.${verb}` as const;
  const text = i18n.exists(`new-job:${key}`) ? t(key as 'sentence.rows.add') : t('sentence.rows.other'); // checked the line before
  return (
    <Say
      text={text}
      parts={{
        rows: <b>{small(kind.label)}</b>,
        verb: <b>{verb}</b>,
        content: (
          <ContentTokens child={kind.change} content={both ? of('set') : content} part={both ? 'set' : verb} open={open} onEdit={onEdit} />
        ),
        match: (
          <ContentTokens
            child={kind.change}
            content={both ? of('match') : content}
            part={both ? 'match' : verb}
            open={open}
            onEdit={onEdit}
          />
        ),
        find: <ContentValue value={content['find']} open={open} onEdit={onEdit} />,
        with: <ContentValue value={content['with']} open={open} onEdit={onEdit} />,
      }}
    />
  );
}

function ContentValue({ value, open, onEdit }: { readonly value: unknown } & Pick<TokenProps, 'open' | 'onEdit'>) {
  const { t } = useTranslation('new-job');
  return (
    <Token part="value" open={open} missing={empty(value)} onEdit={onEdit}>
      {empty(value) ? t('sentence.choose') : <bdi>{String(value)}</bdi>}
    </Token>
  );
}

interface ContentTokensProps {
  readonly child: string;
  readonly content: FormValue;
  readonly part: string;
  readonly open: boolean;
  readonly onEdit: (part: string) => void;
}

/** "description 02-GLOBAL, note …": the fields of a row, each with its value. */
function ContentTokens({ child, content, part, open, onEdit }: ContentTokensProps) {
  const { t } = useTranslation('new-job');
  const words = useFieldWords(child);
  const small = useInSentence();
  const given = Object.entries(content).filter(([, value]) => !empty(value));
  if (given.length === 0) {
    return (
      <Token part={part} open={open} missing onEdit={onEdit}>
        {t('sentence.choose')}
      </Token>
    );
  }
  return given.map(([name, value], index) => {
    const { label, field } = words(name);
    return (
      <span key={name}>
        {index > 0 && ', '}
        <Token part={part} open={open} onEdit={onEdit}>
          {name === 'any' ? (
            t('field.any')
          ) : (
            <>
              <span className="nj-label">{small(label)}</span> {name.endsWith('_empty') ? '' : <ValueText value={value} field={field} />}
            </>
          )}
        </Token>
      </span>
    );
  });
}

const SUFFIX = /_(contains|before|after|empty)$/;

/** Label and description of a field of a row; `created_at_before` is "Created before". */
export function useFieldWords(child: string) {
  const { t } = useTranslation('new-job');
  const fields = useFields();
  return useMemo(
    () => (name: string) => {
      const own = fields.field(name, child);
      if (own !== undefined) return { label: fields.label(name, child), field: own };
      const suffix = SUFFIX.exec(name)?.[1];
      const base = name.replace(SUFFIX, '');
      const field = fields.field(base, child);
      if (suffix === 'contains' || suffix === 'before' || suffix === 'after' || suffix === 'empty')
        return { label: t(`field.${suffix}`, { field: fields.label(base, child) }), field: suffix === 'contains' ? undefined : field };
      if (name === 'any') return { label: t('field.any'), field: undefined };
      if (name === 'pattern') return { label: t('field.pattern'), field: undefined };
      if (name === 'find') return { label: t('field.find'), field: undefined };
      if (name === 'with') return { label: t('field.with'), field: undefined };
      return { label: name, field: undefined };
    },
    [child, fields, t],
  );
}

function PlainSentence({ kind, change, open, onEdit }: SentenceProps) {
  const { t } = useTranslation('new-job');
  const fields = useFields();
  const { input } = change;
  const token = (name: string, drawn: ReactNode): ReactNode => (
    <Token part={name} open={open} missing={empty(input[name])} onEdit={onEdit}>
      {empty(input[name]) ? t('sentence.choose') : drawn}
    </Token>
  );
  switch (kind.change) {
    case 'account_type': {
      const credentials = input['credentials'] === undefined ? 'password' : String(input['credentials']);
      return (
        <Say
          text={input['set'] === 'INTERNAL' ? t('sentence.account_internal') : t('sentence.account_other')}
          parts={{
            type: token('set', <ValueText value={input['set']} field={fields.field('account_type')} />),
            credentials: (
              <Token part="credentials" open={open} onEdit={onEdit}>
                {credentials === 'link' || credentials === 'none' ? t(`credentials.${credentials}`) : t('credentials.password')}
              </Token>
            ),
          }}
        />
      );
    }
    case 'password':
      return (
        <Say
          text={t('sentence.password')}
          parts={{ credentials: token('reset', input['reset'] === 'link' ? t('credentials.link') : t('credentials.password')) }}
        />
      );
    case 'role_profile':
      return <Say text={t('sentence.role_profile')} parts={{ profile: token('apply', <bdi>{String(input['apply'])}</bdi>) }} />;
    case 'recalculate_roles':
      return <Say text={input['remove_others'] === true ? t('sentence.recalculate_strict') : t('sentence.recalculate')} parts={{}} />;
    case 'give_back_to_feed': {
      const chosen = Array.isArray(input['fields']) ? input['fields'].map((name) => fields.label(String(name))).join(', ') : '';
      return (
        <Say
          text={t('sentence.give_back')}
          parts={{
            fields: (
              <Token part="fields" open={open} onEdit={onEdit}>
                {chosen === '' ? t('sentence.give_back_all') : chosen}
              </Token>
            ),
          }}
        />
      );
    }
    case 'letter_preference': {
      const verb = (['opt_in', 'opt_out', 'clear'] as const).find((each) => input[each] !== undefined) ?? 'opt_out';
      return <Say text={t(`sentence.preference.${verb}`)} parts={{ letter: token(verb, <bdi>{String(input[verb])}</bdi>) }} />;
    }
  }
  return (
    <>
      <b>{kind.label}</b>
      {Object.keys(schemaOf(kind).properties ?? {}).map((name) => (
        <span key={name}> {token(name, <bdi>{typeof input[name] === 'string' ? input[name] : JSON.stringify(input[name])}</bdi>)}</span>
      ))}
    </>
  );
}

function ConditionToken({ change, open, onEdit }: SentenceProps) {
  const { t } = useTranslation('new-job');
  const { condition } = change;
  if (condition.kind === 'always' && !open) return null;
  return (
    <>
      {', '}
      <Token part="condition" open={open} onEdit={onEdit}>
        {condition.kind !== 'text' ? (
          t(`condition.${condition.kind}`)
        ) : condition.text === '' ? (
          t('condition.choose')
        ) : (
          <Say text={t('condition.only')} parts={{ filter: <FilterRead where={condition.text} /> }} />
        )}
      </Token>
    </>
  );
}
