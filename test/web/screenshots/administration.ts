import type { Shot } from './shot.ts';

const CSV = [
  'primary_id,first_name,last_name,user_group,expiry_date',
  'term1,Ada,Example,UNDRGRD,2028-01-31',
  'term2,Jonas,Beispiel,UNDRGRD,soon',
  'term3,Mira,Holm,GRAD,2028-02-29',
].join('\n');

export const shots: readonly Shot[] = [
  { name: 'administration', path: '/administration' },
  { name: 'admin-roles', path: '/administration/roles' },
  { name: 'admin-holders', path: '/administration/roles?view=holders', window: true },
  { name: 'admin-profiles', path: '/administration/profiles' },
  { name: 'admin-rules', path: '/administration/rules' },
  { name: 'admin-keys', path: '/administration/keys' },
  { name: 'admin-providers', path: '/administration/providers' },
  { name: 'admin-sessions', path: '/administration/sessions' },
  { name: 'admin-library', path: '/administration/library' },
  { name: 'admin-code-tables', path: '/administration/code-tables' },
  { name: 'admin-channels', path: '/administration/channels' },
  { name: 'admin-letter-frame', path: '/administration/letter-frame' },
  {
    name: 'admin-import',
    path: '/administration/import',
    prepare: async (page, { language }) => {
      await page
        .getByLabel(language === 'de' ? 'Datei mit Benutzern' : 'File with users')
        .setInputFiles({ name: 'term.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) });
      await page.getByRole('button', { name: language === 'de' ? 'Datei prüfen' : 'Check the file' }).click();
      await page.getByRole('table', { name: language === 'de' ? 'Abgewiesene Datensätze' : 'Rejected records' }).waitFor();
    },
  },
  { name: 'admin-webhooks', path: '/administration/webhooks' },
  { name: 'admin-audit', path: '/administration/audit', window: true },
  { name: 'admin-retention', path: '/administration/retention' },
  {
    name: 'admin-erasures',
    path: '/administration/erasures',
    prepare: async (page, { language }) => {
      await page.getByRole('button', { name: language === 'de' ? 'Zeigen, wer gelöscht würde' : 'Look who would go' }).click();
    },
  },
  { name: 'admin-health', path: '/administration/health' },
];
