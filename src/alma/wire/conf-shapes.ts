/** XML shapes of sets, jobs and the other bodies under /conf. */
import type { XmlShape } from '../../feeds/index.ts';

const list = (member: string, item: XmlShape): XmlShape => ({ total_record_count: 'attribute', [member]: { list: item } });

const MEMBER: XmlShape = { link: 'attribute' };
const MEMBERS = list('member', MEMBER);

const SET: XmlShape = {
  link: 'attribute',
  type: 'coded',
  content: 'coded',
  private: 'coded',
  status: 'coded',
  created_by: 'coded',
  query: 'coded',
  number_of_members: 'coded',
  members: { shape: MEMBERS },
  origin: 'coded',
};

const JOB_HEAD: XmlShape = { link: 'attribute', type: 'coded', category: 'coded', content: 'coded' };
const JOB: XmlShape = {
  ...JOB_HEAD,
  schedule: 'coded',
  parameter: { list: { name: 'coded' }, wrapper: 'parameters' },
  additional_info: 'coded',
};

const INSTANCE: XmlShape = {
  link: 'attribute',
  submitted_by: 'coded',
  status: 'coded',
  alert: { list: 'coded', wrapper: 'alerts' },
  counter: { list: { type: 'coded' }, wrapper: 'counters' },
  action: { list: 'coded', wrapper: 'actions' },
  job_info: { shape: JOB_HEAD },
};

const CODE_TABLE: XmlShape = {
  link: 'attribute',
  sub_system: 'coded',
  language: 'coded',
  scope: { shape: { institution_id: 'coded', library_id: 'coded' } },
  row: { list: {}, wrapper: 'rows' },
};

const LETTER: XmlShape = { link: 'attribute', enabled: 'coded', channel: 'coded', patron_facing: 'coded', customized: 'coded' };

const LIBRARY: XmlShape = { link: 'attribute', campus: 'coded', resource_sharing: 'coded', number_of_circ_desks: 'coded' };

export const CONF_SHAPES: Readonly<Record<string, XmlShape>> = {
  set: SET,
  sets: list('set', SET),
  members: MEMBERS,
  job: JOB,
  jobs: list('job', JOB),
  job_instance: INSTANCE,
  job_instances: list('job_instance', INSTANCE),
  job_events: list('job_event', { type: 'coded', user: 'coded', reason: 'coded' }),
  code_table: CODE_TABLE,
  code_tables: list('code_table', CODE_TABLE),
  letter: LETTER,
  letters: list('letter', LETTER),
  general: { institution: 'coded', customer: 'coded', environment_type: 'coded' },
  library: LIBRARY,
  libraries: list('library', LIBRARY),
  circ_desks: list('circ_desk', { link: 'attribute' }),
  departments: list('department', { link: 'attribute' }),
};
