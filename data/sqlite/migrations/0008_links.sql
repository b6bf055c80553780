-- Which accounts are one person, as follows from the journal: one row a link. parted: seq of the
-- record that ended it.
CREATE TABLE link (
    stage  INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    person INTEGER NOT NULL,
    head   INTEGER NOT NULL,
    share  INTEGER NOT NULL,
    parted INTEGER,
    PRIMARY KEY (stage, seq),
    CHECK (person <> head)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX link_now ON link (stage, person) WHERE parted IS NULL;
CREATE INDEX link_person ON link (stage, person);
CREATE INDEX link_head ON link (stage, head) WHERE parted IS NULL;

-- Codes under way from one account to another, as hashes, gone when their time is over. *_key: ids of the
-- messages that did it, so that a repeat does nothing new.
CREATE TABLE link_code (
    stage      TEXT NOT NULL,
    digest     BLOB NOT NULL,
    maker      INTEGER NOT NULL,
    made_at    INTEGER NOT NULL,
    made_key   TEXT NOT NULL UNIQUE,
    told_key   TEXT NOT NULL DEFAULT '', -- the maker was told who typed it
    maker_key  TEXT NOT NULL DEFAULT '', -- the maker's yes
    taker      INTEGER NOT NULL DEFAULT 0,
    taken_key  TEXT NOT NULL DEFAULT '',
    taker_key  TEXT NOT NULL DEFAULT '', -- the taker's yes
    until      INTEGER NOT NULL,
    void       INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (stage, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_code_maker ON link_code (stage, maker);
CREATE INDEX link_code_taker ON link_code (stage, taker);
CREATE TABLE link_guess (
    key    TEXT PRIMARY KEY,
    stage  TEXT NOT NULL,
    person INTEGER NOT NULL,
    at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
