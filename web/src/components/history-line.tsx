import type { ReactNode } from 'react';
import type { Icon } from './icons.tsx';

interface HistoryItemProps {
  readonly icon: Icon;
  readonly title: ReactNode;
  /** Who and when. */
  readonly detail: ReactNode;
  /** The way back, beside what it undoes. */
  readonly action?: ReactNode;
  /** Before → after, as pairs of label and value. */
  readonly changes?: readonly { readonly label: ReactNode; readonly value: ReactNode; readonly key: string }[];
}

/** A line of events, newest first. */
export function HistoryLine({ children }: { readonly children: ReactNode }) {
  return <ol className="history">{children}</ol>;
}

export function HistoryItem({ icon: Drawn, title, detail, action, changes = [] }: HistoryItemProps) {
  return (
    <li>
      <span className="history-icon">
        <Drawn small />
      </span>
      <div className="grow">
        <div className="row top">
          <div className="grow">
            <b>{title}</b>
            <p className="small muted">{detail}</p>
          </div>
          {action}
        </div>
        {changes.length > 0 && (
          <dl className="history-changes">
            {changes.map(({ label, value, key }) => (
              <div key={key}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </li>
  );
}
