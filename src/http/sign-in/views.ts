/** The pages themselves: what they say, made of what the routes have found out. */
import type { OwnCard, ProviderChoice, SignOut } from '../../access/index.ts';
import { type Html, html } from './html.ts';
import { type Field, field, type Frame, hidden, notice, type Page } from './page.ts';

/** What went wrong or well before, said above a form. */
export interface Said {
  readonly kind: 'done' | 'warn' | 'fail';
  readonly text: string;
}

function above(said: Said | null): Html | null {
  return said === null ? null : notice(said.kind, said.text);
}

function other(frame: Frame, path: string, query: Readonly<Record<string, string | null>> = {}): string {
  return frame.link(path, { ...query, lang: frame.language === 'de' ? 'en' : 'de' });
}

export function signInPage(
  frame: Frame,
  given: {
    readonly providers: readonly ProviderChoice[];
    readonly next: string | null;
    readonly said: Said | null;
    readonly identifier?: string;
  },
): Page {
  const { next } = given;
  const failed = given.said?.kind === 'fail';
  const again = given.identifier !== undefined && given.identifier !== '';
  const identifier: Field = { name: 'identifier', label: frame.text('web.identifier', {}), type: 'text', autocomplete: 'username' };
  const password: Field = { name: 'password', label: frame.text('web.password', {}), type: 'password', autocomplete: 'current-password' };
  return {
    title: frame.text('web.sign_in', {}),
    otherLanguage: other(frame, '/sign-in', { next }),
    body: html`${above(given.said)}
<form method="post" action="${frame.link('/sign-in')}">
${hidden('next', next)}
${field({ ...identifier, value: given.identifier ?? '', invalid: failed, autofocus: !again })}
${field({ ...password, invalid: failed, autofocus: again })}
<button class="button main">${frame.text('web.sign_in', {})}</button>
</form>
<p class="aside"><a href="${frame.link('/forgot-password')}">${frame.text('web.forgot', {})}</a></p>
${
  given.providers.length > 0 &&
  html`<p class="or">${frame.text('web.or', {})}</p>
<div class="stack">
${given.providers.map(
  ({ code, label }) =>
    html`<a class="button" rel="nofollow" href="${frame.link(`/sign-in/oidc/${code}`, { next })}">${frame.text('web.sign_in_with', { provider: label[frame.language] })}</a>
`,
)}</div>`
}`,
  };
}

function newPasswords(frame: Frame, invalid: boolean, autofocus: boolean): Html {
  const [first, again] = [frame.text('web.new_password', {}), frame.text('web.new_password_again', {})];
  const rules = frame.text('web.password_rules', {});
  return html`${field({ name: 'password', label: first, type: 'password', autocomplete: 'new-password', hint: rules, invalid, autofocus })}
${field({ name: 'again', label: again, type: 'password', autocomplete: 'new-password', invalid })}`;
}

/**
 * @param given.user whose password it sets, for the person's password manager
 * @param given.token null: no link that still works, so nothing can be set
 */
export function setPasswordPage(
  frame: Frame,
  given: { readonly token: string | null; readonly user: string | null; readonly said: Said | null },
): Page {
  const { token, user, said } = given;
  return {
    title: frame.text('web.set_password', {}),
    otherLanguage: token === null ? null : other(frame, '/set-password', { token }),
    secretAddress: true,
    body:
      token === null
        ? html`${above(said ?? { kind: 'fail', text: frame.text('web.no_token', {}) })}
<p class="aside"><a href="${frame.link('/forgot-password')}">${frame.text('web.forgot', {})}</a></p>`
        : html`${above(said)}
${user !== null && html`<p class="lead">${frame.text('web.set_password_for', { user })}</p>`}
<form method="post" action="${frame.link('/set-password')}">
${hidden('token', token)}
${user !== null && userName(user)}
${newPasswords(frame, said?.kind === 'fail', true)}
<button class="button main">${frame.text('web.set_password_button', {})}</button>
</form>`,
  };
}

/** A field that nobody sees: password managers file the new password under it. */
function userName(value: string): Html {
  return html`<input class="unseen" name="username" type="text" autocomplete="username" value="${value}" readonly tabindex="-1" aria-hidden="true">`;
}

export function changePasswordPage(
  frame: Frame,
  given: {
    readonly csrf: string;
    readonly primaryId: string;
    readonly next: string | null;
    readonly must: boolean;
    readonly said: Said | null;
  },
): Page {
  const { said } = given;
  const invalid = said?.kind === 'fail';
  return {
    title: frame.text('web.change_password', {}),
    otherLanguage: other(frame, '/change-password', { next: given.next }),
    body: html`${above(said ?? (given.must ? { kind: 'warn', text: frame.text('web.must_change', {}) } : null))}
<form method="post" action="${frame.link('/change-password')}">
${hidden('csrf', given.csrf)}
${hidden('next', given.next)}
${userName(given.primaryId)}
${field({ name: 'current', label: frame.text('web.current_password', {}), type: 'password', autocomplete: 'current-password', invalid, autofocus: true })}
${newPasswords(frame, invalid, false)}
<button class="button main">${frame.text('web.change_password', {})}</button>
</form>
${!given.must && html`<p class="aside"><a href="${frame.link('/signed-in')}">${frame.text('web.back', {})}</a></p>`}`,
  };
}

export function forgotPasswordPage(frame: Frame, sent: boolean): Page {
  return {
    title: frame.text('web.forgot_title', {}),
    otherLanguage: other(frame, '/forgot-password'),
    body: html`${
      sent
        ? notice('done', frame.text('web.forgot_sent', {}))
        : html`<p class="lead">${frame.text('web.forgot_text', {})}</p>
<form method="post" action="${frame.link('/forgot-password')}">
${field({ name: 'identifier', label: frame.text('web.identifier', {}), type: 'text', autocomplete: 'username', autofocus: true })}
<button class="button main">${frame.text('web.forgot_button', {})}</button>
</form>`
    }
<p class="aside"><a href="${frame.link('/sign-in')}">${frame.text('web.back_to_sign_in', {})}</a></p>`,
  };
}

export function signedInPage(
  frame: Frame,
  given: { readonly card: OwnCard; readonly csrf: string; readonly until: string | null; readonly said: Said | null },
): Page {
  const { card, until } = given;
  const roles = card.roles.map((role) => `${role.label[frame.language]}${role.library === null ? '' : ` (${role.library})`}`);
  return {
    title: frame.text('web.signed_in', {}),
    otherLanguage: other(frame, '/signed-in'),
    body: html`${above(given.said)}
<dl>
<dt>${frame.text('web.name', {})}</dt><dd>${card.name}</dd>
<dt>${frame.text('web.primary_id', {})}</dt><dd>${card.primary_id}</dd>
<dt>${frame.text('web.roles', {})}</dt><dd>${roles.length === 0 ? frame.text('web.no_roles', {}) : roles.join(', ')}</dd>
${until !== null && html`<dt>${frame.text('web.session_until', {})}</dt><dd>${until}</dd>`}
</dl>
<form method="post" action="${frame.link('/sign-out')}">
${hidden('csrf', given.csrf)}
<button class="button main">${frame.text('web.sign_out', {})}</button>
</form>
${card.has_password && html`<p class="aside"><a href="${frame.link('/change-password')}">${frame.text('web.change_password', {})}</a></p>`}`,
  };
}

/** Signed out here, and on the way to the provider to be signed out there as well. */
export function signOutTherePage(frame: Frame, { provider, url }: SignOut): Page {
  return {
    title: frame.text('web.signed_out', {}),
    body: html`<p class="lead">${frame.text('web.sign_out_there', { provider })}</p>
<a class="button main" href="${url}">${frame.text('web.sign_out_there_link', { provider })}</a>
<p class="aside"><a href="${frame.link('/sign-in')}">${frame.text('web.back_to_sign_in', {})}</a></p>`,
  };
}

export function problemPage(
  frame: Frame,
  given: { readonly status: number; readonly title: string; readonly text: string; readonly id: string },
): Page {
  return {
    title: given.title,
    status: given.status,
    body: html`${notice('fail', given.text)}
<a class="button" href="${frame.link('/sign-in')}">${frame.text('web.back_to_sign_in', {})}</a>
<p class="small aside">${frame.text('web.number', { id: given.id })}</p>`,
  };
}
