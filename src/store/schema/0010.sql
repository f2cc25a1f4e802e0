-- The desk settles things: solutions that a shop changed and which ones were used, third persons in a conversation,
-- agreements with buyers and their terms.

CREATE TABLE solution (                            -- a shop's own, and its changes of those that ship (same id)
    tenant_id BIGINT NOT NULL, solution_id TEXT NOT NULL,
    body TEXT NOT NULL,                            -- JSON: desk/solution.h
    off BIGINT NOT NULL,                           -- 1: not proposed
    version BIGINT NOT NULL,                       -- rises with every change
    person_id BIGINT NOT NULL, changed_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, solution_id)
) WITHOUT ROWID;

CREATE TABLE solution_use (                        -- which one was taken, among which; one a conversation and solution
    tenant_id BIGINT NOT NULL, conversation_id BIGINT NOT NULL, solution_id TEXT NOT NULL,
    offered TEXT NOT NULL,                         -- ids as they were ranked: "a,b,c"
    place BIGINT NOT NULL,                         -- in that list, from 1; 0: not in it
    intent TEXT NOT NULL, emotion TEXT NOT NULL,
    person_id BIGINT NOT NULL, at_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, conversation_id, solution_id)
) WITHOUT ROWID;
CREATE INDEX solution_use_at ON solution_use (tenant_id, at_ms);

CREATE TABLE party (                               -- who was asked into a conversation that somebody else has
    tenant_id BIGINT NOT NULL, conversation_id BIGINT NOT NULL, person_id BIGINT NOT NULL,
    team TEXT NOT NULL,                            -- as the buyer is told: "workshop"
    note TEXT NOT NULL,                            -- why, for the one who is asked
    invited_by BIGINT NOT NULL, invited_ms BIGINT NOT NULL,
    joined_ms BIGINT NOT NULL, left_ms BIGINT NOT NULL, -- 0: not yet
    PRIMARY KEY (tenant_id, conversation_id, person_id)
) WITHOUT ROWID;
CREATE INDEX party_person ON party (tenant_id, person_id, conversation_id) WHERE left_ms = 0;

CREATE TABLE agreement (                           -- what a buyer and the shop agreed on, in words and with a term
    tenant_id BIGINT NOT NULL, agreement_id BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL, contact_id BIGINT NOT NULL,
    order_id TEXT NOT NULL,                        -- '': about no order
    text TEXT NOT NULL, due_ms BIGINT NOT NULL,
    amount_cents BIGINT NOT NULL,
    state TEXT NOT NULL,                           -- desk/agreement.h
    proposed_by BIGINT NOT NULL, proposed_ms BIGINT NOT NULL, answer_ms BIGINT NOT NULL, -- to be answered by
    answered_ms BIGINT NOT NULL,
    answered_in BIGINT NOT NULL, answered_seq BIGINT NOT NULL, -- the buyer's message that says so; 0: none yet
    settled_by BIGINT NOT NULL, settled_ms BIGINT NOT NULL, note TEXT NOT NULL, -- who says that it is kept
    work_order_id BIGINT NOT NULL,                 -- made when the term was over; 0: none
    rules TEXT NOT NULL,                           -- JSON: the limits it was judged by
    PRIMARY KEY (tenant_id, agreement_id)
) WITHOUT ROWID;
CREATE INDEX agreement_conversation ON agreement (tenant_id, conversation_id, agreement_id);

CREATE INDEX aftersale_due ON aftersale (tenant_id, due_ms, case_id) WHERE due_ms > 0; -- open cases, soonest first

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('aftersale', 'aftersale_due', '20000 20000 1 1'),
    ('solution', 'solution', '2000 100 1'),
    ('solution_use', 'solution_use', '200000 100000 2 1'),
    ('solution_use', 'solution_use_at', '200000 100000 1 1 1'),
    ('party', 'party', '20000 20000 1 1'),
    ('party', 'party_person', '500 100 5 1'),
    ('agreement', 'agreement', '20000 20000 1'),
    ('agreement', 'agreement_conversation', '20000 20000 1 1');
ANALYZE sqlite_schema;
