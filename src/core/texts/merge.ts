import type { Catalogue } from './catalogue.ts';

/** Two records of one person. */
export const mergeTexts = {
  'users.merged': {
    en: 'The record {id} was merged into {into}.',
    de: 'Der Datensatz {id} wurde mit {into} zusammengeführt.',
  },
  'runs.user_merged': { en: 'Merged into another record', de: 'Mit einem anderen Datensatz zusammengeführt' },
  'merge.run_name': { en: '{give_up} merged into {keep}', de: '{give_up} mit {keep} zusammengeführt' },
  'merge.same_record': {
    en: '“{keep}” and “{give_up}” are the same record.',
    de: '„{keep}“ und „{give_up}“ sind derselbe Datensatz.',
  },
  'merge.own_record': {
    en: 'Your own record is one of the two. Please ask a colleague.',
    de: 'Einer der beiden Datensätze ist Ihr eigener. Bitte wenden Sie sich an eine Kollegin oder einen Kollegen.',
  },
  'merge.outranks': {
    en: '{user} holds a staff role that you may not grant. Records of such users are not yours to merge.',
    de: '{user} hat eine Personalrolle, die Sie nicht vergeben dürfen. Solche Datensätze können Sie nicht zusammenführen.',
  },
  'merge.role_not_yours': {
    en: '{give_up} has the role {role}, which you may not grant; so you cannot give it to {keep}.',
    de: '{give_up} hat die Rolle {role}, die Sie nicht vergeben dürfen; daher können Sie sie {keep} nicht geben.',
  },
  'merge.feed_owns': {
    en: '{give_up} belongs to the feed {feed}, whose next files would be refused for the person. Keep {give_up} instead, or make it internal first.',
    de: '{give_up} gehört zum Zulieferer {feed}, dessen nächste Dateien bei der Person abgewiesen würden. Behalten Sie stattdessen {give_up} oder machen Sie das Konto zuerst intern.',
  },
  'merge.open_runs': {
    en: '{user} has started run {run}, which is not finished. Please wait for it or abort it.',
    de: '{user} hat den Lauf {run} gestartet, der noch nicht abgeschlossen ist. Bitte warten Sie ihn ab oder brechen Sie ihn ab.',
  },
  'merge.letters_under_way': {
    en: 'A letter to {user} is being sent, or nobody knows whether it arrived. Please try again in some minutes, or decide on it in the outbox.',
    de: 'Ein Brief an {user} wird gerade verschickt, oder es ist unbekannt, ob er angekommen ist. Bitte versuchen Sie es in einigen Minuten erneut, oder entscheiden Sie im Postausgang darüber.',
  },
  'merge.not_choosable': {
    en: 'There is nothing to choose for “{field}”. Fields to choose: {known}.',
    de: 'Für „{field}“ gibt es keine Auswahl. Auswählen lassen sich: {known}.',
  },
  'merge.nothing_to_take': {
    en: '{give_up} has no value for “{field}” that could be taken.',
    de: '{give_up} hat keinen Wert für „{field}“, der übernommen werden könnte.',
  },
  'merge.undo_whole': {
    en: 'A merge is undone as a whole, for both records.',
    de: 'Eine Zusammenführung wird nur als Ganzes rückgängig gemacht, für beide Datensätze.',
  },
  'merge.again': {
    en: 'The undo of a merge is not undone itself. Please merge the two records anew.',
    de: 'Die zurückgenommene Zusammenführung lässt sich nicht wiederherstellen. Bitte führen Sie die beiden Datensätze erneut zusammen.',
  },
  'merge.gone': {
    en: 'One of the two records is not there any more; the merge can no longer be undone.',
    de: 'Einer der beiden Datensätze ist nicht mehr vorhanden; die Zusammenführung lässt sich nicht mehr rückgängig machen.',
  },
  'merge.merged_further': {
    en: 'The record has been merged into another one since. Please undo that first.',
    de: 'Der Datensatz wurde seitdem mit einem weiteren zusammengeführt. Bitte machen Sie das zuerst rückgängig.',
  },
  'merge.undone_already': {
    en: 'This merge has been undone already.',
    de: 'Diese Zusammenführung wurde bereits rückgängig gemacht.',
  },
  'merge.warn.other_feed': {
    en: '{give_up} belongs to the feed {other}, {keep} to {feed}. From now on {feed} alone says who the person is; records of {other} for them are rejected.',
    de: '{give_up} gehört zum Zulieferer {other}, {keep} zu {feed}. Künftig sagt allein {feed}, wer die Person ist; Datensätze von {other} werden für sie abgewiesen.',
  },
  'merge.warn.same_feed': {
    en: 'The feed {feed} knows both ids. Ask the university to join them as well: records that still come under {give_up} are rejected. Does {give_up} stay there? Then keep that one.',
    de: 'Der Zulieferer {feed} kennt beide Kennungen. Bitten Sie die Hochschule, sie ebenfalls zusammenzuführen: Was weiter unter {give_up} kommt, wird abgewiesen. Bleibt dort {give_up}? Dann behalten Sie diesen Datensatz.',
  },
  'merge.warn.sign_in': {
    en: 'The password of {give_up} ends; the person signs in as {keep} does.',
    de: 'Das Passwort von {give_up} endet; die Person meldet sich künftig wie {keep} an.',
  },
  'merge.warn.letters_cancelled': {
    en: 'Letters to {give_up} that wait and are cancelled, because they carry a password or would come twice: {letters}.',
    de: 'Wartende Briefe an {give_up}, die storniert werden, weil sie ein Passwort enthalten oder doppelt kämen: {letters}.',
  },
  'merge.former_id': { en: 'the former primary id', de: 'die frühere primäre Kennung' },
  'retention.merged_records': {
    en: 'Empty records of merged users, as long as their history',
    de: 'Leere Datensätze zusammengeführter Benutzer, solange wie ihr Verlauf',
  },
  'cli.merge.preview': { en: 'show what would be, and write nothing', de: 'zeigen, was geschähe, ohne etwas zu schreiben' },
  'cli.merge.take': {
    en: 'fields whose value comes from the record that is given up, separated by commas',
    de: 'Felder, deren Wert aus dem aufgegebenen Datensatz kommt, durch Kommas getrennt',
  },
  'cli.merge.leave': {
    en: 'fields that stay as they are although they are empty, separated by commas',
    de: 'Felder, die leer bleiben, wie sie sind, durch Kommas getrennt',
  },
  'cli.merge.confirm': { en: 'merge without asking', de: 'ohne Rückfrage zusammenführen' },
  'cli.merge.ask': {
    en: '{give_up} will be merged into {keep}. To go on, type {keep}:',
    de: '{give_up} wird mit {keep} zusammengeführt. Zum Fortfahren {keep} eingeben:',
  },
  'cli.merge.heading': { en: '{keep} is kept, {give_up} is given up.', de: '{keep} bleibt, {give_up} wird aufgegeben.' },
  'cli.merge.result': { en: 'result', de: 'Ergebnis' },
  'cli.merge.from_keep': { en: 'kept', de: 'bleibt' },
  'cli.merge.from_give_up': { en: 'taken over', de: 'übernommen' },
  'cli.merge.from_both': { en: 'of both', de: 'aus beiden' },
  'cli.merge.added': { en: 'added', de: 'kommt hinzu' },
  'cli.merge.joined': { en: 'joined', de: 'ergänzt' },
  'cli.merge.same': { en: 'there already', de: 'schon vorhanden' },
  'cli.merge.kept_wins': { en: 'the kept record says otherwise', de: 'der behaltene Datensatz sagt anderes' },
  'cli.merge.holdings': {
    en: 'Moves over: sets {sets}, loans, requests and fees {circulation}, proxies {proxies}, waiting letters {letters}; {messages} letters and {history} entries of the history stay readable.',
    de: 'Kommt mit: Sets {sets}, Ausleihen, Bestellungen und Gebühren {circulation}, Vertretungen {proxies}, wartende Briefe {letters}; {messages} Briefe und {history} Einträge des Verlaufs bleiben lesbar.',
  },
  'cli.merge.done': {
    en: '{give_up} was merged into {keep} (run {run}). To undo it: muster jobs undo {run}',
    de: '{give_up} wurde mit {keep} zusammengeführt (Lauf {run}). Rückgängig: muster jobs undo {run}',
  },
} as const satisfies Catalogue;
