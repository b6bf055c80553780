"""data remembers: money and its invariants, the journal, identities, access records, documents."""
