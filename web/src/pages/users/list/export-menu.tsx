import { Menu } from '@mantine/core';
import { type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { download } from '../../../api/index.ts';
import { toast, toastProblem } from '../../../components/index.ts';
import { useFormat } from '../../../lib/format.ts';

const FORMATS = ['csv', 'alma-json', 'alma-xml'] as const;

interface ExportMenuProps {
  /** The filter of those who are written. */
  readonly where: () => Promise<string>;
  readonly children: (busy: boolean) => ReactElement;
}

/** Writes users into a file that the browser keeps. */
export function ExportMenu({ where, children }: ExportMenuProps) {
  const { t } = useTranslation('users');
  const { number } = useFormat();
  const [busy, setBusy] = useState(false);
  const write = async (format: (typeof FORMATS)[number]): Promise<void> => {
    setBusy(true);
    try {
      const { result, fileName } = await download('users.export', { where: await where(), format });
      toast(t('export.done', { users: number(Number(result['users'] ?? 0)), file: fileName }));
    } catch (error) {
      toastProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>{children(busy)}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('export.label')}</Menu.Label>
        {FORMATS.map((format) => (
          <Menu.Item key={format} onClick={() => void write(format)}>
            {t(`export.${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
