-- Members also hear of a payer who asks for a fresh link, and of money that does not agree. The latter has no link and no sender:
-- there `to_sender` stands for everybody who keeps the firm's books.
alter table notification_rule drop constraint notification_rule_event;
alter table notification_rule add constraint notification_rule_event
  check (event in ('payment', 'payment_failed', 'bounce', 'dispute', 'expiring', 'posting_problem', 'fresh_link', 'difference'));
