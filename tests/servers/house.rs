//! Third-party servers: found where `install.sh` put them, started on loopback ports, ended with the test.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// How long a server may take to listen: the slowest needs half a minute on an idle machine.
const START: Duration = Duration::from_secs(240);

/// A server that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum House {
    /// Many dialects on one port, with faults on demand (npm, MIT).
    Aimock,
    /// A proxy that translates between dialects (pip, MIT).
    Litellm,
    /// llama.cpp behind a Python server (pip, MIT).
    Llama,
}

impl House {
    fn name(self) -> &'static str {
        match self {
            Self::Aimock => "aimock",
            Self::Litellm => "litellm",
            Self::Llama => "llama",
        }
    }

    fn program(self) -> PathBuf {
        let home = folder();
        match self {
            Self::Aimock => home.join("npm/node_modules/.bin/llmock"),
            Self::Litellm => home.join("litellm/bin/litellm"),
            Self::Llama => home.join("llama/bin/python"),
        }
    }

    /// Returns whether it is installed; says so where it is not.
    ///
    /// # Panics
    /// When it is not and `DISSENT_REQUIRE` names it.
    pub(crate) fn is_here(self) -> bool {
        let (name, home) = (self.name(), folder());
        let is_whole = match self {
            Self::Aimock | Self::Litellm => self.program().exists(),
            // The folder is there before the compiler has ended.
            Self::Llama => std::fs::read_dir(home.join("llama/lib"))
                .into_iter()
                .flatten()
                .flatten()
                .any(|python| python.path().join("site-packages/llama_cpp").is_dir()),
        };
        if !is_whole {
            let required = std::env::var("DISSENT_REQUIRE").unwrap_or_default();
            assert!(!required.split(',').any(|it| it == name), "{name} is required and not in {}", home.display());
            // Straight to the terminal: what a test that passes prints is not shown.
            let words =
                format!("\nNOT RUN: {name} is not in {}; `bash tests/servers/install.sh {name}`\n", home.display());
            let _ = std::io::stderr().write_all(words.as_bytes());
        }
        is_whole
    }

    /// Starts it with further arguments and returns once it listens.
    pub(crate) fn open(self, arguments: &[&str]) -> Opened {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers");
        let mut command = Command::new(self.program());
        let folder = tempfile::tempdir().unwrap();
        match self {
            Self::Aimock => {
                command.args(["-h", "127.0.0.1", "--log-level", "warn", "-f"]).arg(own.join("aimock.json"));
                command.args(["-p", &port.to_string()]);
            }
            Self::Litellm => {
                command.arg("--config").arg(own.join("litellm.yaml"));
                command.args(["--host", "127.0.0.1", "--port", &port.to_string()]);
                command.env("LITELLM_TELEMETRY", "False").env("LITELLM_LOCAL_MODEL_COST_MAP", "True");
            }
            Self::Llama => {
                let model = folder.path().join("tiny.gguf");
                let made = Command::new(self.program()).arg(own.join("tiny_model.py")).arg(&model).status().unwrap();
                assert!(made.success(), "the tiny model could not be written");
                command.args(["-m", "llama_cpp.server", "--host", "127.0.0.1", "--n_ctx", "512", "--n_threads", "1"]);
                command.args(["--port", &port.to_string(), "--model"]).arg(model);
            }
        }
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        command.args(arguments).stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let mut opened = Opened { port, child: command.spawn().unwrap(), folder };
        opened.wait(self);
        opened
    }
}

fn folder() -> PathBuf {
    let chosen = std::env::var_os("DISSENT_SERVERS").map(PathBuf::from);
    let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
    chosen.unwrap_or_else(|| home().join(".cache/dissent-test-servers"))
}

/// A server that runs; dropping it ends it.
#[derive(Debug)]
pub(crate) struct Opened {
    port: u16,
    child: Child,
    folder: tempfile::TempDir,
}

impl Opened {
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn wait(&mut self, house: House) {
        let mut waited = Duration::ZERO;
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let log = || std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            assert!(self.child.try_wait().unwrap().is_none(), "{house:?} ended early: {}", log());
            assert!(waited < START, "{house:?} does not listen: {}", log());
            let pause = Duration::from_millis(100);
            std::thread::sleep(pause);
            waited += pause;
        }
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        // One that has ended by itself is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
