/** What is no longer true when a file was taken, loaded, or left out. A look at a held file is not asked for again: it is held no more. */
export const MOVED = ['feed.list', 'feed.show', 'feed.files', 'job.list', 'job.waiting', 'set.list'] as const;
