-- Every act writes an event, so each index is paid for by everybody. Ids are in the order of their moments (RFC 9562, version 7)
-- and need no second order by time; by kind only states are looked up, which belong to no room.
DROP INDEX events_at;
DROP INDEX events_kind;
CREATE INDEX events_states ON events (kind, id) WHERE room_id IS NULL;
