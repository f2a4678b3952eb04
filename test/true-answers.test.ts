import { expect, it } from 'vitest';
import { z } from 'zod';
import { type Context, operation } from '../src/core/index.ts';

it('every operation that a test calls is held to the schema of its answer', async () => {
  const answering = (answer: unknown) =>
    operation({
      name: 'test.answer',
      summary: { en: 'Answers', de: 'Antwortet' },
      privilege: 'users:read',
      input: z.object({}),
      output: z.object({ users: z.number() }),
      audit: () => ({ entity: 'test', id: null }),
      run: () => Promise.resolve(answer as { users: number }),
    }).run({} as Context, {});
  await expect(answering({ users: 1 })).resolves.toEqual({ users: 1 });
  await expect(answering({ users: '1' })).rejects.toThrow('answers something else than its schema says');
  await expect(answering({ users: 1, more: 2 })).rejects.toThrow('answers more than its schema says');
});
