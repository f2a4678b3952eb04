import { Checkbox, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Keys } from '../components/index.ts';
import { keyNames, switchCharacters, useCharactersOff, useKnownShortcuts } from '../lib/shortcuts.ts';

/** Every key that does something here and now. */
export function ShortcutsOverview({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const off = useCharactersOff();
  const groups = Map.groupBy(useKnownShortcuts(), (each) => each.group ?? t('shortcut.page'));
  return (
    <Modal opened onClose={onClose} title={t('nav.shortcuts')} size="lg" closeButtonProps={{ 'aria-label': t('action.close') }}>
      <div className="shortcut-groups">
        {[...groups].map(([group, shortcuts]) => (
          <section key={group}>
            <h3 className="mlabel">{group}</h3>
            <dl className="shortcut-list">
              {shortcuts.map(({ keys, label }) => (
                <div key={keys}>
                  <dt>{label}</dt>
                  <dd>
                    <Keys names={keyNames(keys)} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <Checkbox
        mt="md"
        label={t('shortcut.characters')}
        description={t('shortcut.characters_text')}
        checked={!off}
        onChange={(event) => switchCharacters(event.currentTarget.checked)}
      />
    </Modal>
  );
}
