import { childKind } from '../child-kind.ts';

export const statistic = childKind({
  name: 'statistic',
  help: { en: 'Adds or removes statistical categories.', de: 'Fügt statistische Kategorien hinzu oder entfernt sie.' },
  verbs: ['add', 'remove', 'edit'],
  key: 'category',
  examples: [
    { change: 'statistic', add: { category: 'Graduate' } },
    { change: 'statistic', remove: { category: 'Graduate' } },
  ],
});
