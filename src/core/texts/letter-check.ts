import type { Catalogue } from './catalogue.ts';

/** What is wrong with a letter. `letters.check.liquid` quotes the parser, whose messages are English. */
export const letterCheckTexts = {
  'letters.check.empty': { en: 'There is nothing here yet.', de: 'Hier steht noch nichts.' },
  'letters.check.too_long': { en: 'This is too long: at most {most} characters.', de: 'Das ist zu lang: höchstens {most} Zeichen.' },
  'letters.check.liquid': { en: 'The fields cannot be read: {detail}', de: 'Die Felder sind so nicht lesbar: {detail}' },
  'letters.check.tag_unknown': { en: 'There is no {% {tag} %} in letters.', de: '{% {tag} %} gibt es in Briefen nicht.' },
  'letters.check.tag_not_closed': { en: '{% {tag} %} has no end.', de: '{% {tag} %} hat kein Ende.' },
  'letters.check.filter_unknown': { en: 'There is no filter {filter} in letters.', de: 'Den Filter {filter} gibt es in Briefen nicht.' },
  'letters.check.output_not_closed': {
    en: 'Braces are opened here and not closed.',
    de: 'Hier wird eine Klammer geöffnet und nicht geschlossen.',
  },
  'letters.check.limit': {
    en: 'Filling this letter in takes too long or makes it too long; is there a loop without end?',
    de: 'Diesen Brief auszufüllen dauert zu lange oder macht ihn zu lang; gibt es eine Schleife ohne Ende?',
  },
  'letters.check.render': { en: 'The letter cannot be filled in: {detail}', de: 'Der Brief lässt sich nicht ausfüllen: {detail}' },
  'letters.check.field_unknown': { en: 'There is no field {field}.', de: 'Das Feld {field} gibt es nicht.' },
  'letters.check.field_meant': {
    en: 'There is no field {field}. Did you mean {meant}?',
    de: 'Das Feld {field} gibt es nicht. Ist {meant} gemeint?',
  },
  'letters.check.field_is_group': {
    en: '{field} is a group of fields; please name one of them.',
    de: '{field} ist eine Gruppe von Feldern; bitte eines davon nennen.',
  },
  'letters.check.field_is_list': {
    en: '{field} is a list; its entries are shown with {% for … in {field} %}.',
    de: '{field} ist eine Liste; ihre Einträge zeigt {% for … in {field} %}.',
  },
  'letters.check.field_not_here': {
    en: 'The field {field} is there only in letters that bring a password or a link.',
    de: 'Das Feld {field} gibt es nur in Briefen, die ein Passwort oder einen Link bringen.',
  },
  'letters.check.secret_missing': {
    en: 'This letter must contain {{ password }} or {{ link }}; otherwise the user never gets it.',
    de: 'Dieser Brief muss {{ password }} oder {{ link }} enthalten; sonst bekommt der Benutzer es nie.',
  },
  'letters.check.secret_in_subject': {
    en: 'A password or link must not be in the subject: subjects are shown on locked screens.',
    de: 'Ein Passwort oder Link darf nicht im Betreff stehen: Betreffzeilen erscheinen auf gesperrten Bildschirmen.',
  },
  'letters.check.tag_crosses': {
    en: '{% {tag} %} begins in one block of text and ends in another. Put it and its end on lines of their own, around whole paragraphs, items or rows.',
    de: '{% {tag} %} beginnt in einem Textblock und endet in einem anderen. Setzen Sie es und sein Ende auf eigene Zeilen, um ganze Absätze, Listenpunkte oder Tabellenzeilen herum.',
  },
  'letters.check.tag_in_address': {
    en: 'A link’s address can have fields, but no conditions: put the condition around the whole link.',
    de: 'Die Adresse eines Links kann Felder enthalten, aber keine Bedingungen: Setzen Sie die Bedingung um den ganzen Link.',
  },
  'letters.check.snippet_unknown': { en: 'There is no snippet {snippet}.', de: 'Den Textbaustein {snippet} gibt es nicht.' },
  'letters.check.snippet_in_itself': {
    en: 'The snippet {snippet} contains itself.',
    de: 'Der Textbaustein {snippet} enthält sich selbst.',
  },
  'letters.check.snippet_not_inline': {
    en: 'A snippet within a line must be a single line.',
    de: 'Ein Textbaustein innerhalb einer Zeile darf nur eine Zeile haben.',
  },
  'letters.check.html': {
    en: 'HTML is shown as it stands, not obeyed. Use Markdown: **bold**, *italic*, [text](address).',
    de: 'HTML wird gezeigt, wie es dasteht, nicht befolgt. Verwenden Sie Markdown: **fett**, *kursiv*, [Text](Adresse).',
  },
  'letters.check.image_alt': {
    en: 'The picture says nothing to those who do not see it: write in the square brackets what it shows.',
    de: 'Das Bild sagt denen nichts, die es nicht sehen: Schreiben Sie in die eckigen Klammern, was es zeigt.',
  },
  'letters.check.image_address': {
    en: 'A picture needs an address that begins with https://.',
    de: 'Ein Bild braucht eine Adresse, die mit https:// beginnt.',
  },
  'letters.check.heading_empty': { en: 'This heading has no words.', de: 'Diese Überschrift hat keine Wörter.' },
  'letters.check.heading_skipped': {
    en: 'The heading is of level {level} and follows one of level {before}; no level should be left out.',
    de: 'Die Überschrift hat die Ebene {level} und folgt auf Ebene {before}; keine Ebene sollte fehlen.',
  },
  'letters.check.heading_first': {
    en: 'The first heading is of level {level}; begin with one #.',
    de: 'Die erste Überschrift hat die Ebene {level}; beginnen Sie mit einem #.',
  },
  'letters.check.link_empty': { en: 'This link leads nowhere.', de: 'Dieser Link führt nirgendwohin.' },
  'letters.check.link_scheme': {
    en: 'A link can lead to http, https, mailto or tel; {address} is none of them.',
    de: 'Ein Link kann zu http, https, mailto oder tel führen; {address} gehört nicht dazu.',
  },
  'letters.check.link_not_secure': {
    en: 'The link is not encrypted; does the page also answer to https?',
    de: 'Der Link ist nicht verschlüsselt; gibt es die Seite auch mit https?',
  },
  'letters.check.link_words': {
    en: 'The text of the link should say where it leads; “{words}” does not.',
    de: 'Der Text des Links sollte sagen, wohin er führt; „{words}“ tut das nicht.',
  },
  'letters.check.link_no_words': { en: 'The link has no text.', de: 'Der Link hat keinen Text.' },
  'letters.check.link_mismatch': {
    en: 'The link says {shown} and leads to {host}.',
    de: 'Der Link zeigt {shown} und führt zu {host}.',
  },
  'letters.check.link_scripts': {
    en: 'The address {host} mixes letters of several alphabets that look alike, as forged addresses do.',
    de: 'Die Adresse {host} mischt ähnlich aussehende Buchstaben mehrerer Alphabete, wie gefälschte Adressen es tun.',
  },
  'letters.check.contrast': {
    en: '{name} on its background has a contrast of {ratio} : 1; at least 4.5 : 1 is needed to be read by everybody.',
    de: '{name} hat zum Hintergrund einen Kontrast von {ratio} : 1; mindestens 4,5 : 1 ist nötig, damit alle es lesen können.',
  },
  'letters.check.colour': { en: '{name} is no colour: {value}', de: '{name} ist keine Farbe: {value}' },
  'letters.check.subject_lines': { en: 'A subject is one line.', de: 'Ein Betreff ist eine Zeile.' },
  'letters.check.subject_long': {
    en: 'The subject has {length} characters; mail programs show about 60.',
    de: 'Der Betreff hat {length} Zeichen; E-Mail-Programme zeigen etwa 60.',
  },
  'letters.check.sms_long': {
    en: 'The text message has {length} characters and is sent in {segments} parts.',
    de: 'Die SMS hat {length} Zeichen und wird in {segments} Teilen verschickt.',
  },
  'letters.check.sms_unicode': {
    en: 'Because of {characters} only 70 characters fit into one text message instead of 160.',
    de: 'Wegen {characters} passen nur 70 statt 160 Zeichen in eine SMS.',
  },
} as const satisfies Catalogue;
