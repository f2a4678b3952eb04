import type { Random } from './random.ts';

/** A sample person's name; `latin` is what the e-mail address is made of. */
export interface PersonName {
  readonly first: string;
  readonly middle: string | null;
  readonly last: string;
  readonly gender: 'FEMALE' | 'MALE';
  readonly latin: { readonly first: string; readonly last: string };
  /** ISO 639-1, as in the code table UserPreferredLanguage. */
  readonly language: string;
  readonly script: 'latin' | 'other';
}

type Words = readonly [string, ...string[]];

interface Names {
  readonly language: string;
  readonly script: PersonName['script'];
  /** In scripts other than Latin each entry is `name=transliteration`. */
  readonly female: Words;
  readonly male: Words;
  readonly last: Words;
}

function words(text: string): Words {
  const [first, ...rest] = text.trim().split(/\s+/);
  return [first ?? '', ...rest];
}

const GERMAN: Names = {
  language: 'de',
  script: 'latin',
  female: words(`
    Anna Lena Marie Sophie Laura Julia Katharina Johanna Hannah Emma Mia Lea Sarah Lisa Clara Charlotte Greta Ida Frieda
    Paula Luise Amelie Theresa Franziska Carolin Vanessa Melanie Sabine Petra Monika Ursula Renate Gabriele Birgit Susanne
    Claudia Andrea Stefanie Nicole Sandra Anja Kerstin Heike Martina Brigitte Ingrid Helga Christa Jana Nele Pauline Ronja
    Svenja Wiebke Antje Elke Dörte Käthe Zoë Jördis Bärbel Judith Miriam Friederike`),
  male: words(`
    Lukas Leon Finn Jonas Paul Felix Maximilian Elias Noah Ben Moritz Jakob Anton Emil Oskar Karl Friedrich Johann Julian
    Tobias Florian Sebastian Alexander Daniel Matthias Andreas Stefan Michael Thomas Christian Markus Martin Peter Klaus
    Wolfgang Jürgen Günther Dieter Uwe Bernd Rainer Holger Torsten Sven Jan Lars Malte Hannes Till Konstantin Valentin
    Björn Sören Jörg Götz Henning Ralf Frank Volker Gerhard Helmut`),
  last: words(`
    Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf
    Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Krause Meier Lehmann Schmid
    Schulze Maier Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn Schubert
    Vogel Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann Franke Albrecht Schuster Simon Ludwig
    Böhm Winter Kraus Martin Schumacher Krämer Vogt Stein Jäger Otto Sommer Groß Seidel Heinrich Brandt Haas Schreiber
    Graf Dietrich Ziegler Kuhn Kühn Pohl Engel Horn Busch Bergmann Thomas Voigt Sauer Arnold Wolff Pfeiffer Nowak
    Großmann Weißenberg Übelacker Öztürk Drechsler Eberhardt Fiedler Gebhardt Hausmann Immenkamp Jansen Kirchner Lindemann
    Mertens Niemann Oberländer Petersen Quandt Reinhardt Steinbach Trautmann Uhlig Vollmer Wiegand Zeller`),
};

const ENGLISH: Names = {
  language: 'en',
  script: 'latin',
  female: words(`
    Olivia Amelia Isla Ava Emily Grace Freya Florence Poppy Alice Charlotte Jessica Evelyn Harriet Eleanor Rosie Lucy Ruby
    Matilda Phoebe Sienna Abigail Beatrice Hannah Megan Rachel Rebecca Samantha Catherine Elizabeth Margaret Susan Karen
    Patricia Deborah Helen Fiona Siobhán Niamh Gwen Rhiannon Chloe Zoe Jasmine Imogen Georgina Philippa Victoria Joan`),
  male: words(`
    Oliver George Arthur Noah Muhammad Leo Oscar Harry Archie Jack Henry Charlie Freddie Theodore Alfie William James Thomas
    Edward Samuel Joseph Benjamin Daniel Matthew Andrew David Robert Richard Stephen Paul Mark Simon Graham Keith Nigel
    Callum Hamish Angus Rhys Owen Dylan Cian Patrick Declan Aidan Gareth Malcolm Duncan Alistair Christopher`),
  last: words(`
    Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker White Roberts Green
    Hall Thomas Clarke Jackson Wood Harris Edwards Turner Martin Cooper Hill Ward Hughes Moore Clark King Harrison Lewis
    Baker Lee Allen Morris Khan Scott Watson Davis Parker James Bennett Young Phillips Richardson Mitchell Bailey Carter
    Cook Singh Shaw Bell Collins Morgan Kelly Begum Miller Cox Hussain Marshall Simpson Price Anderson Adams Wilkinson
    Foster Ellis Murphy Chapman Mason Gray Richards Webb Rogers Palmer Holmes Mills Barnes Knight Lloyd Butler Russell
    Barker Fisher Stevens Jenkins Dixon Fletcher O'Brien O'Connor MacDonald McKenzie Fitzgerald Sinclair Thistlewood
    Ainsworth Blackwood Cavendish Drummond Ellsworth Featherstone Goodwin Hargreaves Ingram Kingsley Lockwood Merriweather`),
};

const EUROPEAN: Names = {
  language: 'fr',
  script: 'latin',
  female: words(`
    Camille Chloé Élodie Giulia Chiara Francesca Lucía Carmen María Inês Beatriz Agnieszka Małgorzata Zofia Kateřina Zuzana
    Eszter Ildikó Ayşe Elif Zeynep Ingrid Åsa Maja Kaisa Aino Ioana Mădălina Jelena Nataša Ljubica Thị`),
  male: words(`
    Louis Étienne François Luca Matteo Giovanni Javier José Álvaro João Tiago Piotr Łukasz Wojciech Jiří Tomáš Gábor Zoltán
    Mehmet Emre Burak Nils Åke Søren Jukka Väinö Ștefan Radu Marko Nikola Đorđe Minh`),
  last: words(`
    Dubois Lefèvre Rousseau Rossi Ferrari Esposito García Fernández Muñoz Silva Gonçalves Kowalski Wiśniewska Wójcik Novák
    Dvořák Černý Nagy Szabó Yılmaz Kaya Çelik Şahin Andersson Sjöberg Sørensen Virtanen Mäkinen Popescu Ionescu Jovanović
    Petrović Đukić Nguyễn Trần`),
};

const CYRILLIC: Names = {
  language: 'uk',
  script: 'other',
  female: words('Олена=Olena Наталія=Nataliia Ірина=Iryna Оксана=Oksana Марія=Mariia Софія=Sofiia Юлія=Yuliia Анна=Anna'),
  male: words('Андрій=Andrii Олександр=Oleksandr Сергій=Serhii Дмитро=Dmytro Іван=Ivan Микола=Mykola Тарас=Taras Юрій=Yurii'),
  last: words(`
    Шевченко=Shevchenko Коваленко=Kovalenko Бондаренко=Bondarenko Ткаченко=Tkachenko Кравченко=Kravchenko Мельник=Melnyk
    Поліщук=Polishchuk Лисенко=Lysenko Савченко=Savchenko Петренко=Petrenko`),
};

const GREEK: Names = {
  language: 'el',
  script: 'other',
  female: words('Μαρία=Maria Ελένη=Eleni Αικατερίνη=Aikaterini Σοφία=Sofia Άννα=Anna Δήμητρα=Dimitra'),
  male: words('Γεώργιος=Georgios Νικόλαος=Nikolaos Κωνσταντίνος=Konstantinos Ιωάννης=Ioannis Δημήτρης=Dimitris'),
  last: words(`
    Παπαδόπουλος=Papadopoulos Βλάχος=Vlachos Γεωργίου=Georgiou Οικονόμου=Oikonomou Νικολάου=Nikolaou Αντωνίου=Antoniou`),
};

const CHINESE: Names = {
  language: 'zh',
  script: 'other',
  female: words('芳=Fang 秀英=Xiuying 丽=Li 敏=Min 静=Jing 雪=Xue 婷=Ting 梅=Mei'),
  male: words('伟=Wei 强=Qiang 磊=Lei 军=Jun 洋=Yang 勇=Yong 杰=Jie 明=Ming'),
  last: words('王=Wang 李=Li 张=Zhang 刘=Liu 陈=Chen 杨=Yang 黄=Huang 赵=Zhao 吴=Wu 周=Zhou 欧阳=Ouyang'),
};

const ARABIC: Names = {
  language: 'ar',
  script: 'other',
  female: words('فاطمة=Fatima مريم=Maryam عائشة=Aisha ليلى=Layla نور=Nour زينب=Zainab'),
  male: words('محمد=Mohammed أحمد=Ahmad علي=Ali عمر=Omar يوسف=Yousef خالد=Khaled'),
  last: words('الخطيب=Alkhatib حداد=Haddad النجار=Alnajjar منصور=Mansour صالح=Saleh حسن=Hassan خوري=Khoury'),
};

const JAPANESE: Names = {
  language: 'ja',
  script: 'other',
  female: words('さくら=Sakura 陽子=Yoko 美咲=Misaki 恵子=Keiko 愛=Ai'),
  male: words('翔太=Shota 健一=Kenichi 大輔=Daisuke 拓海=Takumi 誠=Makoto'),
  last: words('佐藤=Sato 鈴木=Suzuki 高橋=Takahashi 田中=Tanaka 渡辺=Watanabe 伊藤=Ito 山本=Yamamoto'),
};

const HEBREW: Names = {
  language: 'he',
  script: 'other',
  female: words('נועה=Noa תמר=Tamar יעל=Yael מיכל=Michal'),
  male: words('דוד=David יוסף=Yosef איתן=Eitan אורי=Uri'),
  last: words('כהן=Cohen לוי=Levi מזרחי=Mizrahi פרץ=Peretz'),
};

/** Of a hundred users 56 have German names, 30 English ones, 8 other European ones. */
const MIXTURE = [
  [56, GERMAN],
  [30, ENGLISH],
  [8, EUROPEAN],
  [1.5, CYRILLIC],
  [1, GREEK],
  [1, CHINESE],
  [1, ARABIC],
  [1, JAPANESE],
  [0.5, HEBREW],
] as const satisfies readonly (readonly [number, Names])[];

export function personName(random: Random): PersonName {
  const names: Names = random.weighted(MIXTURE);
  const female = random.chance(0.53);
  const pool = female ? names.female : names.male;
  const first = split(random.pick(pool));
  let last = split(random.pick(names.last));
  if (names === GERMAN && random.chance(0.05)) {
    const second = split(random.pick(names.last));
    last = { shown: `${last.shown}-${second.shown}`, latin: `${last.latin}-${second.latin}` };
  }
  const middle = names.script === 'latin' && random.chance(0.12) ? random.pick(pool) : null;
  return {
    first: first.shown,
    middle: middle === first.shown ? null : middle,
    last: last.shown,
    gender: female ? 'FEMALE' : 'MALE',
    latin: { first: first.latin, last: last.latin },
    language: names.language,
    script: names.script,
  };
}

function split(entry: string): { shown: string; latin: string } {
  const at = entry.indexOf('=');
  return at < 0 ? { shown: entry, latin: entry } : { shown: entry.slice(0, at), latin: entry.slice(at + 1) };
}

const SPELLED: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  ß: 'ss',
  æ: 'ae',
  ø: 'oe',
  å: 'aa',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
  œ: 'oe',
};
const asciiOf = new Map<string, string>();

/** A name as it stands in a mail address: ASCII letters and hyphens, German umlauts spelled out. */
export function asciiName(name: string): string {
  const known = asciiOf.get(name);
  if (known !== undefined) return known;
  const ascii = name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^a-z]/g, (letter) => SPELLED[letter] ?? letter)
    .normalize('NFD')
    .replace(/[^a-z-]/g, '');
  // Compound surnames make thousands of combinations; the memory stays small by keeping only the simple ones.
  if (!name.includes('-')) asciiOf.set(name, ascii);
  return ascii;
}
