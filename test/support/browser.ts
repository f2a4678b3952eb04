/** As much of a browser as signing in needs: cookies, redirects, forms, and what it says of a request's origin. */
export interface Visited {
  readonly status: number;
  readonly url: string;
  readonly headers: Headers;
  readonly text: string;
}

export class Browser {
  /** By host, as browsers keep them: the port does not matter. */
  readonly #jar = new Map<string, Map<string, string>>();
  readonly language: string;

  constructor(language = 'en') {
    this.language = language;
  }

  /** Opens an address and goes where it leads. */
  open(url: string): Promise<Visited> {
    return this.#go(url, { method: 'GET' }, true);
  }

  /** Opens an address, and only looks at where it would lead. */
  look(url: string): Promise<Visited> {
    return this.#go(url, { method: 'GET' }, false);
  }

  /** Sends a form of a page of the same server. */
  send(url: string, fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}): Promise<Visited> {
    const own = { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(url).origin, 'sec-fetch-site': 'same-origin' };
    return this.#go(url, { method: 'POST', body: new URLSearchParams(fields).toString(), headers: { ...own, ...headers } }, false);
  }

  cookie(url: string, name: string): string | undefined {
    return this.#jar.get(new URL(url).hostname)?.get(name);
  }

  setCookie(url: string, name: string, value: string): void {
    this.#cookies(url).set(name, value);
  }

  async #go(url: string, init: { method: string; body?: string; headers?: Record<string, string> }, follow: boolean): Promise<Visited> {
    const cookies = [...this.#cookies(url)].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { 'accept-language': this.language, ...init.headers, ...(cookies === '' ? {} : { cookie: cookies }) };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) this.#keep(url, line);
    const target = response.headers.get('location');
    if (follow && target !== null) {
      await response.body?.cancel();
      return this.#go(new URL(target, url).href, { method: 'GET' }, true);
    }
    return { status: response.status, url, headers: response.headers, text: await response.text() };
  }

  #keep(url: string, line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const name = pair.slice(0, pair.indexOf('='));
    const expires = attributes.find((attribute) => /^expires=/i.test(attribute))?.slice(8);
    const over =
      attributes.some((attribute) => /^max-age=0$/i.test(attribute)) || (expires !== undefined && Date.parse(expires) < Date.now());
    if (over) this.#cookies(url).delete(name);
    else this.#cookies(url).set(name, pair.slice(name.length + 1));
  }

  #cookies(url: string): Map<string, string> {
    const { hostname } = new URL(url);
    const present = this.#jar.get(hostname) ?? new Map<string, string>();
    this.#jar.set(hostname, present);
    return present;
  }
}
