-- What the roles of users may do in Muster. Codes are those of the code table UserRoles; a role that
-- is not here may do nothing.
create table access_roles (
  role text primary key,
  privileges text[] not null default '{}',
  -- which roles its holders may give and take away: all but `grant_roles`, or `grant_roles` alone
  grants_all boolean not null default false,
  grant_roles text[] not null default '{}',
  -- groups of fields that its holders neither see nor change: birth_date, notes, addresses, letters
  closed text[] not null default '{}',
  modified_at timestamptz not null default now(),
  modified_by text
);

-- User Manager and User Administrator both run every change; nobody grants what outranks them.
insert into access_roles (role, privileges, grants_all, grant_roles) values
  ('26', array['own:read', 'users:read', 'users:write', 'users:import', 'users:export', 'users:delete', 'users:personal',
    'sets:read', 'sets:write', 'jobs:read', 'jobs:run', 'jobs:approve', 'letters:read', 'letters:write',
    'access:read', 'access:write', 'access:sign-in', 'access:keys', 'audit:read', 'settings:read', 'settings:write'], true, '{}'),
  ('50', array['own:read', 'users:read', 'users:write', 'users:import', 'users:export', 'users:delete', 'users:personal',
    'sets:read', 'sets:write', 'jobs:read', 'jobs:run', 'jobs:approve', 'letters:read',
    'access:read', 'access:sign-in', 'audit:read', 'settings:read'], true, '{26}'),
  ('21', array['own:read', 'users:read', 'users:write', 'users:import', 'users:export',
    'sets:read', 'sets:write', 'jobs:read', 'jobs:run', 'letters:read', 'access:read', 'access:sign-in', 'settings:read'], true, '{26,50}'),
  ('57', array['own:read', 'letters:read', 'letters:write', 'settings:read'], false, '{}'),
  ('32', array['own:read', 'users:read'], false, '{}'),
  ('51', array['own:read', 'users:read'], false, '{}'),
  ('52', array['own:read', 'users:read'], false, '{}'),
  ('221', array['own:read', 'users:read', 'access:sign-in'], false, '{}'),
  ('299', array['own:read', 'users:read'], false, '{}'),
  ('200', array['own:read'], false, '{}');

alter table audit
  -- the API key that was used, where the caller was, and the request's number in the log
  add column key_id bigint,
  add column address text,
  add column request_id text;
create index audit_entity on audit (entity, entity_id);
create index audit_actor on audit (actor, at);
