-- Learning: what the bot did not know, what trainers made of it, the versions of a shop's own understanding, and the
-- history of its knowledge. What was counted in `gap` becomes the first items.

CREATE TABLE learning_item (                       -- one buyer's text that is worth a trainer's look
    tenant_id BIGINT NOT NULL, conversation_id BIGINT NOT NULL, seq BIGINT NOT NULL, -- of the buyer's message
    at_ms BIGINT NOT NULL,
    text TEXT NOT NULL, language TEXT NOT NULL,    -- personal data is masked
    reason TEXT NOT NULL,                          -- knowledge/learning.h
    intent TEXT NOT NULL, confidence BIGINT NOT NULL, -- as understood; in thousandths
    entry TEXT NOT NULL, match BIGINT NOT NULL,    -- nearest stored question; in thousandths
    about TEXT NOT NULL,                           -- product and attribute that were asked for, or ''
    corrected TEXT NOT NULL,                       -- intent that an agent set, or ''
    state TEXT NOT NULL,                           -- open done ignored
    group_id BIGINT NOT NULL,                      -- 0: not grouped yet
    action_id BIGINT NOT NULL,                     -- what closed it, or 0
    merge_id BIGINT NOT NULL, group_before BIGINT NOT NULL, -- the merge that brought it into its group, or 0
    PRIMARY KEY (tenant_id, conversation_id, seq)
) WITHOUT ROWID;
CREATE INDEX learning_item_group ON learning_item (tenant_id, group_id);

CREATE TABLE learning_action (                     -- what a trainer did; can be undone while nothing was built on it
    tenant_id BIGINT NOT NULL, action_id BIGINT NOT NULL, at_ms BIGINT NOT NULL, person_id BIGINT NOT NULL,
    kind TEXT NOT NULL,                            -- assign similar write merge ignore
    target TEXT NOT NULL,                          -- intent, entry or group
    texts TEXT NOT NULL,                           -- JSON array: the wordings that were given on
    items BIGINT NOT NULL, undone_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, action_id)
) WITHOUT ROWID;

CREATE TABLE learning_case (                       -- a text whose intent is settled: every new version is held against it
    tenant_id BIGINT NOT NULL, text TEXT NOT NULL, intent TEXT NOT NULL, must_pass BIGINT NOT NULL,
    person_id BIGINT NOT NULL, changed_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, text)
) WITHOUT ROWID;

CREATE TABLE nlu_model (                           -- a version of a shop's own understanding; its bytes are a file
    tenant_id BIGINT NOT NULL, number BIGINT NOT NULL, language TEXT NOT NULL,
    state TEXT NOT NULL,                           -- training draft grey full retired failed
    share BIGINT NOT NULL,                         -- per cent of conversations, while grey
    parent BIGINT NOT NULL,                        -- in force when it was trained; 0: the shipped one
    previous BIGINT NOT NULL,                      -- what it took the place of; 0: the shipped one
    source TEXT NOT NULL,                          -- version of its bytes, as decisions name it
    own_rows BIGINT NOT NULL, all_rows BIGINT NOT NULL, classes BIGINT NOT NULL, bytes BIGINT NOT NULL,
    took_ms BIGINT NOT NULL, accuracy BIGINT NOT NULL, -- of held-out rows, in thousandths
    failure TEXT NOT NULL,                         -- why the training failed, or ''
    own TEXT NOT NULL,                             -- the shop's rows that it was trained from: intent<TAB>text lines
    person_id BIGINT NOT NULL, created_ms BIGINT NOT NULL, changed_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, number)
) WITHOUT ROWID;

ALTER TABLE utterance ADD COLUMN action_id BIGINT NOT NULL DEFAULT 0;     -- the trainer's action that wrote it, or 0
ALTER TABLE utterance ADD COLUMN intent_before TEXT NOT NULL DEFAULT '';  -- what it said before that action, or ''

ALTER TABLE knowledge ADD COLUMN archived_ms BIGINT NOT NULL DEFAULT 0;   -- 0: in force
CREATE TABLE knowledge_version (                   -- every state that an entry ever had
    tenant_id BIGINT NOT NULL, knowledge_id TEXT NOT NULL, version BIGINT NOT NULL, layer TEXT NOT NULL,
    question TEXT NOT NULL, similar TEXT NOT NULL, answer TEXT NOT NULL, conditions TEXT NOT NULL,
    valid_from_ms BIGINT, valid_to_ms BIGINT, overrides BIGINT NOT NULL, archived_ms BIGINT NOT NULL,
    person_id BIGINT NOT NULL,                     -- who made it so; 0: an import
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, knowledge_id, version)
) WITHOUT ROWID;
INSERT INTO knowledge_version (tenant_id, knowledge_id, version, layer, question, similar, answer, conditions,
                               valid_from_ms, valid_to_ms, overrides, archived_ms, person_id, at_ms)
    SELECT tenant_id, knowledge_id, version, layer, question, similar, answer, conditions, valid_from_ms, valid_to_ms,
           overrides, 0, 0, changed_ms FROM knowledge;

CREATE TABLE answer_day (                          -- derived from decision and feedback, a UTC day at a time
    tenant_id BIGINT NOT NULL, day BIGINT NOT NULL, -- days since the epoch
    knowledge_id TEXT NOT NULL,                    -- '': all turns of the bot; then the day has been counted
    hits BIGINT NOT NULL, helpful BIGINT NOT NULL, unhelpful BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, day, knowledge_id)
) WITHOUT ROWID;
CREATE INDEX feedback_at ON feedback (tenant_id, at_ms);

INSERT INTO learning_item (tenant_id, conversation_id, seq, at_ms, text, language, reason, intent, confidence, entry,
                           match, about, corrected, state, group_id, action_id, merge_id, group_before)
    SELECT tenant_id, conversation_id, -ROW_NUMBER() OVER (PARTITION BY tenant_id, conversation_id ORDER BY gap_key),
           last_ms, text, language, 'unanswered', intent, 0, '', 0, about, '', 'open', 0, 0, 0, 0 FROM gap;
DROP TABLE gap;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('learning_item', 'learning_item', '100000 100000 2 1'),
    ('learning_item', 'learning_item_group', '100000 100000 20 1 1'),
    ('learning_action', 'learning_action', '5000 5000 1'),
    ('learning_case', 'learning_case', '2000 2000 1'),
    ('nlu_model', 'nlu_model', '100 100 1'),
    ('knowledge_version', 'knowledge_version', '50000 50000 5 1'),
    ('answer_day', 'answer_day', '100000 100000 1000 1'),
    ('feedback', 'feedback', '500000 500000 2 1'),
    ('feedback', 'feedback_at', '500000 500000 1 1 1');
ANALYZE sqlite_schema;
