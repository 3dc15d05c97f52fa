-- Client money, guarded where it is written down, whatever way it is written.

-- Money in trust is posted as a trust deposit and on a trust request, all other money as a payment and on an invoice.
create function check_posting_kind() returns trigger language plpgsql as $$
declare
  paid payment;
  laid_on statement;
begin
  select * into strict paid from payment where firm_id = new.firm_id and id = new.payment_id;
  if new.kind <> 'reversal' and (new.kind = 'trust_deposit') <> (paid.account_kind = 'trust') then
    raise exception 'a posting of % money may not be a %', paid.account_kind, new.kind
      using errcode = 'check_violation', constraint = 'posting_kind_agrees';
  end if;
  if new.statement_id is not null then
    select * into strict laid_on from statement where firm_id = new.firm_id and id = new.statement_id;
    if (laid_on.kind = 'trust_request') <> (paid.account_kind = 'trust') then
      raise exception 'statement % may not be posted from a % account', laid_on.number, paid.account_kind
        using errcode = 'check_violation', constraint = 'posting_kind_agrees';
    end if;
  end if;
  return new;
end $$;
create trigger posting_kind_agrees before insert or update of kind, payment_id, statement_id on posting
  for each row execute function check_posting_kind();

-- A reversal takes back no more than its entry brought, all its fellows together, and from the same payment.
create function check_reversal_within() returns trigger language plpgsql as $$
declare
  entry posting;
begin
  select * into strict entry from posting where firm_id = new.firm_id and id = new.reverses_posting_id;
  if entry.payment_id <> new.payment_id or entry.kind = 'reversal' or entry.currency <> new.currency
    or entry.amount_minor < (
      select sum(r.amount_minor) from posting r
      where r.firm_id = new.firm_id and r.reverses_posting_id = entry.id and r.state <> 'set_aside')
  then
    raise exception 'the reversals of posting % take back more than it brought', entry.reference
      using errcode = 'check_violation', constraint = 'posting_reversal_within';
  end if;
  return null;
end $$;
create constraint trigger posting_reversal_within after insert or update of amount_minor, state, reverses_posting_id on posting
  deferrable initially deferred for each row when (new.kind = 'reversal') execute function check_reversal_within();

-- The ledger of a matter is never below zero from our postings: nothing is taken out of trust that we did not put there.
create function check_trust_ledger() returns trigger language plpgsql as $$
declare
  of_matter uuid;
begin
  select s.matter_id into of_matter
  from statement s
  join payment p on p.firm_id = new.firm_id and p.id = new.payment_id and p.account_kind = 'trust'
  where s.firm_id = new.firm_id and s.id = new.statement_id;
  if of_matter is not null and 0 > (
    select sum(case
      when g.kind = 'reversal' and g.state in ('posting', 'posted') then -g.amount_minor
      -- An entry that turned out to stand twice is still there.
      when g.kind <> 'reversal' and (g.state = 'posted' or g.problem = 'double_entry') then g.amount_minor
      else 0 end)
    from posting g
    join payment p on p.firm_id = g.firm_id and p.id = g.payment_id and p.account_kind = 'trust'
    join statement s on s.firm_id = g.firm_id and s.id = g.statement_id
    where g.firm_id = new.firm_id and s.matter_id = of_matter and g.currency = new.currency)
  then
    raise exception 'the trust ledger of a matter would be below zero'
      using errcode = 'check_violation', constraint = 'posting_trust_ledger';
  end if;
  return null;
end $$;
create constraint trigger posting_trust_ledger after insert or update of state, amount_minor, statement_id on posting
  deferrable initially deferred for each row
  when (new.kind = 'reversal' and new.state in ('posting', 'posted')) execute function check_trust_ledger();

-- A payer pays into the account of the link, at the processor's account of that account.
create function check_checkout_account() returns trigger language plpgsql as $$
begin
  if not exists (
    select from payment_link l
    join merchant_account a on a.firm_id = l.firm_id and a.id = l.merchant_account_id
    where l.firm_id = new.firm_id and l.id = new.link_id and l.merchant_account_id = new.merchant_account_id
      and l.currency = new.currency and a.processor_account = new.processor_account
  ) then
    raise exception 'the checkout and its link differ in account or currency'
      using errcode = 'check_violation', constraint = 'checkout_account_agrees';
  end if;
  return new;
end $$;
create trigger checkout_account_agrees before insert or update of link_id, merchant_account_id, processor_account, currency on checkout
  for each row execute function check_checkout_account();

-- A link's account, once it has one, stays: its payer was told where the money goes.
create function keep_link_account() returns trigger language plpgsql as $$
begin
  if new.merchant_account_id <> old.merchant_account_id or new.account_kind <> old.account_kind then
    raise exception 'a link keeps its account' using errcode = 'check_violation', constraint = 'payment_link_keeps_account';
  end if;
  return new;
end $$;
create trigger payment_link_keeps_account before update of merchant_account_id, account_kind on payment_link
  for each row execute function keep_link_account();
