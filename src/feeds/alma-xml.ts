/** Alma's XML notation of a user, in and out, by way of the JSON shape. */
import { ALMA_COUNTS, ALMA_LISTS, ALMA_SCALARS, type AlmaField, type AlmaList, PARAMETER_CODES } from './alma-shape.ts';
import { type Json, jsonOfXml, type XmlElement, type XmlPart, type XmlShape, writeXml } from './xml-shape.ts';

const PARAMETER: XmlShape = Object.fromEntries(PARAMETER_CODES.map(({ name }) => [name, 'coded']));

function fieldPart(field: AlmaField): XmlPart {
  if (field.attribute === true) return 'attribute';
  if (field.kind === 'plain') return 'text';
  if (field.kind === 'coded') return 'coded';
  return { list: field.kind === 'codes' ? 'coded' : PARAMETER, wrapper: field.wrapper ?? field.alma };
}

function listPart(list: AlmaList): XmlPart {
  const row = Object.fromEntries(list.fields.map((field) => [field.alma, fieldPart(field)]));
  return { list: { ...row, segment_type: 'attribute' }, wrapper: list.wrapper };
}

const listParts = (contact: boolean): XmlShape =>
  Object.fromEntries(ALMA_LISTS.filter((list) => list.contact === contact).map((list) => [list.alma, listPart(list)]));

/** How a user's members look in XML. */
export const USER_XML: XmlShape = {
  link: 'attribute',
  ...Object.fromEntries(ALMA_SCALARS.map((field) => [field.alma, fieldPart(field)])),
  ...Object.fromEntries(ALMA_COUNTS.map((name) => [name, 'coded'])),
  contact_info: { shape: listParts(true) },
  ...listParts(false),
  proxy_for_user: { list: {}, wrapper: 'proxy_for_users' },
};

/** The JSON shape of a `<user>` element. Unknown elements become members of their own, so that they are told. */
export function almaOfXml(user: XmlElement): Json {
  return jsonOfXml(user, USER_XML);
}

export const XML_START = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<users>\n';
export const XML_END = '</users>\n';

/** The `<user>` element of a user in Alma's JSON shape. Empty members are left out. */
export function xmlOfAlma(user: Json): string {
  return writeXml('user', user, USER_XML, '  ');
}
