-- Replies that wait for a review, whichever unit gave them: the reviewers' list.
CREATE INDEX leg_replied ON leg (opened_at, order_id) WHERE state = 'replied';
