-- How many writes of a posting in a row ended without a clear answer: after a few of them a person is told. Tries that failed
-- clearly, such as in an outage, are counted in `attempts` only.
alter table posting add column unclear_writes integer not null default 0
  constraint posting_unclear_writes check (unclear_writes >= 0);
