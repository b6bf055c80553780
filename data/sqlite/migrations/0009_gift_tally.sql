-- Like tally, by gift and creator: goals and walls ask for it. show: 0 for what was given outside of any.
CREATE TABLE gift_tally (
    stage   INTEGER NOT NULL,
    day     INTEGER NOT NULL,
    show    INTEGER NOT NULL,
    gift    TEXT NOT NULL,
    creator INTEGER NOT NULL,
    units   INTEGER NOT NULL,
    gifts   INTEGER NOT NULL,
    coins   INTEGER NOT NULL,
    PRIMARY KEY (stage, day, show, gift, creator)
) STRICT, WITHOUT ROWID;
CREATE INDEX gift_tally_show ON gift_tally (stage, show);
WITH counted AS (
    SELECT g.stage, g.facts, 1 AS sign
    FROM txn g WHERE g.kind = 'gift' AND (g.facts ->> '$.settled' OR EXISTS (
        SELECT 1 FROM txn c WHERE c.stage = g.stage AND c.closes = g.seq AND c.kind = 'settle'))
    UNION ALL
    SELECT g.stage, g.facts, -1
    FROM txn r JOIN txn g ON g.stage = r.stage AND g.seq = r.reverses WHERE r.kind = 'refund'
)
INSERT INTO gift_tally
SELECT stage, facts ->> '$.day', coalesce(facts ->> '$.show', 0), facts ->> '$.gift.id', facts ->> '$.creator',
       sum(sign * (facts ->> '$.count')), sum(sign), sum(sign * (facts ->> '$.total_coins'))
FROM counted GROUP BY 1, 2, 3, 4, 5;
