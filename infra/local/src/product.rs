//! The product's functions, each with its dependencies, as the host takes them. Batches and timeouts are those of
//! template.yaml.

use std::time::Duration;

use cloud::Deps;
use kernel::event::Queue;

use crate::{Functions, QueueWorker, gateway::Context, worker};

pub fn product(deps: &Deps) -> Functions {
    let given = || deps.clone();
    let contexts = Context::ALL.map(|context| {
        let router = match context {
            Context::Organizations => organizations::router(given()),
            Context::Accounts => accounts::router(given()),
            Context::Crm => crm::router(given()),
            Context::Invoicing => invoicing::router(given()),
            Context::Hr => hr::router(given()),
            Context::Preview => invoicing::preview::router(given()),
            Context::HrPreview => hr::preview::router(given()),
            Context::Notifications => notifications::router(given()),
            Context::Search => search::router(given()),
            Context::Sales => sales::router(given()),
            Context::Dashboard => dashboard::router(given()),
            Context::Webhooks => webhooks::router(given()),
            Context::Purchases => purchases::router(given()),
        };
        (context, router)
    });
    let queues = Queue::ALL.map(|queue| {
        let deps = given();
        let (worker, batch_max, seconds) = match queue {
            Queue::Pdf => (worker(move |event| pdf::handle(deps.clone(), event)), 5, 60),
            Queue::Mailer => (worker(move |event| mailer::handle(deps.clone(), event)), 10, 60),
            Queue::Crm => (worker(move |event| crm::worker::handle(deps.clone(), event)), 10, 30),
            Queue::Invoicing => (worker(move |event| invoicing::worker::handle(deps.clone(), event)), 10, 30),
            Queue::Organizations => (worker(move |event| organizations::worker::handle(deps.clone(), event)), 1, 900),
            Queue::Accounting => {
                (worker(move |event| invoicing::accounting_worker::handle(deps.clone(), event)), 1, 900)
            }
            Queue::Notifications => (worker(move |event| notifications::worker::handle(deps.clone(), event)), 10, 30),
            Queue::Search => (worker(move |event| search::worker::handle(deps.clone(), event)), 10, 60),
            Queue::Hr => (worker(move |event| hr::worker::handle(deps.clone(), event)), 10, 60),
            Queue::Sales => (worker(move |event| sales::worker::handle(deps.clone(), event)), 10, 60),
            Queue::Webhooks => (worker(move |event| webhooks::worker::handle(deps.clone(), event)), 5, 120),
            Queue::Purchases => (worker(move |event| purchases::worker::handle(deps.clone(), event)), 10, 60),
        };
        QueueWorker { queue: queue.name(), worker, batch_max, timeout: Duration::from_secs(seconds) }
    });
    let (to_relay, to_sent, to_mail, to_clock, to_socket) = (given(), given(), given(), given(), given());
    Functions {
        contexts: contexts.into(),
        queues: queues.into(),
        relay: worker(move |event| relay::handle(to_relay.clone(), event)),
        sent: worker(move |event| mailer::sent::handle(to_sent.clone(), event)),
        mail: worker(move |event| purchases::inbound::handle(to_mail.clone(), event)),
        socket: worker(move |event| notifications::socket::handle(to_socket.clone(), event)),
        clock: worker(move |event| clock::handle(to_clock.clone(), event)),
    }
}
