//! Counts how the models did, and has it written.

use std::io;
use std::time::Duration;

use jiff::civil::Date;

use crate::cli::stats::StatsArgs;
use crate::figures::table::first_of_last;
use crate::figures::{Allowance, Figures};
use crate::headless;
use crate::headless::exit::Exit;
use crate::setup::sessions::told;
use crate::setup::{paths, process_env, settings_for};
use crate::store::error::StoreError;
use crate::store::stats::{self, Scope};
use crate::store::{Store, cost};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Writes the figures of what was kept; of nothing where nothing was.
pub(super) fn run(args: &StatsArgs) -> anyhow::Result<Exit> {
    let env = process_env();
    let paths = paths(args.config.as_deref(), &env)?;
    // Nobody is asked, so nobody is troubled for a password.
    let settings = settings_for(&paths, &env, true, Duration::ZERO)?;
    let today = jiff::Zoned::now().date();
    let (figures, spent) = match Store::at(&paths.data).open_to_read() {
        Err(StoreError::NotFound(_)) => (Figures::default(), None),
        db => {
            let db = db.map_err(told)?;
            let is_demo = args.demo || !stats::has_real_calls(&db).map_err(told)?;
            let since = args.since.map(|age| first_day(age, today));
            let figures = stats::figures(&db, &Scope { since, is_demo, ensemble: None }).map_err(told)?;
            (figures, Some(cost::spent_today(&db, "", 0).map_err(told)?))
        }
    };
    let allowance = Allowance { budget: settings.budget, today: spent.unwrap_or_default(), session: None };
    let out = &mut io::stdout().lock();
    if args.json {
        headless::stats::write_json(&figures, &allowance, out)?;
    } else {
        headless::stats::write(&figures, &allowance, today, out)?;
    }
    Ok(Exit::Answered)
}

/// The first day of so much time up to today, which counts.
fn first_day(age: Duration, today: Date) -> Date {
    let n_days = age.as_secs().div_ceil(DAY.as_secs());
    first_of_last(i32::try_from(n_days).unwrap_or(i32::MAX), today)
}
