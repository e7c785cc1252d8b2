//! An HTTP/1.1 server that keeps each request as it came: the bytes of its head and its body.
//!
//! Each connection has a thread, which reads a request, calls the handler and writes what that returns.
//! Nothing that a client does takes more than the [`ServerLimits`]: the number of connections is bounded, and
//! further ones wait in the system's queue; a head or a body must arrive within its time and size. A
//! connection that waits for its next request is closed when another one needs its place.

mod connection;
mod connections;
mod head;
mod reader;
mod request;
mod response;
#[cfg(test)]
mod tests;

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

pub use request::{Request, RequestHeader};
pub use response::{Reply, Response};

use connections::Connections;

/// The stack of a connection's thread: handlers parse and check payloads.
const STACK_SIZE: usize = 1 << 20;

/// The number of connections that can wait in the system's queue, if it allows as many.
#[cfg(unix)]
const QUEUE_LENGTH: i32 = 4096;

/// How long to wait before a connection is accepted again when the system has no file descriptor for
/// it and no connection of this server ends.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What a client can take of the server.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct ServerLimits {
    /// The maximum size of a request's head, in bytes.
    pub head: usize,
    /// The maximum size of a request's body, in bytes.
    pub body: usize,
    /// The maximum size of the bodies of all connections together, in bytes.
    pub bodies: usize,
    /// The maximum number of connections at a time.
    pub connections: usize,
    /// The time within which a head must arrive, from its first byte.
    pub head_time: Duration,
    /// The time within which a body must arrive, and within which a response must be taken.
    pub body_time: Duration,
    /// The time for which a connection may wait for its next request.
    pub idle_time: Duration,
}

impl Default for ServerLimits {
    fn default() -> Self {
        Self {
            head: 64 << 10,
            body: 16 << 20,
            bodies: 64 << 20,
            connections: 512,
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(30),
            idle_time: Duration::from_secs(60),
        }
    }
}

/// What answers requests.
pub trait Handler: Sync {
    /// Answers a request. It is called on the connection's thread.
    fn handle(&self, request: &Request) -> Reply;

    /// Called before a request is refused that the handler does not see, since it is not HTTP, or beyond
    /// the limits.
    fn refused(&self, _refusal: &Refusal) {}
}

impl<F: Fn(&Request) -> Reply + Sync> Handler for F {
    fn handle(&self, request: &Request) -> Reply {
        self(request)
    }
}

/// A request that the server refuses by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The status: 413 for a body that is too large, 408 for a client that is too slow.
    pub status: u16,
    /// The address of the client.
    pub peer: SocketAddr,
}

/// A server whose address is bound.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    limits: ServerLimits,
    connections: Arc<Connections>,
    is_stopped: Arc<AtomicBool>,
}

/// Stops a server: see [`Server::stopper`].
#[derive(Debug, Clone)]
pub struct Stopper {
    address: SocketAddr,
    connections: Arc<Connections>,
    is_stopped: Arc<AtomicBool>,
}

impl Server {
    /// Binds an address. Port 0 lets the system choose one.
    ///
    /// # Errors
    /// The address can't be bound.
    pub fn bind(address: impl ToSocketAddrs, limits: ServerLimits) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        // The standard library's queue holds 128. A sender that finds it full tries again after a second.
        #[cfg(unix)]
        let _ = rustix::net::listen(&listener, QUEUE_LENGTH);
        Ok(Self {
            listener,
            limits,
            connections: Arc::new(Connections::new(limits.connections, limits.bodies)),
            is_stopped: Arc::default(),
        })
    }

    /// Returns the address that is bound.
    ///
    /// # Errors
    /// The system can't tell the address.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Returns what stops the server, from any thread.
    ///
    /// # Errors
    /// The system can't tell the address.
    pub fn stopper(&self) -> io::Result<Stopper> {
        Ok(Stopper {
            address: self.address()?,
            connections: Arc::clone(&self.connections),
            is_stopped: Arc::clone(&self.is_stopped),
        })
    }

    /// Accepts connections and calls the handler for each request, on the connection's thread, until
    /// the server is stopped. Returns when all requests that were received completely are answered.
    pub fn run(&self, handler: impl Fn(&Request) -> Reply + Sync) {
        self.serve(&handler);
    }

    /// Serves connections as [`run`](Self::run) does, for a handler that also sees what is refused.
    pub fn serve(&self, handler: &impl Handler) {
        thread::scope(|scope| {
            while !self.is_stopped.load(Ordering::SeqCst) {
                let Ok((stream, peer)) = self.listener.accept() else {
                    // A connection that was reset meanwhile, or no file descriptor is left.
                    self.connections.wait_for_end(ACCEPT_PAUSE);
                    continue;
                };
                // Only now: an idle connection is closed only if another one is there for its place.
                let place = self.connections.wait_for_place();
                if self.is_stopped.load(Ordering::SeqCst) {
                    break;
                }
                let stream = Arc::new(stream);
                let open = place.open(Arc::clone(&stream));
                let connection = thread::Builder::new().stack_size(STACK_SIZE);
                // If no thread can be started, the connection is closed: the sender tries again.
                let _ = connection.spawn_scoped(scope, move || {
                    connection::serve(&stream, peer, &open, &self.limits, handler);
                });
            }
        });
    }
}

impl Stopper {
    /// Stops the server: no connection is accepted any more, those that wait for a request are closed,
    /// and the others after their response.
    pub fn stop(&self) {
        self.is_stopped.store(true, Ordering::SeqCst);
        self.connections.stop();
        // Ends the wait for the next connection.
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(match address {
                SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
                SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
            });
        }
        let _ = TcpStream::connect_timeout(&address, Duration::from_secs(1));
    }
}
