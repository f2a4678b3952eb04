export { type CirculationError, type CirculationResult, importCirculation } from './circulation.ts';
export { type GenerateResult, generateUsers } from './generate/index.ts';
export { exportUsers, type ExportResult } from './export-users.ts';
export { type ImportError, type ImportResult, importUsers } from './import-users.ts';
export { showUser } from './show-user.ts';
export { type AlmaUser, almaLabels, toAlma } from './to-alma.ts';
export { USER_XML } from './alma-xml.ts';
export { readXmlDocument } from './xml-document.ts';
export { escapeText, type Json, jsonOfXml, writeXml, type XmlElement, type XmlShape } from './xml-shape.ts';
