/**
 * Searching as one types: from each key to the rows of the text that stands in the field then, drawn. Whatever the
 * page waits before it asks is in it. Taken in the page: the key's own time, and the frame after the rows.
 */
import type { Desk } from './desk.ts';

export interface Typed {
  readonly text: string;
  /** Milliseconds from the last key to the rows of this text. */
  readonly ms: number;
}

/** Milliseconds between keys of somebody who types fast; the next letter waits for the answer to the one before. */
const BETWEEN_MS = 120;

export async function typeLetterByLetter(desk: Desk, words: readonly string[]): Promise<Typed[]> {
  const { context, page } = await desk.sit();
  try {
    await page.addInitScript(listen);
    await page.goto(`${desk.url}/users`);
    const field = page.getByRole('searchbox');
    await page.locator('table.data tbody tr[data-index]').first().waitFor();
    const typed: Typed[] = [];
    const known = new Set<string>();
    for (const word of words) {
      await field.fill('');
      await page.waitForTimeout(1_000);
      let text = '';
      for (const letter of word) {
        text += letter;
        await page.keyboard.type(letter);
        // After a blank the page searches for the same as before, and what was answered a moment ago is not asked again.
        if (letter === ' ' || known.has(text)) continue;
        known.add(text);
        const ms = await page.waitForFunction((wanted) => (globalThis as { answers?: Map<string, number> }).answers?.get(wanted), text, {
          polling: 50,
        });
        typed.push({ text, ms: (await ms.jsonValue()) as number }); // what `listen` has put there
        await page.waitForTimeout(BETWEEN_MS);
      }
    }
    return typed;
  } finally {
    await context.close();
  }
}

/** Runs in the page: notes when the answer to a text has come, and then when the table has drawn it. */
function listen(): void {
  const answers = new Map<string, number>();
  const keys = new Map<string, number>();
  Object.assign(globalThis, { answers });
  addEventListener(
    'input',
    (event) => {
      const field = event.target as HTMLInputElement; // the only one here that is typed into
      answers.delete(field.value.trim());
      keys.set(field.value.trim(), event.timeStamp);
    },
    true,
  );
  const drawn = (text: string): void => {
    // The rows are drawn when the table waits for nothing; what comes later is of another text.
    if (document.querySelector('.users-card [role="status"]:is(.vh, .state-rows)') !== null)
      return void requestAnimationFrame(() => drawn(text));
    requestAnimationFrame(() => setTimeout(() => answers.set(text, performance.now() - (keys.get(text) ?? Number.NaN))));
  };
  const plain = globalThis.fetch;
  globalThis.fetch = async (...asked: Parameters<typeof fetch>) => {
    const answer = await plain(...asked);
    const [address, init] = asked;
    if (!String(address).endsWith('/api/operations/users.list')) return answer;
    const { text, limit } = JSON.parse(String(init?.body)) as { text?: string; limit: number }; // as the page writes it
    if (text === undefined || limit === 0) return answer;
    const json = answer.json.bind(answer);
    answer.json = async () => {
      const data: unknown = await json();
      // Once the page has had its turn with it.
      setTimeout(() => drawn(text));
      return data;
    };
    return answer;
  };
}
