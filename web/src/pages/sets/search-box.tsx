import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { SearchIcon, useTyped } from '../../components/index.ts';

interface SearchBoxProps {
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly right?: ReactNode;
}

/** Tells what is typed once the typing pauses; what comes by the address stands in it, too. */
export function SearchBox({ label, text, onText, right }: SearchBoxProps) {
  const [typed, setTyped] = useTyped(text, onText);
  return (
    <TextInput
      type="search"
      className="sets-search"
      aria-label={label}
      placeholder={label}
      leftSection={<SearchIcon />}
      rightSection={right}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  );
}
