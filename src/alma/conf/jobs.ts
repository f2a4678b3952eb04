/** Jobs and their instances: list, start, watch, and what became of each user. */
import type { FastifyInstance } from 'fastify';
import type { App } from '../../app/index.ts';
import { readSetting } from '../../core/index.ts';
import { listOutcomes, listRuns, type RunReport, showRun, startRun } from '../../runs/index.ts';
import { showSet } from '../../sets/index.ts';
import { INSTITUTION } from '../test-routes.ts';
import { type AlmaAnswer, type AlmaCall, AlmaError } from '../wire/index.ts';
import { eventOf, listedInstance, statesOf, wholeInstance } from './instance-shape.ts';
import { filteredJobs, findJob, type Job, jobOf, JOBS, M148 } from './job-list.ts';
import { checkJobThresholds } from './job-thresholds.ts';
import { readM148 } from './m148.ts';
import { confRoute, type Numbers, numberInPath, pageOf } from './route.ts';
import { M148_SETTING } from './settings.ts';

const NUMBERS: Numbers = {
  'runs.not_found': ['402218', 'Invalid job instance id.'],
  'sets.not_found': ['402229', 'Parameter set_id has invalid value: there is no such set, or it is private to someone else.'],
  'changes.': ['402229'],
  'runs.': ['402229'],
  'filters.': ['402229'],
  'input.invalid': ['402229'],
};

/** Longest name of a run. */
const LONGEST_NAME = 200;

export function jobRoutes(server: FastifyInstance, app: App): void {
  confRoute(server, app, 'GET', '/jobs', NUMBERS, list);
  confRoute(server, app, 'GET', '/jobs/:job', NUMBERS, async (call) => ({
    root: 'job',
    value: jobOf(findJob(call.path('job')), call.link),
  }));
  confRoute(server, app, 'POST', '/jobs/:job', NUMBERS, run);
  confRoute(server, app, 'GET', '/jobs/:job/instances', NUMBERS, listInstances);
  confRoute(server, app, 'GET', '/jobs/:job/instances/:instance', NUMBERS, async (call) => ({
    root: 'job_instance',
    value: wholeInstance(await instance(call), call.link),
  }));
  confRoute(server, app, 'GET', '/jobs/:job/instances/:instance/events', NUMBERS, events);
}

async function list(call: AlmaCall): Promise<AlmaAnswer> {
  const { limit, offset } = pageOf(call.query);
  const jobs = filteredJobs(call.query.text('type'), call.query.text('category'));
  const shown = jobs.slice(offset, offset + limit).map((job) => jobOf(job, call.link));
  return { root: 'jobs', value: { job: shown, total_record_count: jobs.length } };
}

async function run(call: AlmaCall): Promise<AlmaAnswer> {
  const job = findJob(call.path('job'));
  const op = call.query.text('op');
  if (op === undefined) throw new AlmaError('402220', 'Operation was not provided.');
  if (op.toLowerCase() !== 'run') throw new AlmaError('402221', 'Operation is not supported.');
  if (job.id !== M148) throw new AlmaError('402249', `The job ${job.name} cannot be started by API.`);
  const db = call.ctx.db.pool;
  const order = readM148(call.body('job', '402228')['parameter'], {
    ...(await readSetting(db, M148_SETTING)),
    institution: await readSetting(db, INSTITUTION),
    timeZone: call.ctx.timeZone,
  });
  const set = await call.perform(showSet, { set: Number(order.set) });
  await checkJobThresholds(db);
  const { actor } = call.ctx;
  const started = await call.perform(startRun, {
    set: set.id,
    plan: order.plan,
    name: (order.name ?? `${job.name} - via API - ${set.name}`).slice(0, LONGEST_NAME).trim(),
    // A program cannot type a confirmation: a person gives it, unless the library trusts the program.
    confirm: actor.kind === 'user' && actor.key?.exemptFromGuard === true,
    hold: true,
  });
  const link = call.link(`/conf/jobs/${job.id}/instances/${started.id}`);
  const value = `Job no. ${started.id} triggered on ${new Date().toUTCString()}`;
  return { root: 'job', value: { ...jobOf(job, call.link), additional_info: { value, link } } };
}

/** The job in the path; `ALL` stands for each. */
function jobsInPath(call: AlmaCall): readonly Job[] {
  return call.path('job').toUpperCase() === 'ALL' ? JOBS : [findJob(call.path('job'))];
}

async function listInstances(call: AlmaCall): Promise<AlmaAnswer> {
  const { query } = call;
  const { limit, offset } = pageOf(query);
  const status = query.text('status')?.toUpperCase();
  const { jobs, total } = await call.perform(listRuns, {
    kinds: jobsInPath(call).map((job) => job.kind),
    ...(status === undefined ? {} : { states: statesOf(status) }),
    ...dayIn(call, 'submit_date_from', 'from'),
    ...dayIn(call, 'submit_date_to', 'to'),
    limit: Math.max(limit, 1),
    offset,
    counted: true,
  });
  const shown = jobs.slice(0, limit).map((each) => listedInstance(each, call.link));
  return { root: 'job_instances', value: { job_instance: shown, total_record_count: total ?? 0 } };
}

function dayIn(call: AlmaCall, parameter: string, name: 'from' | 'to'): object {
  const text = call.query.text(parameter);
  if (text === undefined) return {};
  const day = /^(\d{4}-\d{2}-\d{2})Z?$/.exec(text)?.[1];
  if (day === undefined || Number.isNaN(Date.parse(day))) {
    throw new AlmaError('40166411', `Invalid parameter ${parameter}: ${text.slice(0, 40)}. Use YYYY-MM-DD.`);
  }
  return { [name]: day };
}

async function instance(call: AlmaCall): Promise<RunReport> {
  const jobs = jobsInPath(call);
  const id = numberInPath(call, 'instance', '402218', 'Invalid job instance id.');
  const report = await call.perform(showRun, { id });
  if (!jobs.some((job) => job.kind === report.kind)) throw new AlmaError('402218', 'Invalid job instance id.');
  return report;
}

const OUTCOMES = ['changed', 'unchanged', 'skipped', 'failed', 'conflict'] as const;

async function events(call: AlmaCall): Promise<AlmaAnswer> {
  const { limit, offset } = pageOf(call.query);
  const report = await instance(call);
  const wanted = call.query.text('type')?.toLowerCase();
  const outcome = OUTCOMES.find((each) => each === wanted);
  if (wanted !== undefined && outcome === undefined) {
    throw new AlmaError('40166410', `Invalid type: ${wanted.slice(0, 40)}. Known are ${OUTCOMES.join(', ')}.`);
  }
  const { users } = await call.perform(listOutcomes, {
    id: report.id,
    ...(outcome === undefined ? {} : { outcome }),
    limit: Math.max(limit, 1),
    offset,
  });
  const total = outcome === undefined ? report.progress.total : (report.counts[outcome] ?? 0);
  return {
    root: 'job_events',
    value: { job_event: users.slice(0, limit).map((user) => eventOf(user, call.link)), total_record_count: total },
  };
}
