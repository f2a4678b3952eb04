/** Made-up users in Alma's notation, for tests of import and export: sample data, nobody's record. */

const coded = (value: string, desc?: string) => (desc === undefined ? { value } : { value, desc });

/** Fills every member that an import takes. */
export const SAMPLE_INTERNAL = {
  record_type: coded('STAFF'),
  primary_id: 'sample-müller',
  first_name: 'Änne',
  middle_name: 'ß',
  last_name: 'O’Brien-Müller',
  pref_first_name: 'Anni',
  pref_middle_name: 'M.',
  pref_last_name: '王',
  pref_name_suffix: 'Jr.',
  user_title: coded('DR'),
  job_category: coded('Cataloger'),
  job_description: '=1+2; "quoted", semi|pipe \\ back\nnew line',
  gender: coded('FEMALE'),
  user_group: coded('SAMPLE-GROUP', 'Sample group'),
  campus_code: coded('Main'),
  web_site_url: 'https://example.org/~anni',
  cataloger_level: coded('20'),
  preferred_language: coded('de'),
  birth_date: '1980-02-29Z',
  expiry_date: '2030-12-31Z',
  purge_date: '2031-12-31Z',
  last_patron_activity_date: '2026-01-05Z',
  account_type: coded('INTERNAL'),
  force_password_change: 'TRUE',
  status: coded('INACTIVE'),
  status_date: '2025-05-05Z',
  is_researcher: false,
  linking_id: 'L-1',
  source_link_id: 'S-1',
  source_institution_code: '01SAMPLE',
  requests: { value: 2 },
  loans: { value: 7 },
  fees: { value: 12.5 },
  contact_info: {
    address: [
      {
        preferred: true,
        line1: 'Samplestraße 1',
        line2: 'c/o "Beispiel"',
        line3: 'Zeile 3',
        line4: 'Zeile 4',
        line5: 'Zeile 5',
        city: 'Köln',
        state_province: 'NRW',
        postal_code: '01234',
        country: coded('DEU'),
        address_note: 'two\r\nlines',
        start_date: '2020-01-01Z',
        end_date: '2029-01-01Z',
        address_type: [coded('home'), coded('work')],
        segment_type: 'Internal',
      },
      { preferred: false, line1: '+49 Platz', city: 'Bonn', address_type: [coded('alternative')], segment_type: 'External' },
    ],
    email: [
      {
        preferred: true,
        email_address: 'anni@example.org',
        description: '@home',
        email_type: [coded('personal')],
        segment_type: 'Internal',
      },
      { preferred: false, email_address: 'anni@example.org', email_type: [coded('work')], segment_type: 'Internal' },
    ],
    phone: [
      {
        preferred: true,
        preferred_sms: true,
        phone_number: '+49 221 000',
        phone_type: [coded('mobile'), coded('office')],
        segment_type: 'Internal',
      },
    ],
  },
  user_identifier: [
    { id_type: coded('BARCODE'), value: '000123', note: 'zeros stay', status: 'ACTIVE', segment_type: 'Internal' },
    { id_type: coded('SAMPLE-ID', 'Sample id'), value: '-7', status: 'INACTIVE', segment_type: 'External' },
  ],
  user_role: [
    {
      status: coded('ACTIVE'),
      scope: coded('SAMPLE-DESKS', 'Sample desks'),
      role_type: coded('32'),
      expiry_date: '2030-01-01Z',
      parameter: [
        { type: coded('CirculationDesk'), scope: coded('SAMPLE-LIB', 'Sample library '), value: coded('SAMPLE-DESK', 'Sample; desk') },
      ],
    },
    { status: coded('ACTIVE'), scope: coded('SAMPLE-DESKS'), role_type: coded('200'), parameter: [] },
  ],
  user_block: [
    {
      block_type: coded('GENERAL'),
      block_description: coded('02-GLOBAL'),
      block_status: 'ACTIVE',
      block_note: 'lost | found',
      created_by: 'exl_impl',
      created_date: '2024-03-01T10:20:30.400Z',
      expiry_date: '2027-01-02T03:04:05.678Z',
      item_loan_id: '4711',
      segment_type: 'Internal',
    },
  ],
  user_note: [
    {
      note_type: coded('OTHER'),
      note_text: '\tTab & <tag> "quotes" 👩🏽‍🔬 עברית العربية',
      user_viewable: true,
      popup_note: true,
      created_by: 'exl_impl',
      created_date: '2024-03-01T10:20:30.400Z',
      segment_type: 'Internal',
    },
  ],
  user_statistic: [
    {
      statistic_category: coded('SAMPLE-CAT', 'Sample category'),
      category_type: coded('SAMPLE-TYPE', 'Sample type'),
      statistic_note: 'n',
      segment_type: 'External',
    },
  ],
  rs_library: [{ code: coded('SAMPLE-RS', 'Sample resource sharing') }],
  library_notice: [{ code: 'SAMPLE-LETTER', value: false }],
};

export const SAMPLE_EXTERNAL = {
  record_type: coded('PUBLIC'),
  primary_id: 'sample-extern@example.org',
  first_name: 'Юлия',
  last_name: 'ქართველი',
  user_group: coded('GRAD'),
  account_type: coded('EXTERNAL'),
  external_id: 'SIS',
  status: coded('ACTIVE'),
  contact_info: { email: [{ preferred: true, email_address: 'yulia@example.org', email_type: [coded('school')] }] },
  user_identifier: [{ id_type: coded('UNIV_ID'), value: 'U-77', status: 'ACTIVE' }],
};

/** The least that makes a user, for tests that are about something else. */
export function sampleUser(primaryId: string, more: object = {}): Record<string, unknown> {
  return { primary_id: primaryId, last_name: 'Sample', ...more };
}
