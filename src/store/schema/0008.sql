-- Care: what is said unasked is said once, orders have clocks, buyers hear of trouble before they ask, and can stop it.

-- Bot and system write as nobody (0); only what is said unasked carries a key then, and carries it once in a shop.
CREATE UNIQUE INDEX message_unasked ON message (tenant_id, client_id) WHERE client_id IS NOT NULL AND author_id = 0;

CREATE TABLE order_clock (                         -- what will happen to an order, or be said of it, unless it changes
    tenant_id BIGINT NOT NULL, order_id TEXT NOT NULL,
    clock TEXT NOT NULL,                           -- trade/order_clock.h
    event TEXT NOT NULL,                           -- of what it is: a care message is sent once an event
    kind TEXT NOT NULL,                            -- order: trade/ fires it; care: bot/ does
    due_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, order_id, clock, event)
) WITHOUT ROWID;
CREATE INDEX order_clock_due ON order_clock (kind, due_ms);

CREATE TABLE care_sent (                           -- what came of each event that a care message was due for, for ever
    tenant_id BIGINT NOT NULL, buyer TEXT NOT NULL,
    care TEXT NOT NULL, event TEXT NOT NULL,       -- bot/care.h; "E1001", "E1001/ZT7788/1763535600000"
    outcome TEXT NOT NULL,                         -- sent, or why it was not
    at_ms BIGINT NOT NULL, order_id TEXT NOT NULL,
    PRIMARY KEY (tenant_id, buyer, care, event)
) WITHOUT ROWID;

CREATE TABLE care_stop (                           -- buyers who want no reminders
    tenant_id BIGINT NOT NULL, buyer TEXT NOT NULL, at_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, buyer)
) WITHOUT ROWID;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('message', 'message_unasked', '500000 500000 1'),
    ('order_clock', 'order_clock', '500000 500000 3 1 1'),
    ('order_clock', 'order_clock_due', '500000 250000 2'),
    ('care_sent', 'care_sent', '1000000 1000000 5 2 1'),
    ('care_stop', 'care_stop', '10000 10000 1');
ANALYZE sqlite_schema;
