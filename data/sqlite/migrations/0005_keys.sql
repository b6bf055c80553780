-- The index over keys is kept behind the journal, as checkpoints are: message ids are random, and an index
-- that every commit must keep up to date costs a page on disk for each gift. A key is in its record from
-- the first moment; `keyed` says up to which record the index holds it, the rest is read at the start.
DROP TRIGGER txn_update;
DROP TRIGGER txn_delete;
DROP INDEX txn_closes;
DROP INDEX txn_reverses;
DROP INDEX txn_control;
ALTER TABLE txn RENAME TO txn_before;
CREATE TABLE txn (
    stage    INTEGER NOT NULL,
    seq      INTEGER NOT NULL CHECK (seq > 0),
    kind     TEXT NOT NULL,
    key      TEXT NOT NULL,
    at       INTEGER NOT NULL,
    actor    INTEGER NOT NULL,
    subject  INTEGER NOT NULL,
    closes   INTEGER,
    reverses INTEGER,
    facts    TEXT NOT NULL,
    version  INTEGER NOT NULL,
    committed BLOB NOT NULL,
    hash     BLOB NOT NULL,
    PRIMARY KEY (stage, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO txn SELECT * FROM txn_before;
DROP TABLE txn_before;
CREATE UNIQUE INDEX txn_closes ON txn (stage, closes) WHERE closes IS NOT NULL;
CREATE UNIQUE INDEX txn_reverses ON txn (stage, reverses) WHERE reverses IS NOT NULL;
CREATE INDEX txn_control ON txn (stage, seq) WHERE kind = 'control';
CREATE TRIGGER txn_update BEFORE UPDATE ON txn BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER txn_delete BEFORE DELETE ON txn BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- digest: the first 64 bits of the key's BLAKE2b, signed. Two keys may share one; the record tells them apart.
CREATE TABLE key_index (
    digest INTEGER NOT NULL,
    stage  INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    PRIMARY KEY (digest, stage, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE keyed (
    stage INTEGER PRIMARY KEY,
    seq   INTEGER NOT NULL
) STRICT;
