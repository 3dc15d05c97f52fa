-- What was sent for the matter on screen: the panel asks each time it opens.
create index payment_link_matter on payment_link (firm_id, matter_id, created_at desc) where matter_id is not null;
