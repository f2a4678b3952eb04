import { childKind } from '../child-kind.ts';

export const note = childKind({
  name: 'note',
  help: {
    en: 'Adds notes; edits or removes those that match (type, text contains, created before).',
    de: 'Fügt Notizen hinzu; ändert oder entfernt passende (Typ, Text enthält, angelegt vor).',
  },
  verbs: ['add', 'remove', 'edit'],
  defaults: { type: 'POPUP', user_viewable: false, popup: false },
  key: 'type',
  examples: [
    { change: 'note', add: { text: 'Checked in the summer inventory.', type: 'LIBRARY' } },
    { change: 'note', edit: { match: { text_contains: 'old desk' }, set: { text: 'New desk' } } },
    { change: 'note', remove: { type: 'LIBRARY', created_at_before: 'today - 5 years' } },
  ],
});
