import { useEffect, useRef } from 'react';
import { createStore } from './store.ts';

export interface Shortcut {
  /** `mod+K`, `?`, `/`, `N`, or keys one after the other: `G U`. */
  readonly keys: string;
  /** What it does, in the page's language: for the overview. */
  readonly label: string;
  /** Heading in the overview; the page's own when left out. */
  readonly group?: string;
  readonly run: () => void;
}

const known = createStore<readonly Shortcut[]>([]);

export const useKnownShortcuts = (): readonly Shortcut[] => known.use();

/** Where this browser keeps that somebody wants no keys that act without Ctrl: spoken input and tremor press them unawares. */
const KEPT_OFF = 'muster.keys_off';

const charactersOff = createStore(localStorage.getItem(KEPT_OFF) !== null);

export const useCharactersOff = (): boolean => charactersOff.use();

export function switchCharacters(on: boolean): void {
  if (on) localStorage.removeItem(KEPT_OFF);
  else localStorage.setItem(KEPT_OFF, '1');
  charactersOff.set(!on);
}

/** Milliseconds in which the second key of two has to follow. */
const SECOND_KEY_MS = 1_200;

/** Keys for as long as the component is there; they show in the overview (`?`). Never while somebody writes. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  const said = shortcuts.map((each) => `${each.keys} ${each.label}`).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words say whether they are others; what they do is read when a key comes.
  useEffect(() => {
    const own = latest.current.map((each) => ({ ...each, run: () => latest.current.find((now) => now.keys === each.keys)?.run() }));
    known.set([...known.get(), ...own]);
    return () => known.set(known.get().filter((each) => !own.includes(each)));
  }, [said]);
}

/** Listens for all of them; once for the page. */
export function useShortcutKeys(): void {
  useEffect(() => {
    let before = { key: '', at: 0 };
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.altKey) return;
      const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
      const mod = event.metaKey || event.ctrlKey;
      const second = Date.now() - before.at < SECOND_KEY_MS ? `${before.key} ${key}` : '';
      const silent = isWriting(event.target) || isBehindDialog() || (charactersOff.get() && event.key.length === 1);
      const pressed = mod ? [`mod+${key}`] : silent ? [] : [second, key];
      const found = pressed.map((keys) => known.get().findLast((each) => each.keys === keys)).find((each) => each !== undefined);
      before = { key: mod ? '' : key, at: Date.now() };
      if (found === undefined) return;
      event.preventDefault();
      found.run();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function isBehindDialog(): boolean {
  return document.querySelector('[role="dialog"][aria-modal="true"]') !== null;
}

/** ⌘ on a Mac, Ctrl elsewhere. */
export function keyNames(keys: string): readonly string[] {
  const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);
  return keys.split(/[ +]/).map((key) => (key === 'mod' ? (mac ? '⌘' : 'Ctrl') : key));
}
