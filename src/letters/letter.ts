/** The letter as the other parts of this room take it; how it is made is in `text/`. */
import type { LetterData } from './letter-data.ts';
import type { CompiledLetter, RenderedLetter, RenderUse } from './text/index.ts';

export type { CompiledLetter, RenderedLetter } from './text/index.ts';

/** Fills a letter in. Throws for a field that the data does not have. The subject is one line. */
export function renderLetter(letter: CompiledLetter, data: LetterData, use?: RenderUse): RenderedLetter {
  return letter.render(data, use);
}
