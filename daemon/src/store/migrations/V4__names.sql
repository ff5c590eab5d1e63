-- what a search compares; the program folds, since no database does it alike in every script. NULL: not folded yet
ALTER TABLE users ADD COLUMN name_folded TEXT;
DROP INDEX users_name;
CREATE INDEX users_folded ON users (name_folded);

-- what a room is called, in any script; empty: it is called by its slug
ALTER TABLE rooms ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE rooms ADD COLUMN title_folded TEXT NOT NULL DEFAULT '';
CREATE INDEX rooms_title ON rooms (title_folded);

-- nothing ever encrypted, and anybody could ask that a room be kept for good: both were promises without effect
UPDATE rooms SET e2ee = FALSE, is_persistent = FALSE WHERE e2ee OR is_persistent;

-- a guest who comes again is known by their device
CREATE INDEX sessions_guest_key ON sessions (guest_key);
