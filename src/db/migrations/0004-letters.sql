-- Letters: what a possible mail address is, the notification types, and the letters they name.

-- The address as it can be written to, or null when it cannot be one: one @, no spaces, delimiters
-- or stray dots, at most 64 characters before the @ and 254 in all (RFC 5321), a domain with a dot
-- whose last part is no number. Spaces are listed, since \s depends on the server's locale. Whether
-- somebody reads there is for the mail server to find out.
-- Without bounds in the pattern PostgreSQL needs a quarter of the time; not strict, so that it is inlined.
create function mail_address(value text) returns text
  language sql immutable parallel safe
  as $$
    select case
      when btrim(value) ~ '^[^\x01-\x20\x7f@<>()\[\],;:\\".]+(?:\.[^\x01-\x20\x7f@<>()\[\],;:\\".]+)*@(?:[^\x01-,./:-@\[-`{-\x7f]+\.)+[^\x01-,./:-@\[-`{-\x7f]*[^\x01-@\[-`{-\x7f][^\x01-,./:-@\[-`{-\x7f]*$'
        and btrim(value) !~ '[@.]-|-\.|-$|\..$|[\u0080-\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]'
        and length(btrim(value)) <= 254 and position('@' in btrim(value)) <= 65
      then btrim(value)
    end
  $$;

insert into notification_types
  (code, label_en, label_de, description_en, description_de, essential, is_default, credentials, position) values
  ('CREDENTIALS_CHANGED', 'New password', 'Neues Passwort',
   'Carries a new password or a one-time link; sent by itself when a job resets passwords.',
   'Enthält ein neues Passwort oder einen Einmal-Link; geht von selbst hinaus, wenn ein Prozess Passwörter zurücksetzt.', true, false, true, 1),
  ('ACCOUNT_TYPE_CHANGED', 'Account type changed', 'Kontotyp geändert',
   'Says where the user signs in from now on.', 'Sagt, wo man sich von nun an anmeldet.', true, false, false, 2),
  ('EXPIRES_SOON', 'Account expires soon', 'Konto läuft bald ab',
   'Reminds of the expiry date.', 'Erinnert an das Ablaufdatum.', false, false, false, 3),
  ('EXPIRED', 'Account expired', 'Konto abgelaufen',
   'Says that the account has ended and how to renew it.',
   'Sagt, dass das Konto abgelaufen ist und wie man es verlängert.', false, false, false, 4),
  ('WELCOME', 'Welcome', 'Willkommen',
   'Greets new users.', 'Begrüßt neue Benutzer.', false, false, false, 5),
  ('GENERAL_NOTICE', 'General notice', 'Allgemeine Mitteilung',
   'Says that the library has updated the user’s record.',
   'Sagt, dass die Bibliothek die Benutzerdaten aktualisiert hat.', false, true, false, 6);

-- The codes of letter preferences, by which users opt out, are those of the notification types.
insert into codes (table_name, code, label_en, label_de, position)
select 'LibraryNotices', t.code, t.label_en, t.label_de, t.position
from notification_types t
where not t.essential
on conflict do nothing;

insert into letters (type, language, subject, text_body, html_body, modified_by)
select s.type, s.language, s.subject,
  s.text_body,
  '<!doctype html>
<html lang="' || s.language || '">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>' || s.subject || '</title>
</head>
<body style="margin:0;padding:1.5rem;background:#ffffff;color:#1a1a1a;font:1rem/1.5 system-ui,sans-serif">
<main style="max-width:40rem;margin:0 auto">
' || s.html || '
</main>
</body>
</html>
',
  'muster'
from (values
('CREDENTIALS_CHANGED', 'en', 'Your new library password',
$letter$Dear {{ user.name }},

{% if link -%}
{{ library.name }} has renewed the access to your user account.

    User name:  {{ user.primary_id }}

With this link you choose your password. It works once, and only for a limited time:

    {{ link }}

From now on your earlier password no longer works.
{%- else -%}
{{ library.name }} has set a new password for your user account.

    User name:  {{ user.primary_id }}
    Password:   {{ password }}

Please sign in soon and choose a password of your own. From now on your earlier password no longer works.
{%- endif %}

We will never ask you for your password, neither by mail nor by telephone. If you did not expect this letter, please get in touch with us.

Kind regards
{{ library.name }}
$letter$,
$html$<p>Dear {{ user.name }},</p>
{% if link -%}
<p>{{ library.name }} has renewed the access to your user account.</p>
<dl>
<dt>User name</dt>
<dd><strong>{{ user.primary_id }}</strong></dd>
</dl>
<p>With this link you choose your password. It works once, and only for a limited time:</p>
<p><a href="{{ link }}">{{ link }}</a></p>
<p>From now on your earlier password no longer works.</p>
{%- else -%}
<p>{{ library.name }} has set a new password for your user account.</p>
<dl>
<dt>User name</dt>
<dd><strong>{{ user.primary_id }}</strong></dd>
<dt>Password</dt>
<dd><strong style="font-family:ui-monospace,monospace;font-size:1.25rem">{{ password }}</strong></dd>
</dl>
<p>Please sign in soon and choose a password of your own. From now on your earlier password no longer works.</p>
{%- endif %}
<p>We will never ask you for your password, neither by mail nor by telephone. If you did not expect this letter, please get in touch with us.</p>
<p>Kind regards<br>{{ library.name }}</p>$html$),

('CREDENTIALS_CHANGED', 'de', 'Ihr neues Bibliothekspasswort',
$letter$Guten Tag {{ user.name }},

{% if link -%}
{{ library.name }} hat den Zugang zu Ihrem Benutzerkonto erneuert.

    Benutzername:  {{ user.primary_id }}

Über diesen Link wählen Sie Ihr Passwort. Er gilt ein einziges Mal und nur für begrenzte Zeit:

    {{ link }}

Ihr bisheriges Passwort gilt ab sofort nicht mehr.
{%- else -%}
{{ library.name }} hat für Ihr Benutzerkonto ein neues Passwort gesetzt.

    Benutzername:  {{ user.primary_id }}
    Passwort:      {{ password }}

Bitte melden Sie sich bald an und wählen Sie ein eigenes Passwort. Ihr bisheriges Passwort gilt ab sofort nicht mehr.
{%- endif %}

Wir fragen Sie niemals nach Ihrem Passwort, weder per E-Mail noch am Telefon. Falls Sie diesen Brief nicht erwartet haben, melden Sie sich bitte bei uns.

Mit freundlichen Grüßen
{{ library.name }}
$letter$,
$html$<p>Guten Tag {{ user.name }},</p>
{% if link -%}
<p>{{ library.name }} hat den Zugang zu Ihrem Benutzerkonto erneuert.</p>
<dl>
<dt>Benutzername</dt>
<dd><strong>{{ user.primary_id }}</strong></dd>
</dl>
<p>Über diesen Link wählen Sie Ihr Passwort. Er gilt ein einziges Mal und nur für begrenzte Zeit:</p>
<p><a href="{{ link }}">{{ link }}</a></p>
<p>Ihr bisheriges Passwort gilt ab sofort nicht mehr.</p>
{%- else -%}
<p>{{ library.name }} hat für Ihr Benutzerkonto ein neues Passwort gesetzt.</p>
<dl>
<dt>Benutzername</dt>
<dd><strong>{{ user.primary_id }}</strong></dd>
<dt>Passwort</dt>
<dd><strong style="font-family:ui-monospace,monospace;font-size:1.25rem">{{ password }}</strong></dd>
</dl>
<p>Bitte melden Sie sich bald an und wählen Sie ein eigenes Passwort. Ihr bisheriges Passwort gilt ab sofort nicht mehr.</p>
{%- endif %}
<p>Wir fragen Sie niemals nach Ihrem Passwort, weder per E-Mail noch am Telefon. Falls Sie diesen Brief nicht erwartet haben, melden Sie sich bitte bei uns.</p>
<p>Mit freundlichen Grüßen<br>{{ library.name }}</p>$html$),

('ACCOUNT_TYPE_CHANGED', 'en', 'How you sign in to the library has changed',
$letter$Dear {{ user.name }},

the way your library account is kept has changed. It is now: {{ user.account_type }}.

Your user name is {{ user.primary_id }}. Your loans, requests and fees stay as they were.
{% if user.signs_in_elsewhere %}
Please sign in with the account of your institution. A password that the library gave you earlier no longer works.
{% else %}
The library now keeps your password. You receive it in a letter of its own, or at the service desk.
{% endif %}
Kind regards
{{ library.name }}
$letter$,
$html$<p>Dear {{ user.name }},</p>
<p>the way your library account is kept has changed. It is now: <strong>{{ user.account_type }}</strong>.</p>
<p>Your user name is <strong>{{ user.primary_id }}</strong>. Your loans, requests and fees stay as they were.</p>
{% if user.signs_in_elsewhere -%}
<p>Please sign in with the account of your institution. A password that the library gave you earlier no longer works.</p>
{%- else -%}
<p>The library now keeps your password. You receive it in a letter of its own, or at the service desk.</p>
{%- endif %}
<p>Kind regards<br>{{ library.name }}</p>$html$),

('ACCOUNT_TYPE_CHANGED', 'de', 'Ihre Anmeldung in der Bibliothek hat sich geändert',
$letter$Guten Tag {{ user.name }},

die Art, wie Ihr Bibliothekskonto geführt wird, hat sich geändert. Sie ist jetzt: {{ user.account_type }}.

Ihr Benutzername ist {{ user.primary_id }}. Ihre Ausleihen, Bestellungen und Gebühren bleiben, wie sie waren.
{% if user.signs_in_elsewhere %}
Bitte melden Sie sich mit dem Konto Ihrer Einrichtung an. Ein Passwort, das Sie früher von der Bibliothek bekommen haben, gilt nicht mehr.
{% else %}
Ihr Passwort führt nun die Bibliothek. Sie bekommen es in einem eigenen Brief oder an der Servicetheke.
{% endif %}
Mit freundlichen Grüßen
{{ library.name }}
$letter$,
$html$<p>Guten Tag {{ user.name }},</p>
<p>die Art, wie Ihr Bibliothekskonto geführt wird, hat sich geändert. Sie ist jetzt: <strong>{{ user.account_type }}</strong>.</p>
<p>Ihr Benutzername ist <strong>{{ user.primary_id }}</strong>. Ihre Ausleihen, Bestellungen und Gebühren bleiben, wie sie waren.</p>
{% if user.signs_in_elsewhere -%}
<p>Bitte melden Sie sich mit dem Konto Ihrer Einrichtung an. Ein Passwort, das Sie früher von der Bibliothek bekommen haben, gilt nicht mehr.</p>
{%- else -%}
<p>Ihr Passwort führt nun die Bibliothek. Sie bekommen es in einem eigenen Brief oder an der Servicetheke.</p>
{%- endif %}
<p>Mit freundlichen Grüßen<br>{{ library.name }}</p>$html$),

('EXPIRES_SOON', 'en', 'Your library account expires soon',
$letter$Dear {{ user.name }},
{% if user.expiry_date %}
your user account {{ user.primary_id }} is valid until {{ user.expiry_date }}. That is the last day on which you can use it.
{% else %}
your user account {{ user.primary_id }} expires soon.
{% endif %}
If you would like to go on using the library, please have your account renewed before then. Please also return what you have borrowed in time.

Kind regards
{{ library.name }}
$letter$,
$html$<p>Dear {{ user.name }},</p>
{% if user.expiry_date -%}
<p>your user account {{ user.primary_id }} is valid until <strong>{{ user.expiry_date }}</strong>. That is the last day on which you can use it.</p>
{%- else -%}
<p>your user account {{ user.primary_id }} expires soon.</p>
{%- endif %}
<p>If you would like to go on using the library, please have your account renewed before then. Please also return what you have borrowed in time.</p>
<p>Kind regards<br>{{ library.name }}</p>$html$),

('EXPIRES_SOON', 'de', 'Ihr Bibliothekskonto läuft bald ab',
$letter$Guten Tag {{ user.name }},
{% if user.expiry_date %}
Ihr Benutzerkonto {{ user.primary_id }} gilt bis zum {{ user.expiry_date }}. Das ist der letzte Tag, an dem Sie es nutzen können.
{% else %}
Ihr Benutzerkonto {{ user.primary_id }} läuft bald ab.
{% endif %}
Wenn Sie die Bibliothek weiterhin nutzen möchten, lassen Sie Ihr Konto bitte vorher verlängern. Geben Sie bitte auch Entliehenes rechtzeitig zurück.

Mit freundlichen Grüßen
{{ library.name }}
$letter$,
$html$<p>Guten Tag {{ user.name }},</p>
{% if user.expiry_date -%}
<p>Ihr Benutzerkonto {{ user.primary_id }} gilt bis zum <strong>{{ user.expiry_date }}</strong>. Das ist der letzte Tag, an dem Sie es nutzen können.</p>
{%- else -%}
<p>Ihr Benutzerkonto {{ user.primary_id }} läuft bald ab.</p>
{%- endif %}
<p>Wenn Sie die Bibliothek weiterhin nutzen möchten, lassen Sie Ihr Konto bitte vorher verlängern. Geben Sie bitte auch Entliehenes rechtzeitig zurück.</p>
<p>Mit freundlichen Grüßen<br>{{ library.name }}</p>$html$),

('EXPIRED', 'en', 'Your library account has expired',
$letter$Dear {{ user.name }},
{% if user.expiry_date %}
your user account {{ user.primary_id }} was valid until {{ user.expiry_date }}. Since then you can no longer borrow or request anything with it.
{% else %}
your user account {{ user.primary_id }} has expired. You can no longer borrow or request anything with it.
{% endif %}
If you would like to use the library again, we will gladly renew your account. Please return anything you still have on loan.

Kind regards
{{ library.name }}
$letter$,
$html$<p>Dear {{ user.name }},</p>
{% if user.expiry_date -%}
<p>your user account {{ user.primary_id }} was valid until <strong>{{ user.expiry_date }}</strong>. Since then you can no longer borrow or request anything with it.</p>
{%- else -%}
<p>your user account {{ user.primary_id }} has expired. You can no longer borrow or request anything with it.</p>
{%- endif %}
<p>If you would like to use the library again, we will gladly renew your account. Please return anything you still have on loan.</p>
<p>Kind regards<br>{{ library.name }}</p>$html$),

('EXPIRED', 'de', 'Ihr Bibliothekskonto ist abgelaufen',
$letter$Guten Tag {{ user.name }},
{% if user.expiry_date %}
Ihr Benutzerkonto {{ user.primary_id }} galt bis zum {{ user.expiry_date }}. Seitdem können Sie damit nichts mehr ausleihen oder bestellen.
{% else %}
Ihr Benutzerkonto {{ user.primary_id }} ist abgelaufen. Sie können damit nichts mehr ausleihen oder bestellen.
{% endif %}
Wenn Sie die Bibliothek wieder nutzen möchten, verlängern wir Ihr Konto gern. Bitte geben Sie zurück, was Sie noch entliehen haben.

Mit freundlichen Grüßen
{{ library.name }}
$letter$,
$html$<p>Guten Tag {{ user.name }},</p>
{% if user.expiry_date -%}
<p>Ihr Benutzerkonto {{ user.primary_id }} galt bis zum <strong>{{ user.expiry_date }}</strong>. Seitdem können Sie damit nichts mehr ausleihen oder bestellen.</p>
{%- else -%}
<p>Ihr Benutzerkonto {{ user.primary_id }} ist abgelaufen. Sie können damit nichts mehr ausleihen oder bestellen.</p>
{%- endif %}
<p>Wenn Sie die Bibliothek wieder nutzen möchten, verlängern wir Ihr Konto gern. Bitte geben Sie zurück, was Sie noch entliehen haben.</p>
<p>Mit freundlichen Grüßen<br>{{ library.name }}</p>$html$),

('WELCOME', 'en', 'Welcome to the library',
$letter$Dear {{ user.name }},

welcome to the library! Your user account is ready.

    User name:  {{ user.primary_id }}
{%- if user.expiry_date %}
    Valid until:  {{ user.expiry_date }}
{%- endif %}

We look forward to your visit. If you have any questions, our service desk will be happy to help.

Kind regards
{{ library.name }}
$letter$,
$html$<p>Dear {{ user.name }},</p>
<p>welcome to the library! Your user account is ready.</p>
<dl>
<dt>User name</dt>
<dd><strong>{{ user.primary_id }}</strong></dd>
{% if user.expiry_date -%}
<dt>Valid until</dt>
<dd>{{ user.expiry_date }}</dd>
{%- endif %}
</dl>
<p>We look forward to your visit. If you have any questions, our service desk will be happy to help.</p>
<p>Kind regards<br>{{ library.name }}</p>$html$),

('WELCOME', 'de', 'Willkommen in der Bibliothek',
$letter$Guten Tag {{ user.name }},

willkommen in der Bibliothek! Ihr Benutzerkonto ist bereit.

    Benutzername:  {{ user.primary_id }}
{%- if user.expiry_date %}
    Gültig bis:  {{ user.expiry_date }}
{%- endif %}

Wir freuen uns auf Ihren Besuch. Bei Fragen hilft Ihnen unsere Servicetheke gern.

Mit freundlichen Grüßen
{{ library.name }}
$letter$,
$html$<p>Guten Tag {{ user.name }},</p>
<p>willkommen in der Bibliothek! Ihr Benutzerkonto ist bereit.</p>
<dl>
<dt>Benutzername</dt>
<dd><strong>{{ user.primary_id }}</strong></dd>
{% if user.expiry_date -%}
<dt>Gültig bis</dt>
<dd>{{ user.expiry_date }}</dd>
{%- endif %}
</dl>
<p>Wir freuen uns auf Ihren Besuch. Bei Fragen hilft Ihnen unsere Servicetheke gern.</p>
<p>Mit freundlichen Grüßen<br>{{ library.name }}</p>$html$),

('GENERAL_NOTICE', 'en', 'Your library account has been updated',
$letter$Dear {{ user.name }},

{{ library.name }} updated your user account {{ user.primary_id }} on {{ run.date }}.
{% if user.expiry_date %}
It is valid until {{ user.expiry_date }}.
{% endif %}
You need not do anything. If something in your account looks wrong to you, please get in touch with us.

Kind regards
{{ library.name }}
$letter$,
$html$<p>Dear {{ user.name }},</p>
<p>{{ library.name }} updated your user account {{ user.primary_id }} on {{ run.date }}.</p>
{% if user.expiry_date -%}
<p>It is valid until <strong>{{ user.expiry_date }}</strong>.</p>
{%- endif %}
<p>You need not do anything. If something in your account looks wrong to you, please get in touch with us.</p>
<p>Kind regards<br>{{ library.name }}</p>$html$),

('GENERAL_NOTICE', 'de', 'Ihr Bibliothekskonto wurde aktualisiert',
$letter$Guten Tag {{ user.name }},

{{ library.name }} hat Ihr Benutzerkonto {{ user.primary_id }} am {{ run.date }} aktualisiert.
{% if user.expiry_date %}
Es gilt bis zum {{ user.expiry_date }}.
{% endif %}
Sie brauchen nichts zu tun. Falls Ihnen in Ihrem Konto etwas nicht richtig erscheint, melden Sie sich bitte bei uns.

Mit freundlichen Grüßen
{{ library.name }}
$letter$,
$html$<p>Guten Tag {{ user.name }},</p>
<p>{{ library.name }} hat Ihr Benutzerkonto {{ user.primary_id }} am {{ run.date }} aktualisiert.</p>
{% if user.expiry_date -%}
<p>Es gilt bis zum <strong>{{ user.expiry_date }}</strong>.</p>
{%- endif %}
<p>Sie brauchen nichts zu tun. Falls Ihnen in Ihrem Konto etwas nicht richtig erscheint, melden Sie sich bitte bei uns.</p>
<p>Mit freundlichen Grüßen<br>{{ library.name }}</p>$html$)
) as s (type, language, subject, text_body, html);
