//! Writes a recording as it happens, on a thread of its own: whoever streams never waits for the disk.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use thiserror::Error;

use crate::domain::record::{Asked, Moment, Reading, TurnRecord};
use crate::domain::stream::StreamEvent;
use crate::domain::verdict::{Band, Verdict};
use crate::edge::clock::now;
use crate::recording::Header;
use crate::recording::line::{What, Written};

/// How long the end of the program waits for the last lines: a disk that hangs must not keep a person from leaving.
const LAST_LINES: Duration = Duration::from_secs(8);

/// Why there is no recording; says what to do.
#[derive(Debug, Error)]
pub enum RecorderError {
    /// Nothing that exists is written over.
    #[error("{0} is there already: name another file to record to, nothing was written over")]
    Exists(PathBuf),
    /// The file cannot be made.
    #[error("cannot record to {0}: {1}")]
    Closed(PathBuf, std::io::Error),
}

/// One thing for the thread to do.
enum Job {
    Line(String),
    Flush(Sender<()>),
}

/// A recording that is being written.
#[derive(Clone, Debug)]
pub struct Recorder {
    jobs: Sender<Job>,
    n_turns: Arc<AtomicU32>,
}

/// A turn of it.
#[derive(Debug)]
pub struct TurnRecorder {
    jobs: Sender<Job>,
    turn: u32,
    asked_at: Instant,
    last_reading: Option<Reading>,
}

impl Recorder {
    /// Begins a recording in a new file, which only the person can read; `tell` hears when it breaks off.
    ///
    /// # Errors
    /// The file is there already, or cannot be made.
    pub fn begin(path: &Path, header: &Header, tell: impl Fn(String) + Send + 'static) -> Result<Self, RecorderError> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let closed = |error| RecorderError::Closed(path.to_path_buf(), error);
        let mut file = options.open(path).map_err(|error| {
            let is_there = error.kind() == std::io::ErrorKind::AlreadyExists;
            if is_there { RecorderError::Exists(path.to_path_buf()) } else { closed(error) }
        })?;
        file.write_all(line(header).as_bytes()).map_err(closed)?;
        let (jobs, inbox) = channel();
        let name = path.display().to_string();
        let run = move || {
            if let Err(error) = write(file, &inbox) {
                tell(format!("the recording breaks off: {name} cannot be written: {error}"));
                refuse(&inbox);
            }
        };
        thread::Builder::new().name("recording".to_owned()).spawn(run).map_err(closed)?;
        Ok(Self { jobs, n_turns: Arc::default() })
    }

    /// Records that a question is asked, now; what happens to it goes to what is returned.
    pub fn asked(&self, asked: &Asked) -> TurnRecorder {
        let turn = self.open(jiff::Timestamp::now().as_millisecond(), asked);
        TurnRecorder { jobs: self.jobs.clone(), turn, asked_at: now(), last_reading: None }
    }

    /// Records a turn of an earlier run whole.
    pub fn earlier(&self, record: &TurnRecord, verdict: Option<&Verdict>) {
        let turn = self.open(record.asked_at_ms, &record.asked);
        for moment in &record.moments {
            send(&self.jobs, turn, What::Moment(moment));
        }
        for reading in &record.readings {
            send(&self.jobs, turn, What::Reading { reading });
        }
        if let Some(verdict) = verdict {
            send(&self.jobs, turn, What::Verdict { verdict });
        }
    }

    fn open(&self, asked_at_ms: i64, asked: &Asked) -> u32 {
        let turn = self.n_turns.fetch_add(1, Ordering::Relaxed) + 1;
        send(&self.jobs, turn, What::Asked { asked_at_ms, asked });
        turn
    }

    /// Waits until all of it is in the file.
    pub fn flush(&self) {
        let (done, answer) = channel();
        // Without its thread, the recording has broken off, which was told then.
        if self.jobs.send(Job::Flush(done)).is_ok() {
            let _ = answer.recv_timeout(LAST_LINES);
        }
    }
}

impl TurnRecorder {
    /// Records what happened to a call.
    pub fn event(&self, event: &StreamEvent) {
        send(&self.jobs, self.turn, What::Moment(&Moment::of(event, self.asked_at)));
    }

    /// Records that a reading was shown, which knew of so many events of the turn.
    pub fn reading(&mut self, n_moments: u32, band: Option<Band>) {
        let at_ns = now().saturating_duration_since(self.asked_at).as_nanos();
        let reading = Reading { at_ns: u64::try_from(at_ns).unwrap_or(u64::MAX), n_moments, band, is_settled: false };
        self.last_reading = Some(reading);
        send(&self.jobs, self.turn, What::Reading { reading: &reading });
    }

    /// Records that the turn has settled, by the last reading.
    pub fn verdict(&self, verdict: &Verdict) {
        if let Some(reading) = self.last_reading {
            send(&self.jobs, self.turn, What::Reading { reading: &Reading { is_settled: true, ..reading } });
        }
        send(&self.jobs, self.turn, What::Verdict { verdict });
    }
}

fn send(jobs: &Sender<Job>, turn: u32, what: What<'_>) {
    // Without its thread, the recording has broken off, which was told then.
    let _ = jobs.send(Job::Line(line(&Written { turn, what })));
}

fn line(of: &impl serde::Serialize) -> String {
    // Nothing in it that JSON cannot hold.
    let mut line = serde_json::to_string(of).unwrap_or_default();
    line.push('\n');
    line
}

/// Writes until nobody is left who could send more. What has come is in the file whenever nothing more waits.
fn write(file: File, inbox: &Receiver<Job>) -> std::io::Result<()> {
    let mut out = BufWriter::new(file);
    while let Ok(job) = inbox.recv() {
        let mut next = Some(job);
        while let Some(job) = next {
            match job {
                Job::Line(line) => out.write_all(line.as_bytes())?,
                Job::Flush(done) => {
                    out.flush()?;
                    // Who asked may have left.
                    let _ = done.send(());
                }
            }
            next = inbox.try_recv().ok();
        }
        out.flush()?;
    }
    out.flush()
}

/// Takes in what nobody can write any more.
fn refuse(inbox: &Receiver<Job>) {
    for job in inbox {
        drop(job);
    }
}
