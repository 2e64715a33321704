//! Servers on loopback ports that fail in the way they are told to, and count who asks.

use std::io::Write as _;
use std::net::{TcpListener as StdListener, TcpStream as StdStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// One thing that a server does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    /// Sends these bytes as they are.
    Send(&'static str),
    /// Sends this as one chunk of a body.
    Chunk(&'static str),
    /// Sends this as one chunk every 400 ms, without end.
    Repeat(&'static str),
    /// Ends the chunked body.
    End,
    /// Waits.
    Pause(Duration),
    /// Sends nothing more, but stays until the other side has gone.
    Hang,
    /// Breaks the connection off.
    Reset,
}

/// What stands at the address that is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Site {
    /// A server that does this in the first request, the second and so on; the last one goes on for all that follow.
    Acts(&'static [&'static [Act]]),
    /// A port at which nobody listens.
    Nobody,
    /// A name that no server has.
    NoSuchHost,
    /// A port that is asked for TLS and speaks plain HTTP.
    NoTls,
    /// A server with a certificate that nobody vouches for.
    SelfSigned,
}

/// A site that has been opened.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) url: String,
    n_requests: Arc<AtomicU32>,
}

impl Server {
    /// Opens a site on a free port; it stays open for as long as the runtime.
    pub(crate) async fn open(site: Site) -> Self {
        let n_requests = Arc::new(AtomicU32::new(0));
        if let Site::NoSuchHost = site {
            return Self { url: "http://nobody.invalid/v1".to_owned(), n_requests };
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let scheme = if matches!(site, Site::NoTls | Site::SelfSigned) { "https" } else { "http" };
        let url = format!("{scheme}://{address}/v1");
        match site {
            Site::Acts(script) => drop(tokio::spawn(serve(listener, script, Arc::clone(&n_requests)))),
            Site::NoTls => drop(tokio::spawn(speak_plainly(listener))),
            Site::SelfSigned => {
                let listener = listener.into_std().unwrap();
                listener.set_nonblocking(false).unwrap();
                drop(std::thread::spawn(move || speak_tls(&listener)));
            }
            Site::Nobody | Site::NoSuchHost => drop(listener),
        }
        Self { url, n_requests }
    }

    /// Returns how many requests came, whole.
    pub(crate) fn n_requests(&self) -> u32 {
        self.n_requests.load(Ordering::SeqCst)
    }
}

/// Answers whatever comes in plain HTTP.
async fn speak_plainly(listener: TcpListener) {
    while let Ok((mut stream, _)) = listener.accept().await {
        // A client that has gone is no trouble.
        let _ = stream.read(&mut [0; 1024]).await;
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await;
    }
}

async fn serve(listener: TcpListener, script: &'static [&'static [Act]], n_requests: Arc<AtomicU32>) {
    while let Ok((stream, _)) = listener.accept().await {
        let n_requests = Arc::clone(&n_requests);
        tokio::spawn(async move {
            // A client that has gone is the end of the script, and no trouble.
            let _ = act(stream, script, &n_requests).await;
        });
    }
}

async fn act(mut stream: TcpStream, script: &[&[Act]], n_requests: &AtomicU32) -> std::io::Result<()> {
    read_request(&mut stream).await?;
    let idx = n_requests.fetch_add(1, Ordering::SeqCst) as usize;
    for act in *script.get(idx).or(script.last()).unwrap() {
        match act {
            Act::Send(text) => stream.write_all(text.as_bytes()).await?,
            Act::Chunk(text) => stream.write_all(format!("{:x}\r\n{text}\r\n", text.len()).as_bytes()).await?,
            Act::Repeat(text) => loop {
                stream.write_all(format!("{:x}\r\n{text}\r\n", text.len()).as_bytes()).await?;
                tokio::time::sleep(Duration::from_millis(400)).await;
            },
            Act::End => stream.write_all(b"0\r\n\r\n").await?,
            Act::Pause(pause) => tokio::time::sleep(*pause).await,
            Act::Hang => while stream.read(&mut [0; 64]).await? > 0 {},
            Act::Reset => {
                // Without lingering, closing sends a reset.
                stream.set_zero_linger()?;
                return Ok(());
            }
        }
    }
    stream.shutdown().await
}

/// Reads a head and the body that it announces.
async fn read_request(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut request = Vec::new();
    let mut buf = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&request).to_ascii_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Ok(());
            }
        }
        match stream.read(&mut buf).await? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            n_read => request.extend_from_slice(&buf[..n_read]),
        }
    }
}

/// Answers each handshake with a certificate that it has signed itself.
fn speak_tls(listener: &StdListener) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tls");
    let certificate = CertificateDer::from_pem_file(format!("{folder}/certificate.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(format!("{folder}/key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    for stream in listener.incoming().flatten() {
        // The client refuses: that this fails is the point.
        let _ = shake_hands(stream, &config);
    }
}

fn shake_hands(mut stream: StdStream, config: &Arc<rustls::ServerConfig>) -> std::io::Result<()> {
    let mut connection = rustls::ServerConnection::new(Arc::clone(config)).map_err(std::io::Error::other)?;
    while connection.is_handshaking() {
        connection.complete_io(&mut stream)?;
    }
    stream.flush()
}
