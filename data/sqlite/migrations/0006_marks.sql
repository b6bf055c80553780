-- Rare records, looked up by their kind. After 0005, which makes the table anew and its indexes with it.
CREATE INDEX txn_mark ON txn (stage, kind, seq) WHERE kind IN ('show', 'bonus');
