-- The sender: paused batches, the pace all senders keep together, what was sent.

-- While a row stands here, the run's messages of that letter are not sent; '' is every letter of the run.
create table outbox_pauses (
  run_id bigint not null references runs (id) on delete cascade,
  letter text not null default '',
  -- 'person', or 'failures': too many in a row
  reason text not null check (reason in ('person', 'failures')),
  detail text,
  paused_at timestamptz not null default now(),
  paused_by text,
  primary key (run_id, letter)
);
