-- What moderators hold back: from one participant, or (identity '') from everybody who does not moderate.
-- TRUE: held, FALSE: given back although it is held from everybody, NULL: as everybody.
CREATE TABLE holds (
  room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  identity TEXT NOT NULL,
  microphone BOOLEAN,
  camera BOOLEAN,
  screenshare BOOLEAN,
  PRIMARY KEY (room_id, identity)
);
INSERT INTO holds (room_id, identity, microphone, camera)
SELECT room_id, identity, CASE WHEN muted THEN TRUE END, CASE WHEN video_off THEN TRUE END
  FROM restrictions WHERE muted OR video_off;
DROP TABLE restrictions;
