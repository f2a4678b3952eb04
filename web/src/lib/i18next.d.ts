/** Keys of texts are known to the compiler: a text that there is not does not compile. One line per file of texts. */
import 'i18next';
import type adminAccess from '../locales/en/admin-access.json';
import type adminFeeds from '../locales/en/admin-feeds.json';
import type adminLibrary from '../locales/en/admin-library.json';
import type adminSystem from '../locales/en/admin-system.json';
import type administration from '../locales/en/administration.json';
import type common from '../locales/en/common.json';
import type filter from '../locales/en/filter.json';
import type jobs from '../locales/en/jobs.json';
import type letters from '../locales/en/letters.json';
import type merge from '../locales/en/merge.json';
import type newJob from '../locales/en/new-job.json';
import type outbox from '../locales/en/outbox.json';
import type sets from '../locales/en/sets.json';
import type start from '../locales/en/start.json';
import type users from '../locales/en/users.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    returnNull: false;
    resources: {
      'admin-access': typeof adminAccess;
      'admin-feeds': typeof adminFeeds;
      'admin-library': typeof adminLibrary;
      'admin-system': typeof adminSystem;
      administration: typeof administration;
      common: typeof common;
      filter: typeof filter;
      jobs: typeof jobs;
      letters: typeof letters;
      merge: typeof merge;
      'new-job': typeof newJob;
      outbox: typeof outbox;
      sets: typeof sets;
      start: typeof start;
      users: typeof users;
    };
  }
}
