/** Links of the router in the shapes of the design. `to` and `params` are checked against the routes there are. */
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, ReactNode, Ref } from 'react';
import type { Icon } from './icons.tsx';

interface ButtonLinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  readonly ref?: Ref<HTMLAnchorElement>;
  readonly icon?: Icon;
  readonly primary?: boolean;
  readonly small?: boolean;
  readonly subtle?: boolean;
  readonly children?: ReactNode;
}

function PlainButtonLink({ icon: Drawn, primary, small, subtle, className, children, ref, ...rest }: ButtonLinkProps) {
  const classes = ['btn', primary && 'pri', small && 'sm', subtle && 'sub', className].filter(Boolean).join(' ');
  return (
    <a ref={ref} {...rest} className={classes}>
      {Drawn !== undefined && <Drawn />}
      {children}
    </a>
  );
}

/** Looks like a button, and goes somewhere. */
export const ButtonLink = createLink(PlainButtonLink);

function PlainTextLink({ className, ref, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { readonly ref?: Ref<HTMLAnchorElement> }) {
  return <a ref={ref} {...rest} className={className ?? 'link'} />;
}

export const TextLink = createLink(PlainTextLink);
