import type { Catalogue } from './catalogue.ts';

/** Where a feed's files come from: what goes wrong on the way. Nothing here ever holds a secret. */
export const feedSourcesTexts = {
  'feeds.source_upload': {
    en: 'The files of this feed are uploaded by hand; there is nowhere to fetch them from. Give the feed a source first.',
    de: 'Die Dateien dieses Zulieferers werden von Hand hochgeladen; es gibt keinen Ort, von dem sie geholt werden. Bitte zuerst eine Quelle eintragen.',
  },
  'feeds.source_not_listed': {
    en: 'The files in {where} cannot be listed: {reason}. Please check that the directory exists and may be read.',
    de: 'Die Dateien in {where} lassen sich nicht auflisten: {reason}. Bitte prüfen, ob es das Verzeichnis gibt und ob es gelesen werden darf.',
  },
  'feeds.source_crowded': {
    en: '{where} has more than {limit} entries. Please remove old files there, or choose a directory for this feed alone.',
    de: '{where} hat mehr als {limit} Einträge. Bitte alte Dateien dort entfernen oder ein eigenes Verzeichnis für diesen Zulieferer wählen.',
  },
  'feeds.source_unreadable': {
    en: '{name} in {where} cannot be read: {reason}. Please check who may read the file.',
    de: '{name} in {where} kann nicht gelesen werden: {reason}. Bitte prüfen, wer die Datei lesen darf.',
  },
  'feeds.source_too_large': {
    en: '{name} in {where} is larger than {megabytes} MB, which is the most that is fetched. Is this the right file?',
    de: '{name} in {where} ist größer als {megabytes} MB; mehr wird nicht geholt. Ist das die richtige Datei?',
  },
  'feeds.source_cut': {
    en: 'Of {name} in {where} only {bytes} of {expected} bytes have come; the connection was cut. Nothing was taken. It is fetched again next time.',
    de: 'Von {name} in {where} kamen nur {bytes} von {expected} Bytes an; die Verbindung riss ab. Es wurde nichts übernommen. Die Datei wird beim nächsten Mal neu geholt.',
  },
  'feeds.source_silent': {
    en: '{where} has sent nothing for {seconds} seconds. Nothing was taken; it is tried again next time.',
    de: '{where} hat {seconds} Sekunden lang nichts gesendet. Es wurde nichts übernommen; beim nächsten Mal wird es erneut versucht.',
  },
  'feeds.source_too_slow': {
    en: '{where} needed more than {minutes} minutes. The unfinished file was not taken; it is tried again next time.',
    de: '{where} brauchte mehr als {minutes} Minuten. Die unfertige Datei wurde nicht übernommen; beim nächsten Mal wird es erneut versucht.',
  },
  'feeds.source_unreachable': {
    en: '{where} cannot be reached: {reason}. Please check name and port, and whether the network lets this computer through.',
    de: '{where} ist nicht zu erreichen: {reason}. Bitte Name und Port prüfen, und ob das Netz diesen Rechner durchlässt.',
  },
  'feeds.source_lost': {
    en: 'The connection to {where} was lost: {reason}. Nothing unfinished was taken; it is tried again next time.',
    de: 'Die Verbindung zu {where} ging verloren: {reason}. Nichts Unfertiges wurde übernommen; beim nächsten Mal wird es erneut versucht.',
  },
  'feeds.source_denied': {
    en: '{where} does not let the user {user} in. Please check user and password, or whether the server knows the key.',
    de: '{where} lässt den Benutzer {user} nicht ein. Bitte Benutzer und Passwort prüfen, oder ob der Server den Schlüssel kennt.',
  },
  'feeds.source_host_key': {
    en: '{where} shows the key {found}, which is not the one that was entered. This may be another server; nothing was sent to it. Ask whoever runs it, and enter the new key only when they confirm it.',
    de: '{where} zeigt den Schlüssel {found}; eingetragen ist ein anderer. Das kann ein fremder Server sein; ihm wurde nichts geschickt. Bitte beim Betreiber nachfragen und den neuen Schlüssel nur eintragen, wenn er ihn bestätigt.',
  },
  'feeds.source_secret_missing': {
    en: 'For {where} a password or a private key is needed. Please enter it as the secret.',
    de: 'Für {where} ist ein Passwort oder ein privater Schlüssel nötig. Bitte als Geheimnis eintragen.',
  },
  'feeds.source_key_unusable': {
    en: 'The private key for {where} cannot be used: {reason}. Keys in the formats OpenSSH and PEM, without a passphrase, are read.',
    de: 'Der private Schlüssel für {where} ist nicht zu gebrauchen: {reason}. Gelesen werden Schlüssel in den Formaten OpenSSH und PEM ohne Passphrase.',
  },
  'feeds.source_header': {
    en: 'The secret for {where} has characters that no header may have. Please enter it again, without line breaks.',
    de: 'Das Geheimnis für {where} enthält Zeichen, die in keiner Kopfzeile stehen dürfen. Bitte ohne Zeilenumbrüche neu eintragen.',
  },
  'feeds.source_status': {
    en: '{where} answered {status} instead of 200. Please check the address, and whether the secret still holds.',
    de: '{where} antwortete {status} statt 200. Bitte die Adresse prüfen, und ob das Geheimnis noch gilt.',
  },
  'feeds.source_redirect': {
    en: '{where} wants to send Muster to {to}. Redirects are not followed, since the secret would go along; please enter the final address.',
    de: '{where} will zu {to} weiterleiten. Weiterleitungen wird nicht gefolgt, weil das Geheimnis mitginge; bitte die endgültige Adresse eintragen.',
  },
  'feeds.source_no_length': {
    en: '{where} does not say how long its answer is, so a cut file could not be told from a whole one. Please have the server send Content-Length.',
    de: '{where} sagt nicht, wie lang die Antwort ist; eine abgeschnittene Datei wäre von einer ganzen nicht zu unterscheiden. Der Server muss Content-Length senden.',
  },
  'feeds.source_certificate': {
    en: 'The certificate of {where} is not trusted: {reason}. If the server has a certificate authority of its own, enter its certificate.',
    de: 'Dem Zertifikat von {where} wird nicht vertraut: {reason}. Hat der Server eine eigene Zertifizierungsstelle, bitte deren Zertifikat eintragen.',
  },
  'feeds.target_refused': {
    en: 'The file {name} cannot be put into {where}: {reason}. Please check that the directory exists and may be written to.',
    de: 'Die Datei {name} lässt sich nicht in {where} ablegen: {reason}. Bitte prüfen, ob es das Verzeichnis gibt und ob dort geschrieben werden darf.',
  },

  // What is packed.
  'feeds.archive_broken': {
    en: 'The archive {file} is damaged or cut off: {reason}. Nothing was changed.',
    de: 'Das Archiv {file} ist beschädigt oder abgeschnitten: {reason}. Es wurde nichts geändert.',
  },
  'feeds.archive_encrypted': {
    en: '{member} in the archive {file} is encrypted. Please have it packed without a password. Nothing was changed.',
    de: '{member} im Archiv {file} ist verschlüsselt. Bitte ohne Passwort packen lassen. Es wurde nichts geändert.',
  },
  'feeds.archive_too_large': {
    en: 'Unpacked, {file} has more than {megabytes} MB. Is this the right file? Nothing was changed.',
    de: 'Ausgepackt hat {file} mehr als {megabytes} MB. Ist das die richtige Datei? Es wurde nichts geändert.',
  },
  'feeds.archive_too_many': {
    en: 'The archive {file} has more than {limit} files. Is this the right file? Nothing was changed.',
    de: 'Das Archiv {file} enthält mehr als {limit} Dateien. Ist das die richtige Datei? Es wurde nichts geändert.',
  },
  'feeds.archive_path': {
    en: 'The archive {file} names a file outside of itself ({reason}). Such archives are refused. Nothing was changed.',
    de: 'Das Archiv {file} nennt eine Datei außerhalb seiner selbst ({reason}). Solche Archive werden abgelehnt. Es wurde nichts geändert.',
  },
  'feeds.archive_empty': {
    en: 'There is no file in the archive {file}. Nothing was changed.',
    de: 'Im Archiv {file} ist keine Datei. Es wurde nichts geändert.',
  },
  'feeds.archive_nested': {
    en: '{member} in {file} is an archive itself. Please have the files packed once only. Nothing was changed.',
    de: '{member} in {file} ist selbst ein Archiv. Bitte die Dateien nur einmal packen lassen. Es wurde nichts geändert.',
  },
} as const satisfies Catalogue;
