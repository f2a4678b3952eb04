import type { Catalogue } from './catalogue.ts';

/** What can be done about a user whom a run skipped, could not change, or left alone. Named after the reason. */
export const adviceTexts = {
  'advice.changes.condition_not_met': {
    en: 'Nothing to do: the plan left them out on purpose',
    de: 'Nichts zu tun: Der Plan hat sie mit Absicht ausgenommen',
  },
  'advice.changes.other_failed': {
    en: 'Mend what the other change failed at, then run the plan again for them',
    de: 'Beheben Sie, woran die andere Änderung gescheitert ist, und starten Sie den Plan für sie noch einmal',
  },
  'advice.changes.no_row': {
    en: 'Add their rows to the table, and run the plan with it',
    de: 'Ergänzen Sie ihre Zeilen in der Tabelle und starten Sie den Plan damit',
  },
  'advice.changes.empty_cell': {
    en: 'Fill in their cells, or leave them as they are',
    de: 'Füllen Sie ihre Zellen aus oder lassen Sie sie, wie sie sind',
  },
  'advice.changes.no_date': {
    en: 'Set a date for them first: there is none to move',
    de: 'Setzen Sie für sie zuerst ein Datum: Es gibt keines, das sich verschieben ließe',
  },
  'advice.changes.date_out_of_range': {
    en: 'Correct their present date, or choose a smaller step',
    de: 'Berichtigen Sie ihr jetziges Datum oder wählen Sie einen kleineren Schritt',
  },
  'advice.changes.not_internal': {
    en: 'Make the account internal first: external passwords are the university’s',
    de: 'Machen Sie das Konto zuerst intern: Passwörter externer Konten gehören der Hochschule',
  },
  'advice.changes.identifier_taken': {
    en: 'Give one of the two users another identifier',
    de: 'Geben Sie einem der beiden Benutzer eine andere Kennung',
  },
  'advice.changes.constraint': {
    en: 'Look at their records: what they hold does not go with the new values',
    de: 'Sehen Sie sich ihre Datensätze an: Was darin steht, passt nicht zu den neuen Werten',
  },
  'advice.changes.impossible_value': {
    en: 'Look at what the plan would make of them, and change the plan',
    de: 'Sehen Sie nach, was der Plan aus ihnen machen würde, und ändern Sie den Plan',
  },
  'advice.changes.not_permitted': {
    en: 'Have an administrator run the plan for them',
    de: 'Lassen Sie den Plan für sie von der Administration starten',
  },
  'advice.changes.moved_strict': {
    en: 'Look at their new values, then run the plan again for them',
    de: 'Sehen Sie sich ihre neuen Werte an und starten Sie den Plan für sie noch einmal',
  },
  'advice.changes.protected_field': {
    en: 'Nothing to do: the field is held against the feed',
    de: 'Nichts zu tun: Das Feld wird gegen den Datenabgleich gehalten',
  },
  'advice.changes.purge_before_expiry': {
    en: 'Set the purge date as well, in the same plan',
    de: 'Setzen Sie im selben Plan auch das Löschdatum',
  },
  'advice.changes.role_needs_parameter': {
    en: 'Name the desk or service unit in the change',
    de: 'Nennen Sie in der Änderung die Theke oder die Serviceeinheit',
  },
  'advice.runs.changed_since': {
    en: 'Compare the values. Whoever changed them since meant something by it',
    de: 'Vergleichen Sie die Werte. Wer sie seither geändert hat, hatte einen Grund',
  },
  'advice.runs.own_record': { en: 'Have another administrator do it', de: 'Lassen Sie es von jemand anderem aus der Administration tun' },
  'advice.runs.user_erased': { en: 'Nothing to do: the user is erased', de: 'Nichts zu tun: Der Benutzer ist gelöscht' },
} as const satisfies Catalogue;
