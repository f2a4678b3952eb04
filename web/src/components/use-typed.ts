import { useEffect, useRef, useState } from 'react';

const PAUSE_MS = 200;

/**
 * What stands in a field for searching: told, without blanks around it, once the typing pauses; what comes by the address stands in it, too.
 * With `busy` (an answer is on its way) it is told at once unless that is so: whoever types is answered letter by letter, and never has
 * more searches under way than one pause makes.
 */
export function useTyped(text: string, onText: (text: string) => void, busy = true): readonly [string, (typed: string) => void] {
  const [typed, setTyped] = useState(text);
  const told = useRef(text);
  /** Told, but not come back yet: the address is written a moment later, and the typing goes on. */
  const sent = useRef<string[]>([]);
  const tell = useRef(onText);
  tell.current = onText;
  useEffect(() => {
    const own = sent.current.indexOf(text);
    if (own !== -1) {
      sent.current = sent.current.slice(own + 1);
    } else if (text !== told.current) {
      sent.current = [];
      told.current = text;
      setTyped(text);
    }
  }, [text]);
  useEffect(() => {
    if (typed.trim() === told.current) return undefined;
    const now = (): void => {
      told.current = typed.trim();
      sent.current.push(told.current);
      tell.current(told.current);
    };
    if (!busy) {
      now();
      return undefined;
    }
    const timer = setTimeout(now, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, busy]);
  return [typed, setTyped];
}
