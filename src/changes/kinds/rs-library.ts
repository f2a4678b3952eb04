import { childKind } from '../child-kind.ts';

export const rsLibrary = childKind({
  name: 'rs_library',
  help: { en: 'Adds or removes resource-sharing libraries.', de: 'Fügt Fernleihbibliotheken hinzu oder entfernt sie.' },
  verbs: ['add', 'remove'],
  key: 'code',
  examples: [
    { change: 'rs_library', add: { code: 'MAIN' } },
    { change: 'rs_library', remove: { code: 'MAIN' } },
  ],
});
