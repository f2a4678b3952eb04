import type { Page } from 'playwright-core';
import type { OpenOptions, Who } from '../support/pages.ts';
import type { SampleFeed } from '../support/sample-feed.ts';
import type { Library } from './library.ts';

/** A picture that is taken: in both languages, light and dark, wide and narrow. */
export interface Shot {
  /** Name of its files, e.g. `users-columns`. */
  readonly name: string;
  readonly path: string | ((library: Library & SampleFeed) => string);
  readonly as?: Who;
  /** What has to be opened or typed first. */
  readonly prepare?: (page: Page, options: Required<Pick<OpenOptions, 'language' | 'scheme' | 'width'>>) => Promise<void>;
  /** Only what is in the window, for dialogs; else the whole page. */
  readonly window?: true;
}
