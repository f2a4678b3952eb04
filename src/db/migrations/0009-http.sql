-- What the HTTP API keeps: idempotency keys and webhooks.

-- Requests that write and came with an Idempotency-Key: sent again, they get the same answer and do nothing.
create table idempotency_keys (
  actor text not null,
  key text not null,
  -- of method, address and input
  request_hash text not null,
  -- null: being worked on
  status smallint,
  -- null with a status: the answer carried a secret or was too long, and was not kept
  body jsonb,
  -- who works on it says so every few seconds; one that has not been seen for a while has died
  seen_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  primary key (actor, key)
);
create index idempotency_keys_created on idempotency_keys (created_at);
