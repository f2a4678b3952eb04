-- Addresses that are not written to any more, and what came back from them.

-- One row per address (folded) and channel; lifting deletes it, the audit keeps who did.
create table suppressed_addresses (
  channel text not null check (channel in ('email', 'sms')),
  address text not null,
  reason text not null check (reason in ('bounce', 'complaint', 'manual')),
  detail text,
  -- the message that bounced or was complained about
  outbox_id bigint,
  suppressed_at timestamptz not null default now(),
  suppressed_by text,
  primary key (channel, address)
);
