import type { Catalogue } from './catalogue.ts';

/** Approval of large runs, and the mails that staff get about runs. */
export const oversightTexts = {
  'runs.waits_for_approval': { en: 'Waits for the approval of a second person', de: 'Wartet auf die Freigabe durch eine zweite Person' },
  'oversight.rejected': { en: 'Rejected by a second person', de: 'Von einer zweiten Person abgelehnt' },
  'oversight.not_waiting': {
    en: 'Run {id} does not wait for an approval ({state}).',
    de: 'Lauf {id} wartet nicht auf eine Freigabe ({state}).',
  },
  'access.own_approval': {
    en: 'Run {id} was started by you; somebody else has to approve it.',
    de: 'Lauf {id} wurde von Ihnen gestartet; freigeben muss ihn jemand anderes.',
  },
  'oversight.needs_approval': {
    en: 'Run {id} waits for a second person’s approval (muster jobs approve {id}).',
    de: 'Lauf {id} wartet auf die Freigabe durch eine zweite Person (muster jobs approve {id}).',
  },
  'oversight.members_differ': {
    en: 'The members of run {id} are no longer those that were asked about. Reject it and start again.',
    de: 'Die Mitglieder von Lauf {id} sind nicht mehr die, um die es ging. Bitte ablehnen und neu starten.',
  },
  'oversight.only_users': {
    en: 'Mails about runs go to users; you act as {actor}.',
    de: 'Mails über Läufe gehen an Benutzer; Sie handeln als {actor}.',
  },
  'oversight.mail.ended.subject': { en: 'Run {id} has ended: {name}', de: 'Lauf {id} ist zu Ende: {name}' },
  'oversight.mail.failed.subject': { en: 'Run {id} has failed: {name}', de: 'Lauf {id} ist fehlgeschlagen: {name}' },
  'oversight.mail.waits.subject': { en: 'Run {id} waits for a person: {name}', de: 'Lauf {id} wartet auf eine Person: {name}' },
  'oversight.mail.state': { en: 'State: {state}', de: 'Stand: {state}' },
  'oversight.mail.reason': { en: 'Reason: {reason}', de: 'Grund: {reason}' },
  'oversight.mail.author': { en: 'Started by: {author}', de: 'Gestartet von: {author}' },
  'oversight.mail.members': { en: 'Members: {count}', de: 'Mitglieder: {count}' },
  'oversight.mail.changed': { en: 'Changed: {count}', de: 'Geändert: {count}' },
  'oversight.mail.unchanged': { en: 'Unchanged: {count}', de: 'Unverändert: {count}' },
  'oversight.mail.skipped': { en: 'Skipped: {count}', de: 'Übersprungen: {count}' },
  'oversight.mail.failed': { en: 'Failed: {count}', de: 'Fehlgeschlagen: {count}' },
  'oversight.mail.conflict': { en: 'Conflicts: {count}', de: 'Konflikte: {count}' },
  'oversight.mail.link': { en: 'Report: {url}', de: 'Bericht: {url}' },
  'oversight.mail.command': { en: 'Report: muster jobs show {id}', de: 'Bericht: muster jobs show {id}' },
  'oversight.mail.gone': { en: 'The recipient may no longer see runs', de: 'Der Empfänger darf Läufe nicht mehr sehen' },

  'cli.jobs.none_waiting': { en: 'No run waits for a person.', de: 'Kein Lauf wartet auf eine Person.' },
  'cli.jobs.reject_reason': { en: 'why; the author reads it', de: 'warum; der Verfasser liest es' },
  'cli.jobs.subscribe_run': { en: 'about this run', de: 'zu diesem Lauf' },
  'cli.jobs.subscribe_schedule': { en: 'about the runs of this schedule', de: 'zu den Läufen dieses Zeitplans' },
  'cli.jobs.subscribe_mine': { en: 'about all runs of one’s own', de: 'zu allen eigenen Läufen' },
  'cli.jobs.subscribe_waiting': { en: 'about every run that waits for a person', de: 'zu jedem Lauf, der auf eine Person wartet' },
  'cli.jobs.subscribe_off': { en: 'no longer', de: 'nicht mehr' },
  'cli.jobs.subscribe_which': {
    en: 'Name one: --run, --schedule, --mine or --waiting.',
    de: 'Bitte eines angeben: --run, --schedule, --mine oder --waiting.',
  },
  'cli.jobs.subscribed': { en: 'You will be told by mail.', de: 'Sie werden per Mail benachrichtigt.' },
  'cli.jobs.unsubscribed': { en: 'You will no longer be told.', de: 'Sie werden nicht mehr benachrichtigt.' },
} as const satisfies Catalogue;
