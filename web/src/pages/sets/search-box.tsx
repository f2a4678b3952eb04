import { TextInput } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { SearchIcon } from '../../components/index.ts';

const PAUSE_MS = 200;

interface SearchBoxProps {
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly right?: ReactNode;
}

/** Tells what is typed once the typing pauses; what comes by the address stands in it, too. */
export function SearchBox({ label, text, onText, right }: SearchBoxProps) {
  const [typed, setTyped] = useState(text);
  const told = useRef(text);
  const tell = useRef(onText);
  tell.current = onText;
  useEffect(() => {
    if (text !== told.current) {
      told.current = text;
      setTyped(text);
    }
  }, [text]);
  useEffect(() => {
    if (typed.trim() === told.current) return;
    const timer = setTimeout(() => {
      told.current = typed.trim();
      tell.current(typed.trim());
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
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
