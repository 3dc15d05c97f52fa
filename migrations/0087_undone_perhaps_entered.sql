-- Money that went back: what a person may have entered before is not set aside by itself. It keeps waiting for that person's word, under
-- the same mark.
alter table posting drop constraint posting_undone,
  add constraint posting_undone check (not is_undone or state in ('set_aside', 'needs_attention'));
