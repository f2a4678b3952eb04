import { useTranslation } from 'react-i18next';
import { useFormat } from '../../lib/format.ts';
import { KEEPS, type Keep } from './routes.ts';
import { vennOf } from './venn-geometry.ts';

/** Users of the parts of the diagram. */
export interface Parts {
  readonly onlyA: number;
  readonly both: number;
  readonly onlyB: number;
}
type Part = keyof Parts;
const PARTS: readonly Part[] = ['onlyA', 'both', 'onlyB'];

const KEPT: Readonly<Record<Keep, readonly Part[]>> = {
  both: ['both'],
  either: PARTS,
  a: ['onlyA'],
  b: ['onlyB'],
  one: ['onlyA', 'onlyB'],
};

export function isKept(keep: Keep, part: Part): boolean {
  return KEPT[keep].includes(part);
}

export function countOf(keep: Keep, parts: Parts): number {
  return KEPT[keep].reduce((sum, part) => sum + parts[part], 0);
}

/** Numbers of the parts as the server has them. */
export function partNumbers(keep: Keep): number[] {
  return KEPT[keep].map((part) => ({ onlyA: 1, onlyB: 2, both: 3 })[part]);
}

const WIDTH = 500;
const HEIGHT = 300;
const MIDDLE = 160;
/** Narrower than this, a number does not stand in its part but below, with a line to it. */
const ROOM = 84;

interface VennProps {
  readonly parts: Parts;
  readonly keep: Keep;
  readonly label: string;
  readonly onKeep: (keep: Keep) => void;
}

/** The two sets, true to size. Clicking a part keeps it, or leaves it out; the buttons above do the same for keys. */
export function Venn({ parts, keep, label, onKeep }: VennProps) {
  const { t } = useTranslation('sets');
  const { number } = useFormat();
  const { a, b, overlap } = vennOf(parts.onlyA, parts.both, parts.onlyB);
  const toggle = (part: Part): void => {
    const wanted = PARTS.filter((each) => (each === part ? !isKept(keep, each) : isKept(keep, each)));
    const next = KEEPS.find((each) => KEPT[each].length === wanted.length && wanted.every((one) => KEPT[each].includes(one)));
    // What is none of the five ways keeps the clicked part alone.
    onKeep(next ?? (part === 'both' ? 'both' : part === 'onlyA' ? 'a' : 'b'));
  };
  const on = (part: Part): string => (isKept(keep, part) && parts[part] > 0 ? 'part on' : 'part');
  const [left, right] = [WIDTH / 2 + a.x, WIDTH / 2 + b.x];
  const spans: Readonly<Record<Part, readonly [number, number]>> = {
    onlyA: [left - a.r, overlap === null ? left + a.r : Math.max(left - a.r, Math.min(WIDTH / 2 + overlap.from, left + a.r))],
    both: overlap === null ? [0, 0] : [WIDTH / 2 + overlap.from, WIDTH / 2 + overlap.to],
    onlyB: [overlap === null ? right - b.r : Math.min(right + b.r, Math.max(WIDTH / 2 + overlap.to, right - b.r)), right + b.r],
  };
  return (
    <svg className="sets-venn" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      {/* biome-ignore-start lint/a11y/noStaticElementInteractions: a second way; the buttons above are the first, and the picture is read as one */}
      {/* biome-ignore-start lint/a11y/useKeyWithClickEvents: as above */}
      <circle
        className={on('onlyA')}
        cx={left}
        cy={MIDDLE}
        r={a.r}
        style={{ pointerEvents: 'auto', stroke: 'none' }}
        onClick={() => toggle('onlyA')}
      />
      <circle
        className={on('onlyB')}
        cx={right}
        cy={MIDDLE}
        r={b.r}
        style={{ pointerEvents: 'auto', stroke: 'none' }}
        onClick={() => toggle('onlyB')}
      />
      {overlap !== null && (
        <path className={on('both')} d={lensPath(left, a.r, right, b.r, WIDTH / 2 + overlap.x, overlap.y)} onClick={() => toggle('both')} />
      )}
      {/* biome-ignore-end lint/a11y/useKeyWithClickEvents: as above */}
      {/* biome-ignore-end lint/a11y/noStaticElementInteractions: as above */}
      <circle cx={left} cy={MIDDLE} r={a.r} />
      <circle cx={right} cy={MIDDLE} r={b.r} />
      <text className="name" x={Math.min(left, spans.onlyA[0] + 12)} y={26}>
        A
      </text>
      <text className="name" x={Math.max(right, spans.onlyB[1] - 12)} y={26}>
        B
      </text>
      {PARTS.filter((part) => parts[part] > 0).map((part, index) => {
        const [from, to] = spans[part];
        const x = (from + to) / 2;
        if (to - from < ROOM) {
          // Each has a place of its own, so that two never lie on each other.
          const at = WIDTH / 2 + { onlyA: -155, both: 0, onlyB: 155 }[part];
          return (
            <g key={part}>
              <line x1={x} y1={MIDDLE + 2} x2={at} y2={HEIGHT - 18} />
              <text className="word" x={at} y={HEIGHT - 4}>
                {number(parts[part])} {t(`venn.${part}`)}
              </text>
            </g>
          );
        }
        const shown = isKept(keep, part) ? ' on' : '';
        return (
          <g key={part} data-index={index}>
            <text className={`big${shown}`} x={x} y={MIDDLE}>
              {number(parts[part])}
            </text>
            <text className={`word${shown}`} x={x} y={MIDDLE + 20}>
              {t(`venn.${part}`)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

/** The overlap, between the points where the circles cross; a whole circle where one lies in the other. */
function lensPath(xa: number, ra: number, xb: number, rb: number, x: number, y: number): string {
  if (y === 0) {
    const [cx, r] = ra <= rb ? [xa, ra] : [xb, rb];
    return `M ${cx - r} ${MIDDLE} a ${r} ${r} 0 1 0 ${2 * r} 0 a ${r} ${r} 0 1 0 ${-2 * r} 0 Z`;
  }
  const largeA = x < xa ? 1 : 0;
  const largeB = x > xb ? 1 : 0;
  return `M ${x} ${MIDDLE - y} A ${ra} ${ra} 0 ${largeA} 1 ${x} ${MIDDLE + y} A ${rb} ${rb} 0 ${largeB} 1 ${x} ${MIDDLE - y} Z`;
}

/** A way to combine, small. */
export function WayIcon({ keep }: { readonly keep: Keep }) {
  const on = (part: Part): string => (isKept(keep, part) ? 'part on' : 'part');
  return (
    <svg className="sets-icon" viewBox="0 0 28 18" aria-hidden="true">
      <path className={on('onlyA')} d="M 14 3.2 A 8 8 0 1 0 14 14.8 A 8 8 0 0 1 14 3.2 Z" />
      <path className={on('onlyB')} d="M 14 3.2 A 8 8 0 1 1 14 14.8 A 8 8 0 0 0 14 3.2 Z" />
      <path className={on('both')} d="M 14 3.2 A 8 8 0 0 1 14 14.8 A 8 8 0 0 1 14 3.2 Z" />
      <circle cx="8.5" cy="9" r="8" />
      <circle cx="19.5" cy="9" r="8" />
    </svg>
  );
}
