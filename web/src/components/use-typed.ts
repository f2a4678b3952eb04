import { useEffect, useRef, useState } from 'react';

const PAUSE_MS = 200;

/** What stands in a field for searching: told, without blanks around it, once the typing pauses; what comes by the address stands in it, too. */
export function useTyped(text: string, onText: (text: string) => void): readonly [string, (typed: string) => void] {
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
    if (typed.trim() === told.current) return undefined;
    const timer = setTimeout(() => {
      told.current = typed.trim();
      tell.current(typed.trim());
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return [typed, setTyped];
}
