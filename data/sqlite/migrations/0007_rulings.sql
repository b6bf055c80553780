-- Until when a platform's own moderation keeps somebody from giving here (until: milliseconds
-- since the epoch, NULL for good). A bar that was lifted ended when it was lifted; ruled_at: when
-- the platform decided it, so that a ruling heard late does not undo a newer one.
CREATE TABLE barred (
    stage    INTEGER NOT NULL,
    person   INTEGER NOT NULL,
    platform TEXT NOT NULL,
    ruled_at INTEGER NOT NULL,
    until    INTEGER,
    PRIMARY KEY (stage, person, platform)
) STRICT, WITHOUT ROWID;
CREATE INDEX txn_bar ON txn (stage, subject, seq) WHERE kind = 'bar';
CREATE INDEX txn_approve ON txn (stage, seq) WHERE kind = 'approve';
CREATE INDEX txn_gap ON txn (stage, seq) WHERE kind = 'gap';

-- What a viewer wrote, under a salt of its own: it can be erased while the names beside it stay.
-- The text of the row holds its commitment.
ALTER TABLE aside ADD COLUMN said_salt BLOB;
ALTER TABLE aside ADD COLUMN said TEXT;
