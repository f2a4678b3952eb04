/** What `npm start` fills a new data directory with: a made-up library to try everything on, clearly said to be one. */
import { perform, setSetting } from '../access/index.ts';
import { say } from '../core/index.ts';
import { generateUsers } from '../feeds/index.ts';
import { isInUse, saveTemplate } from '../runs/index.ts';
import { createSet } from '../sets/index.ts';
import type { Config } from './config.ts';
import type { App } from './open.ts';

/** As many as a small university has; the same ones each time. */
const SAMPLE_USERS = 5_000;
const SEED = 7;

/** Those who have graduated this year and whom the feed has let expire. */
const GRADUATES = 'user_group = "GRAD" and account_type = "EXTERNAL" and expiry_date < today and expiry_date >= today - 12 months';
const WITHOUT_MAIL = 'has no email';

/** Only in a database of Muster's own, which nobody has configured for anything. */
export function maySample(config: Config): boolean {
  return config.databaseUrl === undefined;
}

/** Fills a library in which there is nobody yet; answers how many users were made, null when there was somebody already. */
export async function fillSample(app: App): Promise<number | null> {
  if (await isInUse(app.db.pool)) return null;
  const { language } = app.config;
  const ctx = await app.contextFor(undefined, 'server', language);
  await perform(ctx, setSetting, { name: 'library.name', value: say(language, 'app.sample_library', {}) });
  await perform(ctx, generateUsers, { count: SAMPLE_USERS, seed: SEED });
  await perform(ctx, createSet, { name: say(language, 'cli.demo.set_name', {}), where: GRADUATES, private: false });
  await perform(ctx, createSet, { name: say(language, 'app.sample_without_mail', {}), where: WITHOUT_MAIL, private: false });
  await perform(ctx, saveTemplate, {
    name: say(language, 'app.sample_template', {}),
    description: say(language, 'app.sample_template_about', {}),
    private: false,
    plan: {
      changes: [
        { change: 'account_type', set: 'INTERNAL', credentials: 'password' },
        { change: 'user_group', set: 'ALUMNI' },
        { change: 'expiry_date', shift: { years: 1 } },
        { change: 'purge_date', relative_to: 'expiry_date', shift: { years: 1 } },
      ],
      notify: { type: 'ACCOUNT_TYPE_CHANGED' },
    },
  });
  return SAMPLE_USERS;
}
