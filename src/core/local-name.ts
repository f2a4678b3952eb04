/**
 * A name that came from elsewhere as the name of a file here: no path, nothing that a file system or a terminal
 * understands otherwise, and its ending kept. `../../etc/passwd` → `passwd`.
 */
export function localName(name: string): string {
  const base = name.split(/[/\\]/).at(-1) ?? '';
  return (
    base
      .replace(/[^\p{L}\p{N} ._-]/gu, '_')
      .replace(/^\.+/, '')
      .slice(-80) || 'file'
  );
}
