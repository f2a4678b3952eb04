/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once, as without us. */
export function interrupted(): { readonly signal: Promise<'SIGINT' | 'SIGTERM'>; forget(): void } {
  const names = ['SIGINT', 'SIGTERM'] as const;
  let forget = (): void => undefined;
  const signal = new Promise<'SIGINT' | 'SIGTERM'>((resolve) => {
    const handlers = names.map((name) => {
      const handler = (): void => {
        forget();
        resolve(name);
      };
      process.once(name, handler);
      return [name, handler] as const;
    });
    forget = () => {
      for (const [name, handler] of handlers) process.off(name, handler);
    };
  });
  return { signal, forget: () => forget() };
}
