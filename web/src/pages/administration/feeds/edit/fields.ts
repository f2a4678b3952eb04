/** Which fields the form of a feed has, by group, as its values stand. */
import { useTranslation } from 'react-i18next';
import { useFilterCatalogue } from '../../../../api/index.ts';
import { useCodes } from '../../parts/codes.ts';
import type { FieldSpec, Values } from '../../parts/fields.tsx';
import { CODED, DATES } from './draft.ts';

type Groups = Readonly<Record<'feed' | 'source' | 'reading' | 'match' | 'guard' | 'export', readonly FieldSpec[]>>;

interface Stored {
  readonly secret: boolean;
  readonly exportSecret: boolean;
}

export function useFeedFields(values: Values, stored: Stored | null): Groups {
  const { t } = useTranslation('admin-feeds');
  const identifiers = useCodes('UserIdentifierTypes');
  const kind = values['source.kind'];
  const target = values['export_target.kind'];
  const server = (of: string): readonly FieldSpec[] => [
    { name: `${of}.host`, label: t('f_host'), kind: 'text', required: true },
    { name: `${of}.port`, label: t('f_port'), kind: 'number', min: 1, max: 65_535 },
    { name: `${of}.user`, label: t('f_user'), kind: 'text', required: true },
    { name: `${of}.host_key`, label: t('f_host_key'), kind: 'code', required: true, help: t('f_host_key_help') },
    { name: `${of}.path`, label: t('f_path_remote'), kind: 'text', required: true },
  ];
  const secret = (name: 'secret' | 'export_secret', label: string, has: boolean): readonly FieldSpec[] => [
    { name, label, kind: 'code', help: t(has ? 'f_secret_kept' : 'f_secret_help') },
    ...(has ? [{ name: `${name}.remove`, label: t('f_secret_remove'), kind: 'switch' } as const] : []),
  ];
  const local = (of: string): FieldSpec => ({
    name: `${of}.path`,
    label: t('f_path_local'),
    kind: 'text',
    required: true,
    help: t('f_path_local_help'),
  });
  const pattern: FieldSpec = { name: 'source.pattern', label: t('f_pattern'), kind: 'text', help: t('f_pattern_help') };
  const ofKind: Readonly<Record<string, readonly FieldSpec[]>> = {
    directory: [local('source'), pattern],
    sftp: [...server('source'), pattern, ...secret('secret', t('f_secret'), stored?.secret ?? false)],
    https: [
      { name: 'source.url', label: t('f_url'), kind: 'text', required: true, help: t('f_url_help') },
      ...secret('secret', t('f_secret'), stored?.secret ?? false),
      { name: 'source.header', label: t('f_header'), kind: 'text', help: t('f_header_help') },
      { name: 'source.ca', label: t('f_ca'), kind: 'code', help: t('f_ca_help') },
    ],
  };
  return {
    feed: [
      ...(stored === null ? [{ name: 'code', label: t('f_code'), kind: 'text', required: true, help: t('f_code_help') } as const] : []),
      { name: 'name', label: t('f_name'), kind: 'text', required: true },
      { name: 'description', label: t('f_description'), kind: 'area' },
      { name: 'enabled', label: t('f_enabled'), kind: 'switch', help: t('f_enabled_help') },
    ],
    source: [
      {
        name: 'source.kind',
        label: t('f_kind'),
        kind: 'select',
        required: true,
        options: (['upload', 'directory', 'sftp', 'https'] as const).map((value) => ({ value, label: t(`source_${value}`) })),
      },
      ...(ofKind[String(kind)] ?? []),
    ],
    reading: [
      {
        name: 'format',
        label: t('f_format'),
        placeholder: t('f_format_any'),
        kind: 'select',
        options: [
          { value: 'alma-xml', label: t('format_xml') },
          { value: 'alma-json', label: t('format_json') },
          { value: 'csv', label: t('format_csv') },
        ],
      },
      {
        name: 'encoding',
        label: t('f_encoding'),
        placeholder: t('encoding_any'),
        kind: 'select',
        options: [
          { value: 'utf-8', label: t('encoding_utf8') },
          { value: 'windows-1252', label: t('encoding_1252') },
        ],
      },
      ...(values['format'] === 'csv' || values['format'] === undefined
        ? [
            {
              name: 'mapping',
              label: t('f_mapping'),
              kind: 'select',
              required: true,
              options: [
                { value: 'own', label: t('mapping_own_export') },
                { value: 'folio', label: t('mapping_folio') },
                { value: 'json', label: t('mapping_json') },
              ],
            } as const,
            ...(values['mapping'] === 'json'
              ? [{ name: 'csv_mapping', label: t('f_mapping_json'), kind: 'code', required: true, help: t('f_mapping_json_help') } as const]
              : []),
          ]
        : []),
    ],
    match: [
      {
        name: 'match_identifier',
        label: t('f_match'),
        placeholder: t('f_match_primary'),
        kind: 'select',
        options: identifiers,
        help: t('f_match_help'),
      },
      {
        name: 'record_type',
        label: t('f_record_type'),
        kind: 'select',
        required: true,
        options: (['PUBLIC', 'STAFF', 'CONTACT'] as const).map((value) => ({ value, label: t(`record_${value}`) })),
      },
    ],
    guard: [
      { name: 'guard_share', label: t('f_guard_share'), kind: 'number', min: 0, max: 100, help: t('f_guard_share_help') },
      { name: 'guard_at_least', label: t('f_guard_at_least'), kind: 'number', min: 0 },
      { name: 'tell', label: t('f_tell'), kind: 'tags', help: t('f_tell_help') },
    ],
    export: [
      {
        name: 'export_target.kind',
        label: t('f_export'),
        placeholder: t('export_none'),
        kind: 'select',
        options: (['directory', 'sftp'] as const).map((value) => ({ value, label: t(`source_${value}`) })),
      },
      ...(target === 'directory' ? [local('export_target')] : []),
      ...(target === 'sftp'
        ? [...server('export_target'), ...secret('export_secret', t('f_export_secret'), stored?.exportSecret ?? false)]
        : []),
    ],
  };
}

/** What new users may be given: words and codes are the server's. */
export function useDefaultFields(): readonly FieldSpec[] {
  const { t, i18n } = useTranslation('admin-feeds');
  const { data } = useFilterCatalogue();
  const language = i18n.language === 'de' ? 'de' : 'en';
  const label = (name: string): string => data?.fields.find((each) => each.name === name)?.label[language] ?? name;
  const codes: Readonly<Record<string, ReturnType<typeof useCodes>>> = {
    user_group: useCodes('UserGroups'),
    campus_code: useCodes('Campuses'),
    job_category: useCodes('JobTitles'),
    preferred_language: useCodes('UserPreferredLanguage'),
    user_title: useCodes('UserTitles'),
    status: useCodes('UserStatus'),
  };
  return [
    ...CODED.map(
      (name): FieldSpec => ({
        name: `defaults.${name}`,
        label: label(name),
        kind: 'select',
        placeholder: t('nothing'),
        options: codes[name] ?? [],
      }),
    ),
    ...DATES.map((name): FieldSpec => ({ name: `defaults.${name}`, label: label(name), kind: 'text', help: t('f_date_help') })),
  ];
}
