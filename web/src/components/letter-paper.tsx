import { useEffect, useMemo, useRef, useState } from 'react';
import { takeNonce } from '../lib/nonce.ts';

interface LetterPaperProps {
  /** What it is, for those who listen: "Letter to Ada Example". */
  readonly title: string;
  /** The whole document as the server made it: sanitised, without scripts. */
  readonly html: string;
}

/**
 * A letter as its reader sees it: a document of its own, in which no script runs and from which nothing is
 * loaded. Links open in a tab of their own.
 */
export function LetterPaper({ title, html }: LetterPaperProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(360);
  const shown = useMemo(() => paperDocument(html, takeNonce()), [html]);
  const measure = (): void => {
    const root = frame.current?.contentDocument?.documentElement;
    const body = frame.current?.contentDocument?.body;
    if (root !== undefined && root !== null) setHeight(Math.min(4_000, Math.max(120, body?.scrollHeight ?? root.scrollHeight)));
  };
  useEffect(() => {
    addEventListener('resize', measure);
    return () => removeEventListener('resize', measure);
  });
  return (
    <iframe
      ref={frame}
      title={title}
      className="letter-paper"
      // The same origin so that its height can be read; scripts are not allowed, whatever is in it.
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      srcDoc={shown}
      height={height}
      onLoad={measure}
    />
  );
}

const TAG = /<[a-z][a-z0-9]*(?:\s+[a-z-]+(?:="[^"]*")?)*\s*\/?>/gi;

/**
 * The page's policy holds in the frame too: it takes no style that stands at an element, and no picture of
 * another host. So styles become classes under the page's one-time word, and such a picture its description.
 */
export function paperDocument(html: string, nonce: string): string {
  const styles = new Map<string, string>();
  const plain = html.replace(TAG, (tag) => {
    const picture = /^<img\s/i.test(tag) && /\ssrc="(?!data:|blob:)/i.test(tag);
    const seen = picture ? pictureText(tag) : tag;
    return seen.replace(/\sstyle="([^"]*)"/i, (_, style: string) => {
      const name = styles.get(style) ?? `s${styles.size}`;
      styles.set(style, name);
      return ` class="${name}"`;
    });
  });
  const rules = [...styles].map(([style, name]) => `.${name}{${unescaped(style).replace(/[<>{}]/g, '')}}`).join('\n');
  const head = `<base target="_blank"><style nonce="${nonce}">${rules}\n.no-picture{border:1px dashed;padding:6px 10px;display:inline-block;margin:0 0 12px}</style></head>`;
  return plain.replace(/<\/head>/i, () => head);
}

function pictureText(tag: string): string {
  const alt = /\salt="([^"]*)"/i.exec(tag)?.[1] ?? '';
  return `<span class="no-picture">${alt.replaceAll('<', '&lt;')}</span>`;
}

function unescaped(text: string): string {
  return text.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
