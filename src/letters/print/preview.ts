import { buffer } from 'node:stream/consumers';
import type { Context } from '../../core/index.ts';
import { todayIn } from '../../core/index.ts';
import type { Block as LetterBlock } from '../text/types.ts';
import { addressLines, type PostalAddress } from './address.ts';
import { printBlocks } from './content.ts';
import { printLetter } from './letter-pages.ts';
import { Pen } from './pen.ts';
import { type Layout, readPrintSettings } from './settings.ts';
import { SHEETS } from './sheet.ts';
import { writtenDate } from '../text/letter-date.ts';

export interface PrintPreview {
  readonly pdf: Buffer;
  readonly pages: number;
  /** Text code of why the user would get no letter on paper; the window shows the name alone then. */
  readonly noPlace: string | null;
  /** Characters that no font has. */
  readonly missing: readonly string[];
}

/** A letter as one user would get it on paper. Passwords are masked by who gives the letter. */
export async function printPreview(
  ctx: Context,
  letter: { readonly language: string; readonly subject: string; readonly blocks: readonly LetterBlock[] },
  user: { readonly name: string; readonly address: PostalAddress | undefined },
  layout?: Layout,
): Promise<PrintPreview> {
  const settings = await readPrintSettings(ctx.db.pool, layout);
  const lines = addressLines(user.name, user.address, { home: settings.home, language: settings.language });
  const pen = new Pen({ title: letter.subject, language: letter.language, ...SHEETS[settings.layout] });
  const whole = buffer(pen.doc);
  const { pages, missing } = printLetter(
    pen,
    {
      language: letter.language,
      subject: letter.subject,
      blocks: printBlocks(letter.blocks),
      address: 'code' in lines ? [user.name] : lines,
      date: writtenDate(todayIn(ctx.timeZone), letter.language),
    },
    settings.stationery,
  );
  pen.end();
  return { pdf: await whole, pages, noPlace: 'code' in lines ? lines.code : null, missing };
}
