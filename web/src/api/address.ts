/** An address of the server below the path that index.html names (a proxy may put one in front). */
export function addressOf(path: string): string {
  return new URL(path.replace(/^\//, ''), document.baseURI).href;
}

/** The path in front of every page of ours, without a slash at the end; mostly empty. */
export function basePath(): string {
  return new URL(document.baseURI).pathname.replace(/\/+$/, '');
}
