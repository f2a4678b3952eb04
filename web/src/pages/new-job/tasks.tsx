import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Input } from '../../api/index.ts';
import {
  Card,
  ChangedIcon,
  EmptyState,
  type Icon,
  MailIcon,
  Notice,
  ShieldIcon,
  TextLink,
  toast,
  toastProblem,
} from '../../components/index.ts';
import { useCan } from '../../lib/access.ts';
import { useFormat } from '../../lib/format.ts';
import { newChange } from './draft.ts';
import { type Preview, useJob } from './job.ts';

type Which = Pick<Input<'set.from_preview'>, 'outcome' | 'reason' | 'warning' | 'letter'>;

interface Task {
  readonly key: string;
  readonly tone: 'warn' | 'fail' | 'info';
  readonly icon?: Icon;
  readonly title: string;
  readonly text?: string;
  /** Users whom it is about, to make a set of. */
  readonly which?: Which;
  readonly more?: ReactNode;
}

/** What one should know or decide before the job runs; each with something to do. */
export function Tasks({ preview }: { readonly preview: Preview }) {
  const { t } = useTranslation('new-job');
  const tasks = useTasks(preview);
  return (
    <Card title={t('tasks.title')} className="nj-tasks">
      {tasks.length === 0 ? (
        <EmptyState icon={ChangedIcon} title={t('tasks.none')} text={t('tasks.none_text')} />
      ) : (
        <div className="stackv tight">
          {tasks.map(({ key, tone, icon, title, text, which, more }) => (
            <Notice
              key={key}
              tone={tone}
              title={title}
              {...(icon === undefined ? {} : { icon })}
              {...(which === undefined && more === undefined
                ? {}
                : {
                    actions: (
                      <>
                        {more}
                        {which !== undefined && <MakeSet which={which} title={title} />}
                      </>
                    ),
                  })}
            >
              {text}
            </Notice>
          ))}
        </div>
      )}
    </Card>
  );
}

function useTasks(preview: Preview): readonly Task[] {
  const { t } = useTranslation('new-job');
  const format = useFormat();
  const { draft, go, update } = useJob();
  const { letters } = preview;
  const title = (users: number, text: string): string => t('tasks.users', { count: users, number: format.number(users), text });
  const toChanges = (
    <button type="button" onClick={() => go('changes')}>
      {t('preview.to_changes')}
    </button>
  );
  const prefers = draft.changes.some((change) => change.change === 'email' && change.input['prefer'] !== undefined);
  const unwritten = Object.keys(letters.by_type).filter((code) => !letters.wording.some((text) => text.type === code));
  return [
    ...(preview.changes.length > 0 && preview.changed === 0
      ? [{ key: 'nothing', tone: 'warn' as const, title: t('tasks.nothing'), text: t('tasks.nothing_text'), more: toChanges }]
      : []),
    ...unwritten.map((code) => ({
      key: `unwritten-${code}`,
      tone: 'fail' as const,
      icon: MailIcon,
      title: t('tasks.unwritten', { type: code }),
      text: t('tasks.unwritten_text'),
      more: (
        <TextLink to="/letters/$type" params={{ type: code }}>
          {t('tasks.write')}
        </TextLink>
      ),
    })),
    ...(preview.failed === 0
      ? []
      : [
          {
            key: 'failed',
            tone: 'fail' as const,
            title: t('tasks.failed', { count: preview.failed }),
            text: reasonsText(preview),
            which: { outcome: 'failed' as const },
          },
        ]),
    ...(letters.no_address === 0
      ? []
      : [
          {
            key: 'no_address',
            tone: 'warn' as const,
            icon: MailIcon,
            title: t('tasks.no_address', { count: letters.no_address }),
            text: t('tasks.no_address_text'),
            which: { letter: 'no_address' as const },
          },
        ]),
    ...(letters.suppressed === 0
      ? []
      : [
          {
            key: 'suppressed',
            tone: 'warn' as const,
            icon: MailIcon,
            title: t('tasks.suppressed', { count: letters.suppressed }),
            text: t('tasks.suppressed_text'),
            which: { letter: 'suppressed' as const },
          },
        ]),
    ...(letters.only_institutional === 0
      ? []
      : [
          {
            key: 'institutional',
            tone: 'warn' as const,
            icon: MailIcon,
            title: t('tasks.institutional', { count: letters.only_institutional }),
            text: t('tasks.institutional_text'),
            which: { letter: 'only_institutional' as const },
            ...(prefers
              ? {}
              : {
                  more: (
                    <button
                      type="button"
                      onClick={() =>
                        update((before) => ({
                          ...before,
                          changes: [newChange('email', { prefer: { types: 'personal' } }), ...before.changes],
                        }))
                      }
                    >
                      {t('tasks.prefer_personal')}
                    </button>
                  ),
                }),
          },
        ]),
    ...preview.changes.flatMap((change, index) =>
      change.warnings.map(({ reason, text, users }) => ({
        key: `warning-${index}-${reason}`,
        tone: 'warn' as const,
        title: title(users, text),
        text: t('tasks.in_change', { number: index + 1, words: change.words }),
        which: { warning: reason },
      })),
    ),
    ...preview.reasons
      .filter(({ reason }) => reason !== 'changes.condition_not_met')
      .filter(() => preview.failed === 0)
      .map(({ reason, text, users }) => ({ key: `reason-${reason}`, tone: 'info' as const, title: title(users, text), which: { reason } })),
    ...(letters.opted_out === 0
      ? []
      : [
          {
            key: 'opted_out',
            tone: 'info' as const,
            icon: MailIcon,
            title: t('tasks.opted_out', { count: letters.opted_out }),
            which: { letter: 'opted_out' as const },
          },
        ]),
    ...(preview.needs_approval
      ? [{ key: 'approval', tone: 'info' as const, icon: ShieldIcon, title: t('tasks.approval'), text: t('tasks.approval_text') }]
      : []),
  ];
}

function reasonsText(preview: Preview): string {
  return preview.reasons.map(({ text }) => text).join(' · ');
}

/** A set of those whom a notice is about. */
function MakeSet({ which, title }: { readonly which: Which; readonly title: string }) {
  const { t } = useTranslation('new-job');
  const can = useCan();
  const { draft, plan } = useJob();
  const [made, setMade] = useState<{ readonly id: number; readonly members: number } | null>(null);
  const [busy, setBusy] = useState(false);
  if (!can('sets:write')) return null;
  if (made !== null) {
    return (
      <TextLink to="/sets/$id" params={{ id: String(made.id) }}>
        {t('tasks.set_made', { count: made.members })}
      </TextLink>
    );
  }
  const make = async (): Promise<void> => {
    setBusy(true);
    try {
      const when = new Date().toISOString().slice(0, 16).replace('T', ' ');
      const set = await api('set.from_preview', {
        set: draft.set?.id ?? 0,
        plan,
        ...which,
        name: `${title.slice(0, 100)} (${when})`,
        private: true,
      });
      setMade(set);
      toast(t('tasks.set_made_toast', { name: set.name, count: set.members }));
    } catch (error) {
      toastProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <button type="button" disabled={busy} onClick={() => void make()}>
      {t('tasks.make_set')}
    </button>
  );
}
