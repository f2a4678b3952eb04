import { childKind } from '../child-kind.ts';

export const address = childKind({
  name: 'address',
  help: { en: 'Edits or removes postal addresses that match.', de: 'Ändert oder entfernt passende Postadressen.' },
  verbs: ['remove', 'edit'],
  key: null,
  examples: [
    { change: 'address', remove: { types: 'school' } },
    { change: 'address', edit: { match: { city: 'Constance' }, set: { city: 'Konstanz' } } },
  ],
});
