import { useTranslation } from 'react-i18next';
import { type Output, useApi } from '../../api/index.ts';
import { Answer, Notice } from '../../components/index.ts';
import type { TextKey } from './text-key.ts';

type Part = Output<'letter_text.compare'>['parts'][number];

interface ComparisonProps {
  readonly of: TextKey;
  readonly from: number;
  readonly to: number;
}

/** Two versions line by line; what went is struck through, what came is on the accent. */
export function Comparison({ of: key, from, to }: ComparisonProps) {
  const { t } = useTranslation('letters');
  const compared = useApi('letter_text.compare', { ...key, from, to });
  return (
    <Answer of={compared}>
      {({ same, parts }) =>
        same ? (
          <Notice tone="info" title={t('version.same')} />
        ) : (
          <div className="stackv">
            {parts
              .filter((part) => !part.same)
              .map((part) => (
                <PartDifference key={part.part} part={part} />
              ))}
          </div>
        )
      }
    </Answer>
  );
}

/** A dot in a key of texts leads further down. */
const PART_KEYS = {
  subject: 'subject',
  body: 'body',
  sms: 'sms',
  'frame.header': 'frame_header',
  'frame.footer': 'frame_footer',
  'frame.logo': 'frame_logo',
  'frame.colours': 'frame_colours',
} as const satisfies Record<Part['part'], string>;

/** Unchanged lines around a change that are shown. */
const AROUND = 2;

function PartDifference({ part }: { readonly part: Part }) {
  const { t } = useTranslation('letters');
  const near = part.lines.map((_, index) =>
    part.lines.slice(Math.max(0, index - AROUND), index + AROUND + 1).some(({ kind }) => kind !== 'same'),
  );
  return (
    <section>
      <p className="small t2">
        <b>{t(`part.${PART_KEYS[part.part]}`)}</b>
      </p>
      <div className="compare">
        {part.lines.map((line, index) => {
          const key = `${line.before ?? ''}-${line.after ?? ''}`;
          if (!near[index])
            return near[index - 1] === true || index === 0 ? (
              <div key={key} className="compare-gap" aria-hidden="true">
                {'…'}
              </div>
            ) : null;
          return (
            <div key={key} className={`compare-line ${line.kind}`}>
              <span className="compare-no" aria-hidden="true">
                {line.after ?? line.before}
              </span>
              <span>
                {line.pieces.map(({ kind, text }, at) =>
                  kind === 'same' ? (
                    text
                  ) : kind === 'removed' ? (
                    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line never move
                    <del key={at}>{text}</del>
                  ) : (
                    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line never move
                    <ins key={at}>{text}</ins>
                  ),
                )}
              </span>
            </div>
          );
        })}
      </div>
    </section>
  );
}
