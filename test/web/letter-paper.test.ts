import { expect, it } from 'vitest';
import { paperDocument } from '../../web/src/components/letter-paper.tsx';

const letter = (body: string): string => `<!doctype html><html lang="en"><head><title>T</title>\n</head>\n<body>${body}</body></html>`;

it('styles of elements become classes under the one-time word, each once', () => {
  const made = paperDocument(
    letter('<p style="margin:0;font-family:&quot;A B&quot;">a</p><td align="left" style="margin:0;font-family:&quot;A B&quot;">b</td>'),
    'n0',
  );
  expect(made).toContain('<p class="s0">a</p><td align="left" class="s0">b</td>');
  expect(made.match(/<style nonce="n0">(.*)/)?.[1]).toBe('.s0{margin:0;font-family:"A B"}');
  expect(made).not.toMatch(/\sstyle="/);
});

it('pictures of other hosts become what they show; those within the letter stay', () => {
  const made = paperDocument(
    letter('<img src="https://x.example/logo.png" alt="Logo &amp; name" style="border:0"><img src="data:image/png;base64,AA" alt="">'),
    'n0',
  );
  expect(made).toContain('<span class="no-picture">Logo &amp; name</span>');
  expect(made).toContain('<img src="data:image/png;base64,AA" alt="">');
  expect(made).not.toContain('x.example');
});

it('text that looks like an element or a style stays text, and no style can end its sheet', () => {
  const made = paperDocument(letter('<p>&lt;p style="x"&gt; style="y"</p><p style="color:red}</style><b>">z</p>'), 'n0');
  expect(made).toContain('&lt;p style="x"&gt; style="y"');
  expect(made.match(/<\/style>/g)).toHaveLength(1);
});
