//! A session with all that was asked and answered in it.

use rusqlite::Connection;

use crate::domain::ids::Column;
use crate::domain::opinion::{Judgement, Opinion};
use crate::domain::record::{Moment, Reading, TurnRecord};
use crate::domain::verdict::Verdict;
use crate::store::error::StoreError;
use crate::store::pack::unpack;
use crate::store::put::pieces;

/// A turn as it was kept.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptTurn {
    /// Its id.
    pub id: String,
    /// What was asked, and what happened.
    pub record: TurnRecord,
    /// The last verdict on it; `None` where the turn never settled.
    pub verdict: Option<Verdict>,
    /// What the person thinks of it.
    pub opinion: Opinion,
}

/// Returns the turns of a session, oldest first. Events that cannot be read are left out: what follows them is worth
/// more than nothing.
///
/// # Errors
/// The file cannot be read.
pub fn turns(db: &Connection, session: &str) -> Result<Vec<KeptTurn>, StoreError> {
    let mut ask = db.prepare_cached(
        "SELECT t.n, t.asked_at, t.asked, t.verdict, t.id, o.judgement, o.vote FROM sessions s
            JOIN sittings i ON i.session = s.n JOIN turns t ON t.n = i.turn LEFT JOIN opinions o ON o.turn = t.n
            WHERE s.id = ?1 AND t.has_text ORDER BY i.place",
    )?;
    let mut rows = ask.query([session])?;
    let mut turns = Vec::new();
    while let Some(row) = rows.next()? {
        let asked = unpack(&row.get::<_, Vec<u8>>(2)?);
        let asked = serde_json::from_str(&asked)
            .map_err(|error| StoreError::Broken(format!("a question of the session cannot be read: {error}")))?;
        let lines = pieces(db, row.get(0)?)?;
        let (moments, readings) = sorted(&lines);
        let verdict: Option<Vec<u8>> = row.get(3)?;
        let judgement: Option<String> = row.get(5)?;
        let opinion = Opinion {
            judgement: judgement.as_deref().and_then(Judgement::from_word),
            vote: row.get::<_, Option<u8>>(6)?.map(Column),
        };
        turns.push(KeptTurn {
            id: row.get(4)?,
            record: TurnRecord { asked_at_ms: row.get(1)?, asked, moments, readings },
            // One that cannot be read is made anew of the answers, as if the turn had never settled.
            verdict: verdict.and_then(|bytes| serde_json::from_str(&unpack(&bytes)).ok()),
            opinion,
        });
    }
    Ok(turns)
}

/// Returns the moments and the readings among lines; what is neither is left out.
fn sorted(lines: &str) -> (Vec<Moment>, Vec<Reading>) {
    let (mut moments, mut readings) = (Vec::new(), Vec::new());
    for line in lines.lines() {
        if let Ok(moment) = serde_json::from_str::<Moment>(line) {
            moments.push(moment);
        } else if let Ok(reading) = serde_json::from_str::<Reading>(line) {
            readings.push(reading);
        }
    }
    (moments, readings)
}
