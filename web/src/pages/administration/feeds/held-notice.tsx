import { useTranslation } from 'react-i18next';
import { ButtonLink, Notice, WarnIcon } from '../../../components/index.ts';

/** A file that waits for a person: the one thing here that does not go on by itself. */
export function HeldNotice({ name, file }: { readonly name: string; readonly file: number }) {
  const { t } = useTranslation('admin-feeds');
  return (
    <Notice
      tone="warn"
      icon={WarnIcon}
      title={t('held_title', { name })}
      actions={
        <ButtonLink to="/administration/feed-files/$id" params={{ id: String(file) }} small>
          {t('held_look')}
        </ButtonLink>
      }
    >
      {t('held_text')}
    </Notice>
  );
}
