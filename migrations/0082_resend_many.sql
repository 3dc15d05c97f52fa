-- Many requests may be emailed again at once.
alter table link_action drop constraint link_action_verb;
alter table link_action add constraint link_action_verb check (verb in ('remind', 'resend', 'extend', 'cancel'));
