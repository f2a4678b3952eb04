import { Button, Modal, Select, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useApiMutation } from '../../api/index.ts';
import { DateText, Notice, toast } from '../../components/index.ts';
import { useFormat } from '../../lib/format.ts';
import { dropDraft } from './draft.ts';
import { Choices } from './inputs.tsx';
import { useJob } from './job.ts';

const REPEATS = ['daily', 'weekly', 'monthly', 'cron'] as const;
type Repeat = (typeof REPEATS)[number];
/** A Monday to begin the names of days with. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

interface ScheduleDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
}

/** The job later: once, or again and again on a set that is evaluated anew each time. */
export function ScheduleDialog({ opened, onClose, title }: ScheduleDialogProps) {
  const { t } = useTranslation(['new-job', 'common']);
  return (
    <Modal opened={opened} onClose={onClose} title={t('schedule.title')} closeButtonProps={{ 'aria-label': t('common:action.close') }}>
      <ScheduleForm title={title} onClose={onClose} />
    </Modal>
  );
}

function ScheduleForm({ title, onClose }: Omit<ScheduleDialogProps, 'opened'>) {
  const { t } = useTranslation(['new-job', 'common']);
  const format = useFormat();
  const navigate = useNavigate();
  const { draft, plan, preview } = useJob();
  const [name, setName] = useState(title);
  const [way, setWay] = useState<'once' | 'repeat'>('once');
  const [at, setAt] = useState(() => tomorrow());
  const [repeat, setRepeat] = useState<Repeat>('daily');
  const [time, setTime] = useState('06:00');
  const [day, setDay] = useState('1');
  const [cron, setCron] = useState('0 6 * * *');
  const set = useApi('set.show', { set: draft.set?.id ?? 0 }, { enabled: draft.set !== null });
  const logical = set.data?.kind === 'logical';
  const create = useApiMutation('schedule.create', {
    invalidates: ['schedule.list'],
    onSuccess: (schedule) => {
      dropDraft(draft.id);
      toast(t('schedule.made', { when: schedule.next_at === null ? '' : format.instant(schedule.next_at) }));
      void navigate({ to: '/jobs' });
    },
  });
  const cronOf = (): string => {
    const [hour = '6', minute = '0'] = time.split(':').map((part) => String(Number(part)));
    if (repeat === 'cron') return cron.trim();
    if (repeat === 'weekly') return `${minute} ${hour} * * ${day}`;
    return repeat === 'monthly' ? `${minute} ${hour} ${day} * *` : `${minute} ${hour} * * *`;
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const when = way === 'once' ? { at: new Date(at).toISOString() } : { cron: cronOf() };
    create.mutate({ name: name.trim(), set: draft.set?.id ?? 0, plan, ...when });
  };
  const days = Array.from({ length: 7 }, (_, index) => ({
    value: String((index + 1) % 7),
    label: format.weekday(new Date(MONDAY + index * DAY_MS).toISOString().slice(0, 10)),
  }));
  return (
    <form className="stackv" onSubmit={submit}>
      <TextInput
        label={t('schedule.name')}
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Choices
        label={t('schedule.title')}
        value={way}
        onChange={setWay}
        options={[
          { value: 'once', label: t('schedule.once') },
          { value: 'repeat', label: t('schedule.repeat') },
        ]}
      />
      {way === 'once' ? (
        <TextInput
          type="datetime-local"
          label={t('schedule.at')}
          required
          value={at}
          onChange={(event) => setAt(event.currentTarget.value)}
        />
      ) : logical ? (
        <div className="row wrap top nj-pair">
          <Select
            label={t('schedule.how')}
            data={REPEATS.map((value) => ({ value, label: t(`schedule.every.${value}`) }))}
            value={repeat}
            onChange={(next) => {
              setRepeat(REPEATS.find((each) => each === next) ?? 'daily');
              setDay('1');
            }}
            allowDeselect={false}
          />
          {repeat === 'weekly' && (
            <Select label={t('schedule.day')} data={days} value={day} onChange={(next) => setDay(next ?? '1')} allowDeselect={false} />
          )}
          {repeat === 'monthly' && (
            <Select
              label={t('schedule.day')}
              data={Array.from({ length: 28 }, (_, index) => String(index + 1))}
              value={day}
              onChange={(next) => setDay(next ?? '1')}
              allowDeselect={false}
            />
          )}
          {repeat === 'cron' ? (
            <TextInput label={t('schedule.cron')} className="mono" value={cron} onChange={(event) => setCron(event.currentTarget.value)} />
          ) : (
            <TextInput
              type="time"
              label={t('schedule.time')}
              required
              value={time}
              onChange={(event) => setTime(event.currentTarget.value)}
            />
          )}
        </div>
      ) : (
        <Notice tone="warn" title={t('schedule.needs_logical')}>
          {t('schedule.needs_logical_text')}
        </Notice>
      )}
      {preview?.guard.needed === true && <Notice tone="info" title={t('schedule.guard')} />}
      <p className="small muted">{t('schedule.text')}</p>
      {create.error !== null && (
        <Notice tone="fail" title={create.error.message} live>
          <span className="mono small">{create.error.code}</span>
        </Notice>
      )}
      {create.data?.next_at !== undefined && create.data.next_at !== null && <DateText value={create.data.next_at} as="instant" />}
      <div className="row">
        <Button type="submit" variant="filled" loading={create.isPending} disabled={name.trim() === '' || (way === 'repeat' && !logical)}>
          {t('schedule.button')}
        </Button>
        <Button variant="subtle" onClick={onClose}>
          {t('common:action.cancel')}
        </Button>
      </div>
    </form>
  );
}

/** Tomorrow at six, as the field has it. */
function tomorrow(): string {
  const date = new Date(Date.now() + DAY_MS);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T06:00`;
}
