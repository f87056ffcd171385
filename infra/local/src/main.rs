//! `abservice`: the product on this machine.

use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};

use local::{Options, System, Where};
use tracing_subscriber::EnvFilter;

const USAGE: &str = "\
ABSERVICE on this machine: the product, its services and its workers in one process.

Usage: abservice [--port PORT] [--data FOLDER] [--fresh] [--demo] [--platform-admin EMAIL]

  --port PORT    listen on this port of 127.0.0.1 (default 8787; another one when it is taken)
  --data FOLDER  keep everything in this folder (default .abservice)
  --fresh        empty the folder first, if it is one of ours
  --demo         create the demo company and say how to sign in to it
  --platform-admin EMAIL
                 who signs in with this verified address and a second factor administers the platform (may be repeated)

       abservice verify ARCHIVE.zip [--key KEY]
       abservice verify org_…
       abservice rebuild-sales org_…

       abservice reindex org_…
       abservice reindex all

  verify         check an archive without anything else, or the ledger of an organization whose table the
                 environment names; KEY is the public key that the page « Journal » shows
  reindex        make the index of the search anew, of one organization or of all, in the same table
  rebuild-sales  have the figures of sales of an organization made anew, whose table the environment names

RUST_LOG sets what is logged, for instance RUST_LOG=debug.
";

/// Of each thread, in bytes: what answers a request is many calls deep, and without optimisation each of them is large.
const STACK: usize = 16 << 20;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build();
    match runtime {
        Ok(runtime) => runtime.block_on(answer()),
        Err(error) => {
            eprintln!("no thread can be started: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn answer() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,dynoxide=error,s3s=error"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [verb, target, rest @ ..] = arguments.as_slice()
        && verb == "verify"
    {
        let key = match rest {
            [] => None,
            [name, key] if name == "--key" => Some(key.as_str()),
            _ => {
                tracing::error!("verify wants an archive or an organization; --help says what there is");
                return ExitCode::from(2);
            }
        };
        return local::verify::verify(target, key).await.unwrap_or_else(|wrong| {
            tracing::error!("{wrong}");
            ExitCode::from(2)
        });
    }
    if let [verb, target] = arguments.as_slice()
        && verb == "reindex"
    {
        return local::reindex::reindex(target).await.unwrap_or_else(|wrong| {
            tracing::error!("{wrong}");
            ExitCode::from(2)
        });
    }
    if let [verb, target] = arguments.as_slice()
        && verb == "rebuild-sales"
    {
        return match local::rebuild::rebuild(target).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(wrong) => {
                tracing::error!("{wrong}");
                ExitCode::from(2)
            }
        };
    }
    let options = match options(arguments.into_iter()) {
        Ok(Some(options)) => options,
        Ok(None) => {
            _ = std::io::stdout().write_all(USAGE.as_bytes());
            return ExitCode::SUCCESS;
        }
        Err(wrong) => {
            tracing::error!("{wrong}; --help says what there is");
            return ExitCode::from(2);
        }
    };
    match run(options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let source = std::error::Error::source(&error).map(ToString::to_string);
            tracing::error!(source, "{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> local::Result<()> {
    let demo = options.demo;
    let system = System::start(options).await?;
    println!("ABSERVICE est prêt : {0}  (horloge, courrier et files d’attente : {0}/_local/)", system.url());
    if demo {
        println!("Société de démonstration : {} / {}", local::demo::EMAIL, local::demo::PASSWORD);
    }
    if let Some(link) = system.demo_link()? {
        println!("Une facture à payer, telle que son client la voit (par carte ou par virement) : {link}");
    }
    tokio::signal::ctrl_c().await?;
    tracing::info!("stopping");
    system.stop().await;
    Ok(())
}

/// `None` when help is asked for.
fn options(mut arguments: impl Iterator<Item = String>) -> Result<Option<Options>, String> {
    let mut options = Options::folder(".abservice");
    let (mut folder, mut empty) = (PathBuf::from(".abservice"), false);
    while let Some(argument) = arguments.next() {
        let mut value = |what: &str| arguments.next().ok_or_else(|| format!("{argument} wants {what}"));
        match argument.as_str() {
            "--port" => {
                options.port =
                    value("a number")?.parse().map_err(|_| "--port wants a number up to 65535".to_owned())?;
            }
            "--data" => folder = value("a folder")?.into(),
            "--fresh" => empty = true,
            "--demo" => options.demo = true,
            "--platform-admin" => options.platform_admins.push(value("an e-mail address")?),
            "--help" | "-h" => return Ok(None),
            other => return Err(format!("{other} is not an option")),
        }
    }
    options.data = Where::Folder { path: folder, fresh: empty };
    Ok(Some(options))
}
