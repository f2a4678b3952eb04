declare global {
  // The name by which libraries that write their own styles look for it.
  var __webpack_nonce__: string | undefined;
}

/** The one-time word by which this answer of the server allows styles that scripts write; see docs/decisions/0023. */
export function takeNonce(): string {
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
  globalThis.__webpack_nonce__ = nonce;
  return nonce;
}
