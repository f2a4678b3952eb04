import { type ReactNode, useEffect, useRef } from 'react';
import { createStore } from '../lib/store.ts';

export interface Crumb {
  readonly label: string;
  /** Address within the page, e.g. `/users`. */
  readonly to: string;
}

interface Place {
  readonly title: string;
  readonly crumbs: readonly Crumb[];
}

/** Where one is: the header and the browser's title read it. */
export const place = createStore<Place>({ title: '', crumbs: [] });

interface PageProps {
  readonly title: string;
  /** Beside the title: badges. */
  readonly beside?: ReactNode;
  /** Instead of the title's words, e.g. with an avatar; the title still names the page. */
  readonly heading?: ReactNode;
  readonly sub?: ReactNode;
  /** The ways up, without the page itself. */
  readonly crumbs?: readonly Crumb[];
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

const NO_CRUMBS: readonly Crumb[] = [];
let first = true;

/** The frame of every page: title, what stands beside it, actions. Names the page, and takes the focus when one comes to it. */
export function Page({ title, beside, heading, sub, crumbs = NO_CRUMBS, actions, children }: PageProps) {
  const ref = useRef<HTMLHeadingElement>(null);
  const trail = JSON.stringify(crumbs);
  useEffect(() => {
    place.set({ title, crumbs: JSON.parse(trail) as Crumb[] }); // what has just been written
    document.title = `${title} · Muster`;
  }, [title, trail]);
  useEffect(() => {
    // The page that the browser opened is read from its top; one that is gone to from its title.
    if (
      !first &&
      (document.activeElement === null || document.activeElement === document.body || !document.querySelector('[role="dialog"]'))
    ) {
      ref.current?.focus({ preventScroll: true });
    }
    first = false;
  }, []);
  return (
    <>
      <div className="head">
        <div className="grow">
          <div className="row wrap">
            <h1 ref={ref} tabIndex={-1}>
              {heading ?? title}
            </h1>
            {beside}
          </div>
          {sub !== undefined && <div className="sub">{sub}</div>}
        </div>
        {actions !== undefined && actions !== false && <div className="acts">{actions}</div>}
      </div>
      {children}
    </>
  );
}

interface CardProps {
  readonly title?: ReactNode;
  readonly count?: ReactNode;
  readonly sub?: ReactNode;
  readonly right?: ReactNode;
  readonly foot?: ReactNode;
  /** Without the inner margin, for tables. */
  readonly flush?: boolean;
  readonly id?: string;
  readonly className?: string;
  readonly children?: ReactNode;
}

/** A part of a page with its heading. */
export function Card({ title, count, sub, right, foot, flush = false, id, className, children }: CardProps) {
  return (
    <section className={className === undefined ? 'card' : `card ${className}`} id={id}>
      {(title !== undefined || right !== undefined) && (
        <div className="ch">
          {title !== undefined && <h2>{title}</h2>}
          {count !== undefined && <span className="badge plain">{count}</span>}
          {sub !== undefined && <span className="sub">{sub}</span>}
          {right !== undefined && <div className="r">{right}</div>}
        </div>
      )}
      {flush ? children : <div className="cb">{children}</div>}
      {foot !== undefined && <div className="cf">{foot}</div>}
    </section>
  );
}
