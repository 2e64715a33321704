CREATE TABLE sessions(
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  folder TEXT NOT NULL,
  is_demo INTEGER NOT NULL,
  resume TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  forked_from TEXT,
  draft TEXT NOT NULL DEFAULT '',
  is_open INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_used ON sessions(used_at);
CREATE INDEX sessions_open ON sessions(used_at) WHERE is_open;

CREATE TABLE turns(
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  asked_at INTEGER NOT NULL,
  question TEXT NOT NULL,
  asked BLOB NOT NULL,
  verdict_id TEXT,
  verdict BLOB,
  band TEXT,
  is_flagged INTEGER NOT NULL DEFAULT 0,
  n_conflicts INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX turns_verdict ON turns(verdict_id);
CREATE INDEX turns_asked ON turns(asked_at);

-- Which turns make a session, in which order: a fork shares those before it.
CREATE TABLE sittings(
  session INTEGER NOT NULL REFERENCES sessions(n) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  turn INTEGER NOT NULL REFERENCES turns(n) ON DELETE CASCADE,
  PRIMARY KEY(session, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX sittings_turn ON sittings(turn);

-- What happened in a turn: lines of JSON as they came, deflated into one piece once the turn has settled.
CREATE TABLE pieces(
  n INTEGER PRIMARY KEY,
  turn INTEGER NOT NULL REFERENCES turns(n) ON DELETE CASCADE,
  body BLOB NOT NULL
) STRICT;
CREATE INDEX pieces_turn ON pieces(turn);

CREATE TABLE responses(
  turn INTEGER NOT NULL REFERENCES turns(n) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  model TEXT NOT NULL,
  provider TEXT,
  api_model TEXT,
  status TEXT NOT NULL,
  first_token_ms INTEGER,
  total_ms INTEGER,
  input_tokens INTEGER,
  output_tokens INTEGER,
  cost_usd REAL,
  rank INTEGER,
  PRIMARY KEY(turn, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE claims(
  turn INTEGER NOT NULL REFERENCES turns(n) ON DELETE CASCADE,
  id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  text TEXT NOT NULL,
  agreement REAL NOT NULL,
  PRIMARY KEY(turn, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE conflicts(
  turn INTEGER NOT NULL REFERENCES turns(n) ON DELETE CASCADE,
  id INTEGER NOT NULL,
  claim INTEGER NOT NULL,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  touches_answer INTEGER NOT NULL,
  PRIMARY KEY(turn, id)
) STRICT, WITHOUT ROWID;

-- What each call cost; stays when the turn is deleted, as money does not come back.
CREATE TABLE costs(
  n INTEGER PRIMARY KEY,
  turn INTEGER REFERENCES turns(n) ON DELETE SET NULL,
  place INTEGER NOT NULL,
  call INTEGER NOT NULL,
  at INTEGER NOT NULL,
  session TEXT NOT NULL,
  model TEXT NOT NULL,
  usd REAL,
  is_guess INTEGER NOT NULL,
  UNIQUE(turn, place, call)
) STRICT;
CREATE INDEX costs_at ON costs(at, session, usd, is_guess);

-- What can be searched.
CREATE TABLE texts(
  turn INTEGER PRIMARY KEY REFERENCES turns(n) ON DELETE CASCADE,
  question TEXT NOT NULL,
  answers TEXT NOT NULL,
  claims TEXT NOT NULL
) STRICT;
CREATE VIRTUAL TABLE found USING fts5(
  question, answers, claims, content = 'texts', content_rowid = 'turn', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO found(found, rank) VALUES ('secure-delete', 1);
CREATE TRIGGER texts_new AFTER INSERT ON texts BEGIN
  INSERT INTO found(rowid, question, answers, claims) VALUES (new.turn, new.question, new.answers, new.claims);
END;
CREATE TRIGGER texts_gone AFTER DELETE ON texts BEGIN
  INSERT INTO found(found, rowid, question, answers, claims)
  VALUES ('delete', old.turn, old.question, old.answers, old.claims);
END;
CREATE TRIGGER texts_changed AFTER UPDATE ON texts BEGIN
  INSERT INTO found(found, rowid, question, answers, claims)
  VALUES ('delete', old.turn, old.question, old.answers, old.claims);
  INSERT INTO found(rowid, question, answers, claims) VALUES (new.turn, new.question, new.answers, new.claims);
END;
