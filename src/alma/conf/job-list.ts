/** The jobs that there are, as Alma's clients see them. */
import type { Json } from '../../feeds/index.ts';
import { AlmaError } from '../wire/index.ts';
import type { Link } from './set-shape.ts';
import { coded } from './values.ts';

export interface Job {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly type: 'MANUAL' | 'OTHER';
  /** The runs that are its instances. */
  readonly kind: 'job' | 'undo' | 'import' | 'purge';
}

/** The number of "Update/Notify Users" is Alma's; the others have no counterpart there that programs start. */
export const M148 = 'M148';

export const JOBS: readonly Job[] = [
  { id: M148, name: 'Update/Notify Users', description: 'Updates the users of a set and notifies them.', type: 'MANUAL', kind: 'job' },
  { id: 'O1', name: 'Undo', description: 'Brings back what a job has changed.', type: 'OTHER', kind: 'undo' },
  { id: 'O2', name: 'Import Users', description: 'Takes in users from a file or a feed.', type: 'OTHER', kind: 'import' },
  { id: 'O3', name: 'Purge Users', description: 'Erases users whose purge date has passed.', type: 'OTHER', kind: 'purge' },
];

const TYPES: Readonly<Record<Job['type'], string>> = { MANUAL: 'Manual', OTHER: 'Other' };
const CATEGORY = coded('INFORMATION_UPDATE', 'Information update');

/** What a job is called wherever it is spoken of. */
export function jobHead(job: Job, link: Link): Json {
  return {
    link: link(`/conf/jobs/${job.id}`),
    id: job.id,
    name: job.name,
    description: job.description,
    type: coded(job.type, TYPES[job.type]),
    category: CATEGORY,
  };
}

export function jobOf(job: Job, link: Link): Json {
  return {
    ...jobHead(job, link),
    content: coded('USER', 'User'),
    schedule: { value: null, desc: null },
    parameter: [],
    additional_info: null,
  };
}

export function jobOfKind(kind: string): Job | undefined {
  return JOBS.find((job) => job.kind === kind);
}

/** Throws `AlmaError` 402215 for what is no number of a job, 402216 for one that is not there. */
export function findJob(id: string): Job {
  if (!/^[MSO]\d{1,20}$/i.test(id)) throw new AlmaError('402215', 'Invalid job id format.');
  const job = JOBS.find((each) => each.id === id.toUpperCase());
  if (job === undefined) throw new AlmaError('402216', 'Invalid job id.');
  return job;
}

/** The jobs of that type and category. */
export function filteredJobs(type: string | undefined, category: string | undefined): readonly Job[] {
  const wanted = type?.toUpperCase();
  if (wanted !== undefined && !['MANUAL', 'SCHEDULED', 'OTHER'].includes(wanted)) throw new AlmaError('40166410', 'Invalid type.');
  if (category !== undefined && category.toUpperCase() !== CATEGORY.value) return [];
  return JOBS.filter((job) => wanted === undefined || job.type === wanted);
}
