//! A running system: started, used, stopped.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::routing::{get, post};
use cloud::{Config, Deps, Endpoints};
use emulators::{
    DynamoDb, S3, Ses, Sqs, Stripe,
    s3::Credentials,
    sqs::{Attributes, Redrive},
};
use jiff::{SignedDuration, Timestamp};
use kernel::{Clock, event::Queue};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

use crate::{
    Error, Functions, Options, Result, Where,
    activity::Activity,
    data::Data,
    demo,
    gateway::{self, socket},
    host::{Host, MAIL_QUEUE, SENT_QUEUE, Ticks},
    operator, product, pumps,
    state::State,
};

/// As the queues in template.yaml have it.
const RECEIVES_MAX: u32 = 5;

/// How long running work may take to end when the system is stopped.
const STOP_WITHIN: Duration = Duration::from_secs(5);

pub struct System {
    host: Arc<Host>,
    url: String,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    _data: Data,
}

impl System {
    /// The product.
    pub async fn start(options: Options) -> Result<Self> {
        Self::start_with(options, product).await
    }

    /// The host around other functions.
    pub async fn start_with(options: Options, functions: impl FnOnce(&Deps) -> Functions) -> Result<Self> {
        let data = match &options.data {
            Where::Memory => Data::memory(),
            Where::Folder { path, fresh } => Data::folder(path, *fresh)?,
        };
        let state = State::open(data.path("state.sqlite").as_deref())?;
        let clock = options.clock.clone();
        Host::restore_clock(&state, &clock)?;

        let mut config = Config::local();
        let dynamodb = DynamoDb::start(data.path("table.sqlite").as_deref()).await?;
        let credentials =
            Credentials { access_key: cloud::LOCAL_ACCESS_KEY.into(), secret_key: cloud::LOCAL_SECRET_KEY.into() };
        let s3 = S3::start(data.path("files").as_deref(), &config.bucket_name, &credentials).await?;
        let stamp = clock.clone();
        let ses = Ses::start(data.path("mails.sqlite").as_deref(), Arc::new(move || stamp.now())).await?;
        let at_the_bank = clock.clone();
        let stripe = Stripe::start(data.path("cards.sqlite").as_deref(), Arc::new(move || at_the_bank.now())).await?;
        let sqs = Sqs::start(data.path("queues.sqlite").as_deref()).await?;
        for queue in Queue::ALL.map(Queue::name).into_iter().chain([SENT_QUEUE, MAIL_QUEUE]) {
            create_queue(&sqs, queue)?;
        }
        sqs.create_queue(pumps::RELAY_DEAD_LETTERS, &Attributes::default())?;
        // Whoever held them is dead: we are the only process on this data.
        sqs.release_in_flight()?;

        let listener = listen(options.port).await?;
        let url = format!("http://{}", listener.local_addr()?);
        config.queue_urls = Queue::ALL.into_iter().map(|queue| (queue, sqs.queue_url(queue.name()))).collect();
        config.public_url.clone_from(&url);
        config.sockets_url = Some(format!("{}{}", url.replacen("http", "ws", 1), socket::PATH));
        config.sockets_endpoint = Some(format!("{url}{}", socket::PATH));
        // Whoever was told of payments may have listened on another port.
        stripe.move_endpoints(&url)?;
        // A browser may know this machine by either name.
        s3.allow_origins(vec![url.clone(), url.replace("127.0.0.1", "localhost")]);
        config.platform_admins = options.platform_admins.iter().map(|email| email.trim().to_lowercase()).collect();
        config.reaches_this_machine = options.reaches_this_machine;
        config.demo_href = Some(demo::HREF.to_owned());
        let endpoints = Endpoints {
            dynamodb: dynamodb.endpoint().to_owned(),
            s3: s3.endpoint().to_owned(),
            sqs: sqs.endpoint().to_owned(),
            ses: ses.endpoint().to_owned(),
            cards: stripe.endpoint().to_owned(),
        };
        let deps = Deps::local(&endpoints, clock, config).with_vault(data.vault()?);
        deps.table.create_if_absent().await.map_err(Error::Table)?;

        let functions = functions(&deps);
        let (stop, stopping) = watch::channel(false);
        let host = Arc::new(Host {
            dynamodb,
            s3,
            sqs,
            ses,
            stripe,
            deps,
            state,
            functions,
            activity: Activity::default(),
            retry_after: options.retry_after,
            tick_every: options.tick_every,
            ticks: Ticks::new(),
            sockets: socket::Sockets::default(),
            demo: tokio::sync::Mutex::default(),
            stopping,
        });
        // The stream keeps what the relay has had for a day at most; ours until the next start.
        host.dynamodb.trim(&host.deps.config.table_name, &host.checkpoint()?)?;

        let mut tasks = JoinSet::new();
        pumps::start(&host, &mut tasks);
        tasks.spawn(serve(host.clone(), listener));
        let system = Self { host, url, stop, tasks, _data: data };
        if options.demo {
            system.create_demo().await?;
        }
        Ok(system)
    }

    /// Where it is opened, without a final slash.
    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn deps(&self) -> &Deps {
        &self.host.deps
    }

    pub fn clock(&self) -> &Clock {
        self.host.clock()
    }

    /// Moves the clock forward (or back); the clock function looks at the new time at once.
    pub fn advance(&self, by: SignedDuration) -> Result<()> {
        self.host.move_clock(self.host.offset().saturating_add(by))
    }

    /// Moves the clock to a moment.
    pub fn set_now(&self, to: Timestamp) -> Result<()> {
        self.advance(to.duration_since(self.clock().now()))
    }

    /// Waits until the stream is read, the queues are empty and nothing runs. Dead letters do not count: they are a
    /// result.
    pub async fn idle(&self, timeout: Duration) -> Result<()> {
        self.host.idle(timeout).await
    }

    pub fn dynamodb(&self) -> &DynamoDb {
        &self.host.dynamodb
    }

    pub fn s3(&self) -> &S3 {
        &self.host.s3
    }

    pub fn sqs(&self) -> &Sqs {
        &self.host.sqs
    }

    pub fn ses(&self) -> &Ses {
        &self.host.ses
    }

    pub fn stripe(&self) -> &Stripe {
        &self.host.stripe
    }

    /// A mail comes in, to these addresses, as SES takes one.
    pub async fn take_mail(&self, to: &[&str], mail: Vec<u8>) -> Result<String> {
        operator::take_mail(&self.host, to, mail).await
    }

    /// Writes the demo company unless it is there already.
    pub async fn create_demo(&self) -> Result<()> {
        demo::fill(&self.host).await.map_err(Error::Demo)
    }

    /// By which a client of the demo company reads an invoice that is to be paid.
    pub fn demo_link(&self) -> Result<Option<String>> {
        demo::link(&self.host)
    }

    /// Lets running work end, for a few seconds.
    pub async fn stop(mut self) {
        _ = self.stop.send(true);
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(STOP_WITHIN, ended).await.is_err() {
            tracing::warn!("some work did not end in time; it is done again at the next start");
        }
    }
}

fn create_queue(sqs: &Sqs, queue: &str) -> Result<()> {
    let dead_letters = format!("{queue}-dead");
    sqs.create_queue(&dead_letters, &Attributes::default())?;
    let redrive = Some(Redrive { dead_letters, receives_max: RECEIVES_MAX });
    sqs.create_queue(queue, &Attributes { redrive, ..Attributes::default() })?;
    Ok(())
}

/// This machine only: there is no TLS and an operator's page without a password.
async fn listen(port: u16) -> Result<TcpListener> {
    match TcpListener::bind(("127.0.0.1", port)).await {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => Ok(TcpListener::bind("127.0.0.1:0").await?),
        Err(error) => Err(error.into()),
    }
}

async fn serve(host: Arc<Host>, listener: TcpListener) {
    let stopping = host.clone();
    let router = operator::router(host.clone())
        .route(socket::PATH, get(socket::connect))
        .route(socket::CONNECTIONS, post(socket::post))
        .fallback(gateway::answer)
        .with_state(host)
        .into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, router)
        .with_graceful_shutdown(async move { crate::host::stopped(&stopping).await })
        .await;
    if let Err(error) = served {
        tracing::error!(%error, "the gateway stopped serving");
    }
}
