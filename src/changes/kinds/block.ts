import { childKind } from '../child-kind.ts';

export const block = childKind({
  name: 'block',
  help: {
    en: 'Adds blocks; edits, deactivates, activates or removes those that match.',
    de: 'Fügt Sperren hinzu; ändert, deaktiviert, aktiviert oder entfernt passende.',
  },
  verbs: ['add', 'remove', 'edit', 'activate', 'deactivate'],
  defaults: { type: 'GENERAL', status: 'ACTIVE' },
  key: 'description',
  examples: [
    { change: 'block', add: { description: '02-GLOBAL', note: 'Please come to the desk.', expiry_date: '2027-03-31' } },
    { change: 'block', deactivate: { description: '02-GLOBAL' } },
    { change: 'block', remove: { status: 'INACTIVE', created_at_before: 'today - 2 years' } },
    { change: 'block', edit: { match: { description: '02-GLOBAL' }, set: { expiry_date: null } } },
  ],
});
