//! What a verdict becomes in the tables: itself as a whole, and what lists, searches and figures need of it.

use rusqlite::{Connection, params};

use crate::domain::stand::stands;
use crate::domain::verdict::Verdict;
use crate::store::error::StoreError;
use crate::store::pack::{pack, unpack};

/// Turns that are looked at in one go when older ones are filled in: their verdicts are in memory together.
const AT_ONCE: u32 = 200;

/// Writes the verdict on a turn.
pub(super) fn write_verdict(db: &Connection, turn: i64, verdict: &Verdict) -> Result<(), StoreError> {
    let json = serde_json::to_vec(verdict).unwrap_or_default();
    let change =
        "UPDATE turns SET verdict_id = ?2, verdict = ?3, band = ?4, is_flagged = ?5, n_conflicts = ?6 WHERE n = ?1";
    let band = verdict.band.map(crate::domain::verdict::Band::as_str);
    let n_conflicts = u32::try_from(verdict.contradictions.len()).unwrap_or(u32::MAX);
    db.prepare_cached(change)?.execute(params![turn, verdict.id, pack(&json), band, verdict.flagged, n_conflicts])?;
    for table in ["responses", "claims", "conflicts"] {
        db.prepare_cached(&format!("DELETE FROM {table} WHERE turn = ?1"))?.execute([turn])?;
    }
    let mut insert = db.prepare_cached(
        "INSERT INTO responses(turn, place, model, provider, api_model, status, first_token_ms, total_ms, input_tokens,
            output_tokens, cost_usd, rank, is_demo, attempts, side, n_with, n_against, asked_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
                (SELECT asked_at FROM turns WHERE n = ?1))",
    )?;
    for ((place, response), stand) in (0_u32..).zip(&verdict.responses).zip(stands(verdict)) {
        let usage = response.usage.unwrap_or_default();
        let status = serde_json::to_value(response.status).unwrap_or_default();
        insert.execute(params![
            turn,
            place,
            response.model,
            response.provider,
            response.api_model,
            status.as_str().unwrap_or_default(),
            response.first_token_ms.and_then(|it| i64::try_from(it).ok()),
            response.total_ms.and_then(|it| i64::try_from(it).ok()),
            usage.input_tokens.and_then(|it| i64::try_from(it).ok()),
            usage.output_tokens.and_then(|it| i64::try_from(it).ok()),
            response.cost_usd.map(|usd| usd.0),
            response.rank,
            verdict.demo,
            response.attempts,
            stand.side,
            stand.n_with,
            stand.n_against,
        ])?;
    }
    let mut insert =
        db.prepare_cached("INSERT INTO claims(turn, id, kind, text, agreement) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for claim in &verdict.claims {
        insert.execute(params![turn, claim.id, word(&claim.kind), claim.text, claim.agreement])?;
    }
    let mut insert = db.prepare_cached(
        "INSERT INTO conflicts(turn, id, claim, kind, status, touches_answer) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for it in &verdict.contradictions {
        insert.execute(params![turn, it.id, it.claim, word(&it.kind), word(&it.status), it.touches_answer])?;
    }
    let texts = |texts: Vec<&str>| texts.join("\n\n");
    let answers = texts(verdict.responses.iter().map(|response| response.text.as_str()).collect());
    let claims = texts(verdict.claims.iter().map(|claim| claim.text.as_str()).collect());
    let change = "UPDATE texts SET answers = ?2, claims = ?3 WHERE turn = ?1";
    db.prepare_cached(change)?.execute(params![turn, answers, claims])?;
    Ok(())
}

/// Returns the word that outputs have for a value.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(_) | Err(_) => String::new(),
    }
}

/// Fills in how each response stands in turns that settled before that was written beside it. Of a turn whose text is gone
/// it is not known any more.
pub(super) fn fill_stands(db: &Connection) -> Result<(), StoreError> {
    let mut from = 0;
    loop {
        let turns: rusqlite::Result<Vec<(i64, Vec<u8>)>> = db
            .prepare_cached("SELECT n, verdict FROM turns WHERE n > ?1 AND verdict IS NOT NULL ORDER BY n LIMIT ?2")?
            .query_map(params![from, AT_ONCE], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect();
        let turns = turns?;
        for (turn, packed) in &turns {
            from = *turn;
            let Ok(verdict) = serde_json::from_str::<Verdict>(&unpack(packed)) else { continue };
            let change = "UPDATE responses SET is_demo = ?3, attempts = ?4, side = ?5, n_with = ?6, n_against = ?7
                WHERE turn = ?1 AND place = ?2";
            let mut change = db.prepare_cached(change)?;
            for ((place, response), stand) in (0_u32..).zip(&verdict.responses).zip(stands(&verdict)) {
                let (attempts, is_demo) = (response.attempts, verdict.demo);
                change.execute(params![turn, place, is_demo, attempts, stand.side, stand.n_with, stand.n_against])?;
            }
        }
        if turns.is_empty() {
            return Ok(());
        }
    }
}
