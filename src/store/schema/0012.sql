-- Messages lie in the order in which they were said, each conversation's in order by the key's index. Laid out by
-- conversation, every turn wrote into the middle of the table: pages split, their neighbours were written with them, and
-- a turn had 2.3 pages of messages and .9 above them in the log (docs/decisions/0013).
CREATE TABLE message_said (
    tenant_id BIGINT NOT NULL, conversation_id BIGINT NOT NULL, seq BIGINT NOT NULL,
    author_kind TEXT NOT NULL,                     -- buyer bot agent system
    author_id BIGINT NOT NULL,                     -- contact or person; 0 for bot and system
    kind TEXT NOT NULL, text TEXT NOT NULL,
    data TEXT,                                     -- JSON of the kind (chat/message.h)
    client_id TEXT, at_ms BIGINT NOT NULL,
    decision TEXT,                                 -- JSON: why the bot's turn that ends here is as it is; for replay
    PRIMARY KEY (tenant_id, conversation_id, seq)
);
INSERT INTO message_said (tenant_id, conversation_id, seq, author_kind, author_id, kind, text, data, client_id, at_ms, decision)
    SELECT tenant_id, conversation_id, seq, author_kind, author_id, kind, text, data, client_id, at_ms, decision FROM message;
DROP TABLE message;
ALTER TABLE message_said RENAME TO message;
CREATE UNIQUE INDEX message_client ON message (tenant_id, conversation_id, author_id, client_id)
    WHERE client_id IS NOT NULL;
CREATE UNIQUE INDEX message_unasked ON message (tenant_id, client_id) WHERE client_id IS NOT NULL AND author_id = 0;

-- Most items are in no group until the next survey: only those that are in one are looked for by it.
DROP INDEX learning_item_group;
CREATE INDEX learning_item_group ON learning_item (tenant_id, group_id) WHERE group_id <> 0;

DELETE FROM sqlite_stat1 WHERE tbl = 'message' OR idx = 'learning_item_group';
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('message', 'sqlite_autoindex_message_1', '20000000 20000000 20 1'),
    ('message', 'message_client', '10000000 10000000 10 10 1'),
    ('message', 'message_unasked', '500000 500000 1'),
    ('learning_item', 'learning_item_group', '100000 100000 20 1 1');
ANALYZE sqlite_schema;
