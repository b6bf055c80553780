-- Battles are rare records too.
DROP INDEX txn_mark;
CREATE INDEX txn_mark ON txn (stage, kind, seq) WHERE kind IN ('show', 'bonus', 'battle');
