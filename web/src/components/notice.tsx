import type { ReactNode } from 'react';
import { BlockIcon, ConflictIcon, type Icon, InfoIcon, WarnIcon } from './icons.tsx';

const TONES = { warn: WarnIcon, fail: BlockIcon, conf: ConflictIcon, info: InfoIcon } as const;

interface NoticeProps {
  /** Amber: decide; red: broken; violet: conflict; grey: know. */
  readonly tone: keyof typeof TONES;
  readonly title: ReactNode;
  readonly icon?: Icon;
  readonly children?: ReactNode;
  /** One to three links or buttons (class `do-link`): a warning without a way on is none. */
  readonly actions?: ReactNode;
  /** Read out when it comes up. */
  readonly live?: boolean;
}

/** A fact, its reason, and what to do. */
export function Notice({ tone, title, icon, children, actions, live = false }: NoticeProps) {
  const Drawn = icon ?? TONES[tone];
  return (
    <div className={`notice ${tone}`} role={live ? (tone === 'fail' ? 'alert' : 'status') : undefined}>
      <Drawn />
      <div>
        <b>{title}</b>
        {children !== undefined && <div className="t2">{children}</div>}
        {actions !== undefined && <div className="do">{actions}</div>}
      </div>
    </div>
  );
}
