/** Schemes that a link in a letter may have. */
const ALLOWED = /^(?:https?:\/\/|mailto:|tel:)/i;
const WEB = /^https?:\/\//i;
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
/** `library.example.org/renew`, as staff write a web page; nothing that could be a scheme. */
const DOMAIN = /^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+(?:[/?#]\S*)?$/u;
const MAIL = /^[^\s@:/?#]+@[^\s@:/?#]+\.[^\s@:/?#]+$/;

/**
 * The address as a link may lead to it: http, https, mailto or tel; a bare domain gets `https://`, a bare
 * e-mail address `mailto:`. Undefined for anything else, so that no value can become a script.
 */
export function safeAddress(value: string, webOnly = false): string | undefined {
  const address = value.trim();
  // Spaces and control characters inside: browsers would drop some of them and read another scheme.
  if (address === '' || /[\s\p{Cc}"<>\\^`{|}]/u.test(address)) return undefined;
  if ((webOnly ? WEB : ALLOWED).test(address)) return URL.canParse(address) ? address : undefined;
  if (SCHEME.test(address) && !/^[^:/]+\.[^:/]+:\d+/.test(address)) return undefined;
  if (DOMAIN.test(address)) return `https://${address}`;
  return !webOnly && MAIL.test(address) ? `mailto:${address}` : undefined;
}
