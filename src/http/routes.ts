/**
 * The API's addresses, each with the operation it performs. `:name` in a path is the input field of
 * that name; the other fields come from the query (GET, DELETE) or the JSON body. Operations with a
 * file to read take multipart/form-data as well.
 */

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Route {
  readonly method: Method;
  readonly path: string;
  /** Name of the operation. */
  readonly operation: string;
  /** Status of success; 200 unless said otherwise. */
  readonly status?: 201 | 202;
  /** The input's paging field: callers give it as an opaque `cursor`, and get the next one. */
  readonly cursor?: string;
  /** What the ETag of the answer, or If-Match of the request, is about. */
  readonly tag?: 'user' | 'set';
  /** The answer is the file that the operation writes. */
  readonly file?: true;
}

const get = (path: string, operation: string, more: Partial<Route> = {}): Route => ({ method: 'GET', path, operation, ...more });
const post = (path: string, operation: string, more: Partial<Route> = {}): Route => ({ method: 'POST', path, operation, ...more });
const put = (path: string, operation: string, more: Partial<Route> = {}): Route => ({ method: 'PUT', path, operation, ...more });
const patch = (path: string, operation: string, more: Partial<Route> = {}): Route => ({ method: 'PATCH', path, operation, ...more });
const remove = (path: string, operation: string, more: Partial<Route> = {}): Route => ({ method: 'DELETE', path, operation, ...more });

export const ROUTES: readonly Route[] = [
  get('/api/users', 'users.search', { cursor: 'after' }),
  get('/api/users/export', 'users.export', { file: true }),
  post('/api/users/import', 'users.import'),
  post('/api/users/import-circulation', 'users.import_circulation'),
  get('/api/feeds', 'feed.list'),
  post('/api/feeds', 'feed.create', { status: 201 }),
  get('/api/feeds/:code', 'feed.show'),
  patch('/api/feeds/:code', 'feed.update'),
  remove('/api/feeds/:code', 'feed.delete'),
  post('/api/feeds/:code/preview', 'feed.preview'),
  post('/api/feeds/:code/load', 'feed.load'),
  post('/api/feeds/:code/fetch', 'feed.fetch'),
  get('/api/feeds/:code/changed', 'feed.changed'),
  post('/api/feeds/:code/export', 'feed.export', { file: true }),
  get('/api/feed-files', 'feed.files', { cursor: 'before' }),
  get('/api/feed-files/:id/preview', 'feed.preview_held'),
  post('/api/feed-files/:id/confirm', 'feed.confirm'),
  post('/api/feed-files/:id/discard', 'feed.discard'),
  get('/api/runs/:run/rejections', 'feed.rejections', { cursor: 'after' }),
  post('/api/users/generate', 'users.generate', { status: 201 }),
  get('/api/users/:user', 'users.show', { tag: 'user' }),
  patch('/api/users/:user', 'user.update', { tag: 'user' }),
  get('/api/users/:user/history', 'users.history', { cursor: 'before' }),
  post('/api/users/query', 'users.query'),
  post('/api/users/list', 'users.list'),
  get('/api/users/:user/record', 'users.record'),
  post('/api/users', 'user.create', { status: 201 }),
  put('/api/users/:user', 'user.replace', { tag: 'user' }),
  get('/api/users/:user/circulation', 'users.circulation'),
  get('/api/users/:user/messages', 'users.messages', { cursor: 'after' }),
  post('/api/users/:user/sign-in-link', 'access.issue_link', { status: 201 }),
  post('/api/users/:user/temporary-password', 'access.issue_password', { status: 201 }),

  get('/api/sets', 'set.list'),
  post('/api/sets', 'set.create', { status: 201 }),
  post('/api/sets/check-file', 'set.check_file'),
  post('/api/sets/compare', 'set.compare'),
  post('/api/sets/combine', 'set.combine', { status: 201 }),
  post('/api/sets/from-run', 'set.from_run', { status: 201 }),
  post('/api/sets/from-preview', 'set.from_preview', { status: 201 }),
  get('/api/sets/:set', 'set.show', { tag: 'set' }),
  patch('/api/sets/:set', 'set.update', { tag: 'set' }),
  remove('/api/sets/:set', 'set.delete', { tag: 'set' }),
  get('/api/sets/:set/members', 'set.members', { cursor: 'after' }),
  post('/api/sets/:set/members', 'set.add_members'),
  post('/api/sets/:set/members/remove', 'set.remove_members'),
  post('/api/sets/:set/members/replace', 'set.replace_members'),
  get('/api/sets/:set/file-lines', 'set.file_lines', { cursor: 'after' }),
  post('/api/values', 'values.upload', { status: 201 }),

  post('/api/previews', 'job.preview'),
  post('/api/previews/users', 'job.preview_users'),
  get('/api/runs', 'job.list', { cursor: 'before' }),
  post('/api/runs', 'job.run', { status: 201 }),
  get('/api/runs/:id', 'job.show'),
  get('/api/runs/:id/outcomes', 'job.outcomes', { cursor: 'after' }),
  get('/api/runs/:id/report', 'job.report'),
  get('/api/runs/:id/outcomes.csv', 'job.report', { file: true }),
  post('/api/runs/:id/pause', 'job.pause'),
  post('/api/runs/:id/resume', 'job.resume'),
  post('/api/runs/:id/abort', 'job.abort'),
  post('/api/runs/:id/undo', 'job.undo', { status: 201 }),
  post('/api/runs/:id/undo/preview', 'job.preview_undo'),

  get('/api/providers', 'provider.list'),
  post('/api/providers', 'provider.create', { status: 201 }),
  patch('/api/providers/:code', 'provider.update'),
  remove('/api/providers/:code', 'provider.delete'),
  post('/api/providers/:code/test', 'provider.test'),

  get('/api/runs/:id/changed-users', 'job.changed_users', { cursor: 'after' }),
  get('/api/library', 'library.about'),
  get('/api/library/figures', 'library.figures'),
  get('/api/library/letters', 'library.recent_letters'),
  get('/api/approvals', 'job.waiting'),
  post('/api/approvals/:id/approve', 'job.approve'),
  post('/api/approvals/:id/reject', 'job.reject'),
  post('/api/runs/subscriptions', 'job.subscribe'),

  get('/api/code-tables', 'code_table.list'),
  get('/api/code-tables/:table', 'code_table.show'),
  post('/api/code-tables/:table/codes', 'code.add', { status: 201 }),
  patch('/api/code-tables/:table/codes/:code', 'code.update'),
  post('/api/code-tables/:table/codes/:code/switch', 'code.switch'),

  get('/api/templates', 'template.list'),
  post('/api/templates', 'template.save', { status: 201 }),
  get('/api/templates/:name', 'template.show'),
  remove('/api/templates/:name', 'template.delete'),
  get('/api/schedules', 'schedule.list'),
  post('/api/schedules', 'schedule.create', { status: 201 }),
  patch('/api/schedules/:id', 'schedule.switch'),
  remove('/api/schedules/:id', 'schedule.delete'),

  get('/api/letters', 'letter.list'),
  get('/api/letters/:type', 'letter.show'),
  put('/api/letters/:type/:language', 'letter.save'),
  post('/api/letters/:type/preview', 'letter.preview'),
  post('/api/letters/:type/test', 'letter.test_send'),
  get('/api/letter-fields', 'letter.fields'),
  post('/api/letter-import', 'letter.import_html'),
  get('/api/letter-check', 'letter.check'),
  get('/api/letter-awkward-users', 'letter.awkward_users'),
  put('/api/letter-frames/:language', 'letter_frame.save'),
  put('/api/letter-snippets/:name/:language', 'letter_snippet.save'),
  get('/api/letter-texts/:kind', 'letter_text.list'),
  get('/api/letter-texts/:kind/:code/:language', 'letter_text.show'),
  get('/api/letter-texts/:kind/:code/:language/versions', 'letter_text.versions'),
  get('/api/letter-texts/:kind/:code/:language/compare', 'letter_text.compare'),
  post('/api/letter-texts/:kind/:code/:language/publish', 'letter_text.publish'),
  post('/api/letter-texts/:kind/:code/:language/roll-back', 'letter_text.roll_back'),
  post('/api/letter-texts/:kind/:code/:language/withdraw', 'letter_text.withdraw'),
  get('/api/notification-types', 'notification_type.list'),
  post('/api/notification-types', 'notification_type.create', { status: 201 }),
  post('/api/notification-types/reorder', 'notification_type.reorder'),
  get('/api/notification-types/:code', 'notification_type.show'),
  patch('/api/notification-types/:code', 'notification_type.update'),
  remove('/api/notification-types/:code', 'notification_type.delete'),
  post('/api/notification-types/:code/default', 'notification_type.set_default'),
  get('/api/print-batches', 'print.list', { cursor: 'before' }),
  post('/api/print-batches', 'print.make', { status: 202 }),
  get('/api/print-batches/:id', 'print.show', { cursor: 'after' }),
  get('/api/print-batches/:id/files/:part', 'print.download', { file: true }),
  remove('/api/print-batches/:id', 'print.delete'),
  get('/api/outbox', 'outbox.list'),
  get('/api/outbox/counts', 'outbox.counts'),
  get('/api/outbox/mailbox', 'outbox.mailbox', { cursor: 'after' }),
  get('/api/outbox/pauses', 'outbox.pauses'),
  get('/api/outbox/:id', 'outbox.show'),
  post('/api/outbox/retry', 'outbox.retry'),
  post('/api/outbox/cancel', 'outbox.cancel'),
  post('/api/outbox/pause', 'outbox.pause'),
  post('/api/outbox/resume', 'outbox.resume'),
  post('/api/outbox/resolve', 'outbox.resolve'),

  get('/api/suppressions', 'suppression.list', { cursor: 'after' }),
  post('/api/suppressions', 'suppression.add', { status: 201 }),
  post('/api/suppressions/lift', 'suppression.lift'),
  get('/api/suppressions/export', 'suppression.export', { file: true }),
  post('/api/suppressions/import', 'suppression.import'),
  get('/api/bounces', 'bounce.list', { cursor: 'before' }),
  post('/api/bounces', 'bounce.take'),
  get('/api/channels', 'channel.show'),
  post('/api/channels/:channel/test', 'channel.test'),

  get('/api/access/me', 'access.me'),
  get('/api/access/roles', 'access.roles'),
  put('/api/access/roles/:role', 'access.set_role'),
  get('/api/access/profiles', 'profile.list'),
  post('/api/access/profiles', 'profile.create', { status: 201 }),
  get('/api/access/profiles/:name', 'profile.show'),
  patch('/api/access/profiles/:name', 'profile.update'),
  remove('/api/access/profiles/:name', 'profile.delete'),
  get('/api/access/rules', 'rule.list'),
  post('/api/access/rules', 'rule.create', { status: 201 }),
  get('/api/access/rules/:name', 'rule.show'),
  patch('/api/access/rules/:name', 'rule.update'),
  remove('/api/access/rules/:name', 'rule.delete'),
  get('/api/access/report', 'access.report', { cursor: 'after' }),
  get('/api/access/report.csv', 'access.report_export', { file: true }),
  get('/api/own/sessions', 'session.list_own'),
  post('/api/own/sessions/end', 'session.end_own'),
  get('/api/access/sessions', 'session.list', { cursor: 'before' }),
  post('/api/access/sessions/end', 'session.end'),
  get('/api/keys', 'key.list'),
  post('/api/keys', 'key.create', { status: 201 }),
  remove('/api/keys/:id', 'key.revoke'),
  get('/api/audit', 'audit.search', { cursor: 'before' }),
  get('/api/audit/export', 'audit.export', { file: true }),
  post('/api/users/:keep/merge/preview', 'user.preview_merge'),
  post('/api/users/:keep/merge', 'user.merge', { status: 201 }),
  post('/api/users/:user/erase', 'user.erase'),
  get('/api/users/:user/personal-data', 'user.personal_data'),
  get('/api/own/personal-data', 'own.personal_data'),
  get('/api/erasures', 'erasure.list', { cursor: 'before' }),
  get('/api/erasures/hashes', 'erasure.list', { file: true }),
  post('/api/erasures/reapply', 'erasure.reapply'),
  post('/api/purge/preview', 'purge.preview'),
  get('/api/purge/statistics', 'purge.statistics'),
  post('/api/purge', 'purge.run', { status: 201 }),
  get('/api/retention', 'retention.show'),
  post('/api/retention/apply', 'retention.apply'),
  get('/api/webhooks', 'webhook.list'),
  post('/api/webhooks', 'webhook.create', { status: 201 }),
  patch('/api/webhooks/:id', 'webhook.update'),
  remove('/api/webhooks/:id', 'webhook.delete'),
  post('/api/webhooks/:webhook/retry', 'webhook.retry'),
  get('/api/webhooks/deliveries', 'webhook.deliveries', { cursor: 'before' }),
  get('/api/system/health', 'system.health'),
  get('/api/settings', 'settings.list'),
  get('/api/settings/:name', 'settings.get'),
  put('/api/settings/:name', 'settings.set'),
];

/** Operations that have no address of their own: they are reached by `POST /api/operations/{name}`. */
export const UNROUTED: ReadonlySet<string> = new Set<string>([
  // A password in; programs that need it speak Alma's API, which has an address for it.
  'user.authenticate',
]);
