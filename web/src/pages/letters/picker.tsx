import { Popover } from '@mantine/core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Icon } from '../../components/index.ts';

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly detail?: string;
}

interface PickerProps {
  readonly icon: Icon;
  readonly label: string;
  readonly search: string;
  readonly choices: readonly Choice[];
  readonly onPick: (value: string) => void;
}

/** A button that offers a list which can be searched, e.g. of fields. */
export function Picker({ icon: Drawn, label, search, choices, onPick }: PickerProps) {
  const { t } = useTranslation('letters');
  const [opened, setOpened] = useState(false);
  const [text, setText] = useState('');
  const id = useId();
  const wanted = text.toLocaleLowerCase();
  const shown = choices.filter(({ value, label: name }) => `${value} ${name}`.toLocaleLowerCase().includes(wanted));
  const pick = (value: string): void => {
    setOpened(false);
    setText('');
    onPick(value);
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus width={320}>
      <Popover.Target>
        <button type="button" className="btn sub sm" aria-expanded={opened} onClick={() => setOpened(!opened)}>
          <Drawn small />
          {label}
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={label}>
        <input
          className="plain-input"
          data-autofocus
          aria-label={search}
          placeholder={search}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && shown[0] !== undefined) pick(shown[0].value);
          }}
        />
        <ul className="picker-list" id={id}>
          {shown.map(({ value, label: name, detail }) => (
            <li key={value}>
              <button type="button" onClick={() => pick(value)} title={detail}>
                <span>{name}</span>
                <span className="mono muted">{value}</span>
              </button>
            </li>
          ))}
          {shown.length === 0 && <li className="muted small">{t('editor.no_choice')}</li>}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
