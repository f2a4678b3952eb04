/** What is no longer true when a file was taken, loaded, or left out. */
export const MOVED = ['feed.list', 'feed.show', 'feed.files', 'feed.preview_held', 'job.list', 'job.waiting', 'set.list'] as const;
