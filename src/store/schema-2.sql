ALTER TABLE sessions ADD COLUMN is_pinned INTEGER NOT NULL DEFAULT 0;
CREATE INDEX sessions_pinned ON sessions(used_at) WHERE is_pinned;
-- The run in which the session was deleted, for as long as that can be taken back.
ALTER TABLE sessions ADD COLUMN deleted_by TEXT;
CREATE INDEX sessions_deleted ON sessions(deleted_by) WHERE deleted_by IS NOT NULL;

-- Whether question and answers are there, or only what they cost and what was thought of them.
ALTER TABLE turns ADD COLUMN has_text INTEGER NOT NULL DEFAULT 1;
CREATE INDEX turns_with_text ON turns(asked_at) WHERE has_text;

-- What a person thinks of the answer of a turn, and which response they took for the best without knowing whose it was.
CREATE TABLE opinions(
  turn INTEGER PRIMARY KEY REFERENCES turns(n) ON DELETE CASCADE,
  judgement TEXT,
  vote INTEGER,
  at INTEGER NOT NULL
) STRICT;
