-- Coins earned, by way and day (0: once for ever), as far as an undo has not taken them back.
CREATE TABLE earned (
    stage  INTEGER NOT NULL,
    person INTEGER NOT NULL,
    day    INTEGER NOT NULL,
    way    TEXT NOT NULL,
    coins  INTEGER NOT NULL,
    PRIMARY KEY (stage, person, day, way)
) STRICT, WITHOUT ROWID;
-- Whom a moderator lets earn nothing.
CREATE TABLE earn_paused (
    stage  INTEGER NOT NULL,
    person INTEGER NOT NULL,
    PRIMARY KEY (stage, person)
) STRICT, WITHOUT ROWID;
-- Like tally, by the show in which a gift was accepted.
CREATE TABLE show_tally (
    stage  INTEGER NOT NULL,
    show   INTEGER NOT NULL,
    viewer INTEGER NOT NULL,
    coins  INTEGER NOT NULL,
    gifts  INTEGER NOT NULL,
    PRIMARY KEY (stage, show, viewer)
) STRICT, WITHOUT ROWID;
