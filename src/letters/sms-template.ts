import { Liquid, type Template } from 'liquidjs';

/** How values are written where they are put in: as part of an address or form, inside JSON's quotation marks, in XML, or as they are. */
export type Escaping = 'url' | 'json' | 'xml' | 'none';

export type SmsTemplate = (values: { readonly to: string; readonly text: string; readonly id: string }) => string;

/** Values are escaped whether the template asks for it or not, so that no text can add a field to a request; `| raw` says otherwise. */
export function smsTemplate(source: string, escaping: Escaping): SmsTemplate {
  const liquid = new Liquid({
    strictVariables: true,
    strictFilters: true,
    outputEscape: (value: unknown) => ESCAPES[escaping](String(value)),
  });
  const parsed: Template[] = liquid.parse(source);
  return (values) => String(liquid.renderSync(parsed, { ...values }));
}

/** Why the text is no such template; undefined when it is one. */
export function smsTemplateProblem(source: string): string | undefined {
  try {
    smsTemplate(source, 'none')({ to: '+4930123456', text: 'Text', id: '1' });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const XML_ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

const ESCAPES: Readonly<Record<Escaping, (value: string) => string>> = {
  url: (value) => encodeURIComponent(value.toWellFormed()),
  json: (value) => JSON.stringify(value).slice(1, -1),
  xml: (value) => value.replace(/[&<>"']/g, (character) => XML_ENTITIES[character] ?? character),
  none: (value) => value,
};
