import type { Catalogue } from './catalogue.ts';

export const httpTexts = {
  'users.changed': {
    en: 'The user {user} has been changed since you looked at them. Please look again.',
    de: 'Der Benutzer {user} wurde geändert, seit Sie ihn angesehen haben. Bitte noch einmal ansehen.',
  },
  'sets.changed': {
    en: 'The set “{set}” has been changed since you looked at it. Please look again.',
    de: 'Das Set „{set}“ wurde geändert, seit Sie es angesehen haben. Bitte noch einmal ansehen.',
  },
  'http.password_change_first': {
    en: 'Your password has to be changed before anything else.',
    de: 'Zuerst muss das Passwort geändert werden.',
  },
  'http.not_signed_in': {
    en: 'This needs somebody who is signed in, or an API key.',
    de: 'Dafür muss jemand angemeldet sein oder ein API-Schlüssel mitgeschickt werden.',
  },
  'http.no_route': {
    en: 'There is nothing at {method} {path}.',
    de: 'Unter {method} {path} gibt es nichts.',
  },
  'http.unknown_operation': {
    en: 'There is no operation {name}.',
    de: 'Es gibt keine Operation {name}.',
  },
  'http.bad_request': {
    en: 'The request is not one that Muster understands.',
    de: 'Diese Anfrage versteht Muster nicht.',
  },
  'http.bad_form': {
    en: 'The form is broken or incomplete; it has to be multipart/form-data as browsers send it.',
    de: 'Das Formular ist beschädigt oder unvollständig; es muss multipart/form-data sein, wie Browser es senden.',
  },
  'http.bad_json': {
    en: 'The body is not valid JSON.',
    de: 'Der Inhalt der Anfrage ist kein gültiges JSON.',
  },
  'http.address_too_long': {
    en: 'The address is longer than this server takes.',
    de: 'Die Adresse ist länger, als dieser Server annimmt.',
  },
  'http.body_too_large': {
    en: 'The body is larger than this server takes.',
    de: 'Der Inhalt der Anfrage ist größer, als dieser Server annimmt.',
  },
  'http.media_type': {
    en: 'The body is of a kind that is not taken here; JSON is, and multipart/form-data where a file belongs.',
    de: 'Diese Art von Inhalt wird hier nicht angenommen, sondern JSON, und multipart/form-data, wo eine Datei hingehört.',
  },
  'http.too_slow': {
    en: 'The request took too long to arrive.',
    de: 'Die Anfrage kam zu langsam an.',
  },
  'http.too_many_requests': {
    en: 'Too many requests; please try again in {seconds} seconds.',
    de: 'Zu viele Anfragen; bitte in {seconds} Sekunden noch einmal versuchen.',
  },
  'http.busy': {
    en: 'The server is busy; please try again in a moment.',
    de: 'Der Server ist ausgelastet; bitte gleich noch einmal versuchen.',
  },
  'http.unavailable': {
    en: 'The database cannot be reached at present; please try again in a moment.',
    de: 'Die Datenbank ist gerade nicht erreichbar; bitte gleich noch einmal versuchen.',
  },
  'http.internal': {
    en: 'Something went wrong inside Muster. The log has it under the number {instance}.',
    de: 'In Muster ist etwas schiefgegangen. Im Protokoll steht es unter der Nummer {instance}.',
  },
  'http.value_refused': {
    en: 'The database does not take one of the values.',
    de: 'Die Datenbank nimmt einen der Werte nicht an.',
  },
  'http.conflict': {
    en: 'This contradicts what is stored.',
    de: 'Das widerspricht dem, was gespeichert ist.',
  },
  'http.local_path': {
    en: 'The field {field} names a file on the server and cannot be set from here. Send the file itself, as multipart/form-data.',
    de: 'Das Feld {field} nennt eine Datei auf dem Server und kann von hier nicht gesetzt werden. Bitte die Datei selbst schicken, als multipart/form-data.',
  },
  'http.file_missing': {
    en: 'The file is missing: it belongs into the part {field} of a multipart/form-data body.',
    de: 'Die Datei fehlt: Sie gehört in den Teil {field} eines multipart/form-data-Inhalts.',
  },
  'http.part_unknown': {
    en: 'The part {part} does not belong here.',
    de: 'Der Teil {part} gehört nicht hierher.',
  },
  'http.idempotency_key_invalid': {
    en: 'An Idempotency-Key has 1 to 255 printable characters.',
    de: 'Ein Idempotency-Key hat 1 bis 255 druckbare Zeichen.',
  },
  'http.idempotency_reused': {
    en: 'This Idempotency-Key was already used for another request.',
    de: 'Dieser Idempotency-Key wurde schon für eine andere Anfrage verwendet.',
  },
  'http.idempotency_in_progress': {
    en: 'The request with this Idempotency-Key is still being worked on.',
    de: 'Die Anfrage mit diesem Idempotency-Key wird noch bearbeitet.',
  },
  'http.idempotency_interrupted': {
    en: 'The request with this Idempotency-Key was interrupted. Please look whether it was done, and use a new key.',
    de: 'Die Anfrage mit diesem Idempotency-Key wurde unterbrochen. Bitte nachsehen, ob sie ausgeführt wurde, und einen neuen Schlüssel verwenden.',
  },
  'http.idempotency_not_kept': {
    en: 'The request with this Idempotency-Key was done. Its answer carried a secret or was too long, so it was not kept.',
    de: 'Die Anfrage mit diesem Idempotency-Key wurde ausgeführt. Ihre Antwort enthielt ein Geheimnis oder war zu lang und wurde nicht aufgehoben.',
  },
  'http.match_invalid': {
    en: 'If-Match has to be an ETag as this server gives it.',
    de: 'If-Match muss ein ETag sein, wie ihn dieser Server vergibt.',
  },
  'http.too_many_streams': {
    en: 'Too many live streams are open; please try again later.',
    de: 'Es sind zu viele Live-Verbindungen offen; bitte später noch einmal versuchen.',
  },
  'http.local_only': {
    en: 'This can only be seen from the server itself, or with the privilege settings:read.',
    de: 'Das ist nur auf dem Server selbst oder mit dem Recht settings:read zu sehen.',
  },
  'http.field_missing': { en: 'is missing', de: 'fehlt' },
  'http.field_type': { en: 'has to be of the type {type}', de: 'muss vom Typ {type} sein' },
  'http.title.400': { en: 'Bad request', de: 'Ungültige Anfrage' },
  'http.title.401': { en: 'Not signed in', de: 'Nicht angemeldet' },
  'http.title.403': { en: 'Not allowed', de: 'Nicht erlaubt' },
  'http.title.404': { en: 'Not found', de: 'Nicht gefunden' },
  'http.title.405': { en: 'Method not allowed', de: 'Methode nicht erlaubt' },
  'http.title.408': { en: 'Too slow', de: 'Zu langsam' },
  'http.title.409': { en: 'Conflict', de: 'Konflikt' },
  'http.title.412': { en: 'Changed meanwhile', de: 'Inzwischen geändert' },
  'http.title.413': { en: 'Too large', de: 'Zu groß' },
  'http.title.415': { en: 'Wrong kind of content', de: 'Falsche Art von Inhalt' },
  'http.title.422': { en: 'Invalid input', de: 'Ungültige Eingabe' },
  'http.title.428': { en: 'Confirmation needed', de: 'Bestätigung nötig' },
  'http.title.429': { en: 'Too many requests', de: 'Zu viele Anfragen' },
  'http.title.500': { en: 'Internal error', de: 'Interner Fehler' },
  'http.title.503': { en: 'Not available at present', de: 'Zurzeit nicht verfügbar' },
} as const satisfies Catalogue;
