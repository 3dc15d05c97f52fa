-- Members also hear of a refund that did not arrive. `to_sender` stands there for everybody who keeps the firm's books: the sender of the
-- link did not ask for the refund.
alter table notification_rule drop constraint notification_rule_event;
alter table notification_rule add constraint notification_rule_event check (event in
  ('payment', 'payment_failed', 'bounce', 'dispute', 'refund_failed', 'expiring', 'posting_problem', 'fresh_link', 'difference'));
