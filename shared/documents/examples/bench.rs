//! What a document costs, and what the same invoice costs WeasyPrint where that is installed:
//! `cargo run --release -p documents --example bench [RENDERS]`. `PYTHON` names another interpreter than `python3`.

#[path = "../tests/documents/samples.rs"]
mod samples;

use std::{
    env, fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use documents::Mark;
use kernel::document::Snapshot;

const WARM: usize = 50;
/// As often as memory is watched, where nothing else is said.
const RENDERS: usize = 5_000;
const MANY_LINES: usize = 1_000;
/// Asks for one render and nothing else, in a process of its own.
const ONCE: &str = "--once";

fn main() {
    let argument = env::args().nth(1);
    if argument.as_deref() == Some(ONCE) {
        render(&samples::invoice());
        return;
    }
    let renders: usize = argument.and_then(|text| text.parse().ok()).unwrap_or(RENDERS);
    let invoice = samples::invoice();

    let ours = Costs { warm: warm(&invoice), cold: cold(), many: timed(|| render(&samples::long(MANY_LINES))) };
    println!("typst: {ours}");
    let mut previews = times(WARM, || {
        documents::preview(&invoice, None, Some(Mark::Draft), 125, 4).expect("the samples draw");
    });
    previews.sort();
    println!(
        "a page as a picture, warm: median {} ms, p95 {} ms",
        ms(previews[WARM / 2]),
        ms(previews[WARM * 95 / 100])
    );

    let before = resident_mb();
    for _ in 0..renders {
        render(&invoice);
    }
    println!("resident: {before} MB, after {renders} more renders {} MB", resident_mb());

    match weasyprint(&invoice) {
        Ok(theirs) => {
            println!("WeasyPrint: {theirs}");
            let times = |theirs: Duration, ours: Duration| format!("{:.1}", theirs.as_secs_f64() / ours.as_secs_f64());
            println!(
                "ratio: warm {}, cold {}, {MANY_LINES} lines {}",
                times(theirs.warm.0, ours.warm.0),
                times(theirs.cold, ours.cold),
                times(theirs.many, ours.many)
            );
        }
        Err(why) => println!("WeasyPrint is not measured: {why}"),
    }
}

struct Costs {
    /// Median and 95th percentile.
    warm: (Duration, Duration),
    /// A process that renders one document and ends.
    cold: Duration,
    many: Duration,
}

impl std::fmt::Display for Costs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (median, p95) = self.warm;
        write!(
            f,
            "warm median {} ms, p95 {} ms; cold process {} ms; {MANY_LINES} lines {} ms",
            ms(median),
            ms(p95),
            ms(self.cold),
            ms(self.many)
        )
    }
}

fn render(snapshot: &Snapshot) {
    documents::render(snapshot, None).expect("the samples render");
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn times(count: usize, work: impl Fn()) -> Vec<Duration> {
    (0..count).map(|_| timed(&work)).collect()
}

fn warm(snapshot: &Snapshot) -> (Duration, Duration) {
    render(snapshot);
    let mut times = times(WARM, || render(snapshot));
    times.sort();
    (times[WARM / 2], times[WARM * 95 / 100])
}

fn cold() -> Duration {
    let own = env::current_exe().expect("a program");
    let mut times = times(5, || {
        assert!(Command::new(&own).arg(ONCE).status().expect("it runs").success());
    });
    times.sort();
    times[2]
}

fn weasyprint(invoice: &Snapshot) -> Result<Costs, String> {
    let python = env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/with_weasyprint.py");
    let run = |snapshot: &Snapshot, count: usize| {
        let mut child = Command::new(&python)
            .arg(&script)
            .arg(count.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let mut input = child.stdin.take().expect("it is piped");
        input.write_all(&documents::template_data(snapshot)).map_err(|error| error.to_string())?;
        drop(input);
        let output = child.wait_with_output().map_err(|error| error.to_string())?;
        if !output.status.success() {
            let told = String::from_utf8_lossy(&output.stderr);
            return Err(told.lines().last().unwrap_or_default().to_owned());
        }
        let told: serde_json::Value = serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
        let of = |name: &str| Duration::from_secs_f64(told[name].as_f64().unwrap_or_default() / 1000.0);
        Ok((of("median_ms"), of("p95_ms"), told["most_mb"].as_u64().unwrap_or_default()))
    };
    let (median, p95, memory) = run(invoice, 30)?;
    println!("WeasyPrint's process held {memory} MB");
    let start = Instant::now();
    run(invoice, 1)?;
    let cold = start.elapsed();
    let (many, ..) = run(&samples::long(MANY_LINES), 1)?;
    Ok(Costs { warm: (median, p95), cold, many })
}

fn ms(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1000.0)
}

/// From Linux's `/proc`; 0 elsewhere.
fn resident_mb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_ascii_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1024
}
