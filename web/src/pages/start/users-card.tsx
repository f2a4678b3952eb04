import { useTranslation } from 'react-i18next';
import type { Output, useApi } from '../../api/index.ts';
import { Answer, Card, NumberText, OutcomeBar, TextLink } from '../../components/index.ts';
import { useFormat } from '../../lib/format.ts';

type Figures = ReturnType<typeof useApi<'library.figures'>>;
type Figure = Output<'library.figures'>['by_status'][number];

/** Groups with a line of their own; the rest is one. */
const GROUPS = 6;
const SWATCHES = ['c', 'u', 'q'] as const;
const PARTS = ['changed', 'unchanged', 'queued'] as const;

/** Who the users are, by account type, status and group; each line leads to them. */
export function UsersCard({ figures }: { readonly figures: Figures }) {
  const { t } = useTranslation('start');
  return (
    <Card
      title={t('users.title')}
      right={
        figures.data === undefined ? null : (
          <span className="muted">
            <NumberText value={figures.data.users} />
          </span>
        )
      }
    >
      <Answer of={figures}>
        {({ by_account_type: types, by_status: states, by_user_group: groups }) => (
          <>
            <div className="grid g2 figures-two">
              <Shares title={t('users.account_type')} field="account_type" figures={types} />
              <Shares title={t('users.status')} field="status" figures={states} />
            </div>
            <h3 className="small muted figures-title">{t('users.group')}</h3>
            <Groups figures={groups} />
          </>
        )}
      </Answer>
    </Card>
  );
}

function Shares({ title, field, figures }: { readonly title: string; readonly field: string; readonly figures: readonly Figure[] }) {
  const shown = figures.slice(0, PARTS.length);
  const counts = Object.fromEntries(shown.map(({ users }, index) => [PARTS[index], users]));
  const words = Object.fromEntries(shown.map(({ label, code }, index) => [PARTS[index], label ?? code ?? '']));
  return (
    <div>
      <h3 className="small muted figures-title">{title}</h3>
      <OutcomeBar counts={counts} words={words} />
      {shown.map(({ code, label, users }, index) => (
        <p key={code} className="row between small">
          <span className="o">
            <i className={`sw ${SWATCHES[index]}`} aria-hidden="true" />
            <TextLink to="/users" search={{ where: `${field} = "${code}"` }} className="trunc">
              {label}
            </TextLink>
          </span>
          <b>
            <NumberText value={users} />
          </b>
        </p>
      ))}
    </div>
  );
}

function Groups({ figures }: { readonly figures: readonly Figure[] }) {
  const { t } = useTranslation('start');
  const { number } = useFormat();
  const shown = figures.length > GROUPS + 1 ? figures.slice(0, GROUPS) : figures;
  const others = figures.slice(shown.length);
  const rest = others.reduce((sum, { users }) => sum + users, 0);
  const largest = Math.max(1, ...figures.map(({ users }) => users));
  return (
    <ul className="hb-list">
      {shown.map(({ code, label, users }) => (
        <li key={code ?? ''} className="hb">
          <TextLink to="/users" search={{ where: code === null ? 'user_group is empty' : `user_group = "${code}"` }} className="trunc">
            {label ?? t('users.no_group')}
          </TextLink>
          <div className="b" style={{ width: `${(users / largest) * 100}%` }} />
          <div className="num">{number(users)}</div>
        </li>
      ))}
      {others.length > 0 && (
        <li className="hb">
          <span className="t2">{t('users.others', { count: others.length })}</span>
          <div className="b n" style={{ width: `${(rest / largest) * 100}%` }} />
          <div className="num">{number(rest)}</div>
        </li>
      )}
    </ul>
  );
}
