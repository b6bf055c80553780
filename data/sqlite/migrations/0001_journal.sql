-- The journal: what is written here is never changed or removed.
CREATE TABLE stage (
    id      INTEGER PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE,
    genesis BLOB NOT NULL
) STRICT;

CREATE TABLE txn (
    stage    INTEGER NOT NULL,
    seq      INTEGER NOT NULL CHECK (seq > 0),
    kind     TEXT NOT NULL,
    key      TEXT NOT NULL UNIQUE,
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
CREATE UNIQUE INDEX txn_closes ON txn (stage, closes) WHERE closes IS NOT NULL;
CREATE UNIQUE INDEX txn_reverses ON txn (stage, reverses) WHERE reverses IS NOT NULL;
CREATE INDEX txn_control ON txn (stage, seq) WHERE kind = 'control';

-- before: seq of the posting before this one on the same account, 0 for its first. A statement
-- follows it back from account.last; an index by account would cost a scattered page a gift.
CREATE TABLE posting (
    stage   INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    leg     INTEGER NOT NULL,
    account INTEGER NOT NULL,
    amount  INTEGER NOT NULL CHECK (amount <> 0),
    before  INTEGER NOT NULL,
    PRIMARY KEY (stage, seq, leg)
) STRICT, WITHOUT ROWID;

-- A refusal that reached the journal: the same message gets the same answer for ever.
CREATE TABLE refusal (
    key         TEXT PRIMARY KEY,
    stage       INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    code        TEXT NOT NULL,
    facts       TEXT NOT NULL,
    fingerprint TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER txn_update BEFORE UPDATE ON txn BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER txn_delete BEFORE DELETE ON txn BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER posting_update BEFORE UPDATE ON posting BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER posting_delete BEFORE DELETE ON posting BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER refusal_update BEFORE UPDATE ON refusal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER refusal_delete BEFORE DELETE ON refusal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- Texts about people, beside the journal: a row may be erased, its commitment stays in txn.
CREATE TABLE aside (
    stage INTEGER NOT NULL,
    seq   INTEGER NOT NULL,
    salt  BLOB NOT NULL,
    text  TEXT NOT NULL,
    PRIMARY KEY (stage, seq)
) STRICT, WITHOUT ROWID;

-- What follows from the journal and could be computed again from it.
CREATE TABLE account (
    id      INTEGER PRIMARY KEY,
    stage   INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    owner   INTEGER NOT NULL,
    balance INTEGER NOT NULL CHECK (balance >= 0 OR kind IN ('mint', 'issued', 'shortfall')),
    last    INTEGER NOT NULL,
    UNIQUE (stage, kind, owner)
) STRICT;
CREATE TABLE open_gift (
    stage INTEGER NOT NULL,
    seq   INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'ready')),
    viewer INTEGER NOT NULL,
    coins INTEGER NOT NULL,
    PRIMARY KEY (stage, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE banned (
    stage  INTEGER NOT NULL,
    person INTEGER NOT NULL,
    PRIMARY KEY (stage, person)
) STRICT, WITHOUT ROWID;
CREATE TABLE tally (
    stage  INTEGER NOT NULL,
    day    INTEGER NOT NULL,
    viewer INTEGER NOT NULL,
    coins  INTEGER NOT NULL,
    gifts  INTEGER NOT NULL,
    PRIMARY KEY (stage, day, viewer)
) STRICT, WITHOUT ROWID;
CREATE TABLE verified (
    stage INTEGER PRIMARY KEY,
    seq   INTEGER NOT NULL,
    hash  BLOB NOT NULL
) STRICT;

-- People. The number is opaque; everything that tells who it is can be erased here.
CREATE TABLE person (
    id         INTEGER PRIMARY KEY,
    created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE identity (
    platform TEXT NOT NULL,
    user_id  TEXT NOT NULL,
    person   INTEGER NOT NULL,
    name     TEXT NOT NULL,
    folded   TEXT NOT NULL,
    seen_at  INTEGER NOT NULL,
    PRIMARY KEY (platform, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_name ON identity (platform, folded);
CREATE INDEX identity_person ON identity (person);

-- Who may enter, as hashes, and which source has shown what.
CREATE TABLE source (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- a number is never given to another
    stage      TEXT NOT NULL,
    widget     TEXT NOT NULL,
    name       TEXT NOT NULL,
    settles    INTEGER NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    after      INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (stage, name)
) STRICT;
CREATE TABLE shown (
    source INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    PRIMARY KEY (source, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE session (
    token_hash BLOB PRIMARY KEY,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
