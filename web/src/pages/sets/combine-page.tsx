import './sets.css';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, useApi } from '../../api/index.ts';
import { Answer, Card, EmptyState, LoadingRows, Notice, Page } from '../../components/index.ts';
import { useFormat } from '../../lib/format.ts';
import { type CombineSearch, KEEPS, type Keep } from './routes.ts';
import { SetChoice } from './set-choice.tsx';
import { type Kind, KindChoice, SetForm } from './set-form.tsx';
import { SomeUsers } from './some-users.tsx';
import { useGroup } from './use-group.ts';
import { countOf, isKept, type Parts, partNumbers, Venn, WayIcon } from './venn.tsx';

const SHOWN = 4;

/** Two sets laid over each other, true to size; what is kept of them becomes a new set. */
export function CombinePage() {
  const { t } = useTranslation('sets');
  const format = useFormat();
  const group = useGroup();
  const go = useNavigate();
  const search: CombineSearch = useSearch({ from: '/sets/combine' });
  const { a, b, keep = 'both' } = search;
  const [kind, setKind] = useState<Kind>('itemized');
  const show = (next: CombineSearch): void => void go({ to: '/sets/combine', search: next, replace: true });
  const ready = a !== undefined && b !== undefined && a !== b;
  const sets = [a ?? 1, b ?? 1];
  const compared = useApi('set.compare', { sets, parts: partNumbers(keep), limit: SHOWN }, { enabled: ready, keepPrevious: true });
  const data = ready ? compared.data : undefined;
  const parts = data === undefined ? null : partsOf(data.parts);
  const count = parts === null ? null : countOf(keep, parts);
  const [first, second] = data?.sets ?? [];
  const names = { a: first?.name ?? 'A', b: second?.name ?? 'B' };
  const listed = data?.sets.find((set) => set.kind === 'itemized');
  return (
    <Page title={t('combine_title')} sub={t('combine_page.sub')} crumbs={[{ label: t('title'), to: '/sets' }]}>
      <div className="sets-pair">
        <SetChoice letter="A" value={a} users={first?.members ?? null} onChange={(id) => show({ ...search, a: id })} />
        <button
          type="button"
          className="btn icon"
          aria-label={t('combine_page.swap')}
          onClick={() => show({ ...(b === undefined ? {} : { a: b }), ...(a === undefined ? {} : { b: a }), keep: SWAPPED[keep] })}
        >
          <span aria-hidden="true">⇄</span>
        </button>
        <SetChoice letter="B" value={b} users={second?.members ?? null} onChange={(id) => show({ ...search, b: id })} />
      </div>
      {!ready ? (
        <Card>
          <EmptyState
            title={t(a !== undefined && a === b ? 'combine_page.same' : 'combine_page.none')}
            text={t('combine_page.none_text')}
          />
        </Card>
      ) : (
        <Answer of={compared}>
          {({ members }) =>
            parts === null ? (
              <LoadingRows />
            ) : (
              <div className="grid sets-two">
                <div className="stackv">
                  <Card title={t('combine_page.keep')} sub={t('combine_page.keep_hint')}>
                    <fieldset className="sets-ways sets-plain">
                      <legend className="vh">{t('combine_page.keep')}</legend>
                      {KEEPS.map((each) => (
                        <button
                          key={each}
                          type="button"
                          className="sets-way"
                          aria-pressed={keep === each}
                          onClick={() => show({ ...search, keep: each })}
                        >
                          <WayIcon keep={each} />
                          <b>{t(`keep.${each}`)}</b>
                          <span className="small muted">{format.number(countOf(each, parts))}</span>
                        </button>
                      ))}
                    </fieldset>
                    <Venn
                      parts={parts}
                      keep={keep}
                      label={t('venn.label', {
                        ...names,
                        onlyA: format.number(parts.onlyA),
                        both: format.number(parts.both),
                        onlyB: format.number(parts.onlyB),
                      })}
                      onKeep={(next) => show({ ...search, keep: next })}
                    />
                    <p className="sets-said" role="status">
                      <Said text={t(`said.${keep}`, { a: '\u0001', b: '\u0002' })} names={names} />
                    </p>
                  </Card>
                  <Card flush title={t('some_of', { count: count ?? 0 })}>
                    {members.length === 0 ? (
                      <EmptyState title={t('combine_page.nobody')} text={t('combine_page.nobody_text')} />
                    ) : (
                      <SomeUsers
                        label={t('some_of', { count: count ?? 0 })}
                        users={members.map((user) => ({ ...user, group: user.user_group === null ? null : group(user.user_group) }))}
                      />
                    )}
                  </Card>
                </div>
                <div className="stackv">
                  <SetForm
                    count={count}
                    under={
                      first === undefined || first.members === 0 || keep === 'b'
                        ? undefined
                        : t('combine_page.share', {
                            count: count ?? 0,
                            share: format.share(count ?? 0, keep === 'a' || keep === 'both' ? first.members : total(parts)),
                            of: t(keep === 'a' || keep === 'both' ? 'combine_page.of_a' : 'combine_page.of_all'),
                          })
                    }
                    suggested={t(`suggested.${keep}`, names).slice(0, 120)}
                    blocked={count === null || compared.isPlaceholderData}
                    kind={
                      <KindChoice
                        value={listed === undefined ? kind : 'itemized'}
                        onChange={setKind}
                        texts={{ itemized: t('kind.itemized_combine', { count: count ?? 0 }), logical: t('kind.logical_combine') }}
                        {...(listed === undefined ? {} : { noLogical: t('kind.no_logical', { name: listed.name }) })}
                      />
                    }
                    onMake={(words) =>
                      api('set.combine', { ...words, ...orderOf(keep, a, b), logical: listed === undefined && kind === 'logical' })
                    }
                  />
                  <LeftOut parts={parts} keep={keep} onKeep={(next) => show({ ...search, keep: next })} />
                </div>
              </div>
            )
          }
        </Answer>
      )}
    </Page>
  );
}

/** The sentence with the names of the sets, which stand out in it. */
function Said({ text, names }: { readonly text: string; readonly names: { readonly a: string; readonly b: string } }) {
  return text.split(/([\u0001\u0002])/).map((piece, index) =>
    piece === '\u0001' || piece === '\u0002' ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text stay where they are
      <b key={index}>
        <bdi>{piece === '\u0001' ? names.a : names.b}</bdi>
      </b>
    ) : (
      piece
    ),
  );
}

const SWAPPED: Readonly<Record<Keep, Keep>> = { both: 'both', either: 'either', a: 'b', b: 'a', one: 'one' };

function partsOf(parts: readonly { readonly part: number; readonly users: number }[]): Parts {
  const users = (part: number): number => parts.find((each) => each.part === part)?.users ?? 0;
  return { onlyA: users(1), onlyB: users(2), both: users(3) };
}

function total({ onlyA, both, onlyB }: Parts): number {
  return onlyA + both + onlyB;
}

/** What the server calls it. */
function orderOf(keep: Keep, a: number, b: number): { readonly operator: 'and' | 'or' | 'not' | 'xor'; readonly sets: number[] } {
  switch (keep) {
    case 'both':
      return { operator: 'and', sets: [a, b] };
    case 'either':
      return { operator: 'or', sets: [a, b] };
    case 'a':
      return { operator: 'not', sets: [a, b] };
    case 'b':
      return { operator: 'not', sets: [b, a] };
    case 'one':
      return { operator: 'xor', sets: [a, b] };
  }
}

/** Who is in the sets and does not come along, and the way that takes them instead. */
function LeftOut({ parts, keep, onKeep }: { readonly parts: Parts; readonly keep: Keep; readonly onKeep: (keep: Keep) => void }) {
  const { t } = useTranslation('sets');
  const other: Readonly<Record<Keep, Keep | null>> = { both: 'one', either: null, a: 'both', b: 'both', one: 'both' };
  const next = other[keep];
  if (next === null) return null;
  const part = keep === 'both' ? parts.onlyA + parts.onlyB : isKept(keep, 'both') ? 0 : parts.both;
  if (part === 0) return null;
  return (
    <Notice
      tone="info"
      title={t('left_out', { count: part })}
      actions={
        <button type="button" className="do-link" onClick={() => onKeep(next)}>
          {t('left_out_take')}
        </button>
      }
    >
      {t(keep === 'both' ? 'left_out_one' : 'left_out_both')}
    </Notice>
  );
}
