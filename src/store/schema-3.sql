-- What figures are counted from stands beside each response, and in one index with it: none of the long texts is read.
ALTER TABLE responses ADD COLUMN asked_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE responses ADD COLUMN is_demo INTEGER NOT NULL DEFAULT 0;
ALTER TABLE responses ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
-- 0 with the answer that was shown; from 1 on against it, and the same number for the same values. NULL takes no side.
ALTER TABLE responses ADD COLUMN side INTEGER;
-- How often another response supports a claim of this one, and how often one contradicts it.
ALTER TABLE responses ADD COLUMN n_with INTEGER NOT NULL DEFAULT 0;
ALTER TABLE responses ADD COLUMN n_against INTEGER NOT NULL DEFAULT 0;
UPDATE responses SET asked_at = (SELECT t.asked_at FROM turns t WHERE t.n = responses.turn);
CREATE INDEX responses_asked ON responses(is_demo, asked_at, turn, place, model, status, attempts, first_token_ms,
  total_ms, output_tokens, rank, side, n_with, n_against);

DROP INDEX costs_at;
CREATE INDEX costs_at ON costs(at, session, usd, is_guess, model);
