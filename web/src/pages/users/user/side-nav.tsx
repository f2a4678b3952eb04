import { useTranslation } from 'react-i18next';
import { NumberText } from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import type { UserRecord } from './record.ts';
import { ROW_CARDS, type RowCard } from './rows-card.tsx';

const ORDER = [
  'person',
  'account',
  'identifiers',
  'contact',
  'blocks',
  'roles',
  'circulation',
  'letters',
  'preferences',
  'messages',
] as const;

/** The parts of the page, with how much is in them. */
export function SideNav({ record }: { readonly record: UserRecord }) {
  const { t } = useTranslation('users');
  const can = useCan();
  const kinds = (id: string): readonly string[] | undefined => (Object.hasOwn(ROW_CARDS, id) ? ROW_CARDS[id as RowCard] : undefined); // it has just been asked
  const shown = ORDER.filter((id) =>
    id === 'messages' ? can('letters:read') : kinds(id)?.some((kind) => record.rows[kind] !== undefined) !== false,
  );
  return (
    <nav className="user-side" aria-label={t('sections')}>
      {shown.map((id) => {
        const count = kinds(id)?.reduce((sum, kind) => sum + (record.rows[kind]?.length ?? 0), 0) ?? 0;
        return (
          <a key={id} href={`#${id}`}>
            {t(`section.${id}`)}
            <span>{count > 0 && <NumberText value={count} />}</span>
          </a>
        );
      })}
    </nav>
  );
}
