-- Every act writes an audit line, so each index is paid for by everybody. Ids are in the order of their moments (RFC 9562,
-- version 7), and no question finds its lines by the others. Few rooms have a title: the others stay out of its index.
DROP INDEX audit_at;
DROP INDEX audit_room;
DROP INDEX audit_actor;
DROP INDEX rooms_title;
CREATE INDEX rooms_title ON rooms (title_folded) WHERE title_folded <> '';
