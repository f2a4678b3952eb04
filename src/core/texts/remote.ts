import type { Catalogue } from './catalogue.ts';

/** The command line that asks a server. */
export const remoteTexts = {
  'cli.option.server': {
    en: 'ask the server at this address (or MUSTER_SERVER)',
    de: 'den Server unter dieser Adresse fragen (oder MUSTER_SERVER)',
  },
  'cli.option.key': {
    en: 'API key for the server (better in MUSTER_KEY or MUSTER_KEY_FILE: others on this computer can see arguments)',
    de: 'API-Schlüssel für den Server (besser in MUSTER_KEY oder MUSTER_KEY_FILE: Argumente sind auf diesem Rechner sichtbar)',
  },
  'remote.bad_server': {
    en: '“{server}” is no address of a server; it looks like https://muster.example.org.',
    de: '„{server}“ ist keine Adresse eines Servers; so sieht eine aus: https://muster.example.org.',
  },
  'remote.no_key': {
    en: 'The server wants an API key: in MUSTER_KEY or MUSTER_KEY_FILE, or after --key. “muster access keys” makes one, where the server runs.',
    de: 'Der Server verlangt einen API-Schlüssel: in MUSTER_KEY oder MUSTER_KEY_FILE oder nach --key. „muster access keys“ macht einen, dort, wo der Server läuft.',
  },
  'remote.no_server': {
    en: 'An API key without a server: please give --server or MUSTER_SERVER as well.',
    de: 'Ein API-Schlüssel ohne Server: bitte auch --server oder MUSTER_SERVER angeben.',
  },
  'remote.both': {
    en: '{option} chooses an installation on this computer, --server another one. Please give one of the two.',
    de: '{option} wählt eine Installation auf diesem Rechner, --server eine andere. Bitte nur eines von beiden angeben.',
  },
  'remote.local_only': {
    en: 'This command works on the computer where Muster is installed, and not through a server.',
    de: 'Dieser Befehl geht nur auf dem Rechner, auf dem Muster installiert ist, nicht über einen Server.',
  },
  'remote.unencrypted': {
    en: 'The connection to {server} is not encrypted: others on the way can read the key and the data.',
    de: 'Die Verbindung zu {server} ist nicht verschlüsselt: Andere auf dem Weg können Schlüssel und Daten lesen.',
  },
  'remote.unreachable': {
    en: 'The server {server} cannot be reached ({reason}).',
    de: 'Der Server {server} ist nicht zu erreichen ({reason}).',
  },
  'remote.no_muster': {
    en: 'At {server} there is no Muster, or something before it answers instead (status {status}).',
    de: 'Unter {server} antwortet kein Muster, oder etwas davor antwortet an seiner Stelle (Status {status}).',
  },
  'remote.other_version': {
    en: 'The server answers “{operation}” otherwise than this command expects; the two are probably of different versions. {problems}',
    de: 'Der Server beantwortet „{operation}“ anders, als dieser Befehl es erwartet; wahrscheinlich sind es verschiedene Versionen. {problems}',
  },
} as const satisfies Catalogue;
