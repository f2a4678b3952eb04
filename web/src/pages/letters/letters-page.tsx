import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/index.ts';
import { Answer, Card, EmptyState, MailIcon, Page, PlusIcon, TextLink } from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useShortcuts } from '../../lib/shortcuts.ts';
import './letters.css';
import { SharedTexts } from './shared-texts.tsx';
import { type EditedType, TypeForm } from './type-form.tsx';
import { TypeList } from './type-list.tsx';

/** Why users are written to, in which languages, and what all letters share. */
export function LettersPage() {
  const { t } = useTranslation(['letters', 'common']);
  const can = useCan();
  const writes = can('letters:write');
  const types = useApi('notification_type.list', {});
  const [edited, setEdited] = useState<EditedType | null>(null);
  useShortcuts(writes ? [{ keys: 'T', label: t('type.add'), run: () => setEdited('new') }] : []);
  return (
    <Page
      title={t('title')}
      sub={t('sub')}
      beside={writes ? undefined : <span className="badge plain">{t('read_only')}</span>}
      actions={
        writes && (
          <Button variant="filled" leftSection={<PlusIcon />} onClick={() => setEdited('new')}>
            {t('type.add')}
          </Button>
        )
      }
    >
      <div className="stackv">
        <Card
          flush
          title={t('type.title')}
          right={
            can('jobs:read') && (
              <TextLink to="/outbox" className="link">
                {t('to_outbox')}
              </TextLink>
            )
          }
          foot={writes ? <span className="small">{t('type.order_hint')}</span> : undefined}
        >
          <Answer of={types}>
            {({ types: list }) =>
              list.length === 0 ? (
                <EmptyState icon={MailIcon} title={t('type.none')} text={t('type.none_text')} />
              ) : (
                <TypeList types={list} writes={writes} onEdit={setEdited} />
              )
            }
          </Answer>
        </Card>
        <SharedTexts writes={writes} />
      </div>
      {edited !== null && <TypeForm type={edited} onClose={() => setEdited(null)} />}
    </Page>
  );
}
