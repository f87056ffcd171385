//! What a document costs: `cargo run --release -p documents --example bench [RENDERS]`.

#[path = "../tests/documents/samples.rs"]
mod samples;

use std::{
    env, fs,
    time::{Duration, Instant},
};

fn main() {
    let renders: usize = env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(200);
    let invoice = samples::invoice();

    let (cold, bytes) = timed(&invoice);
    println!("first render in this process: {:.1} ms, {bytes} bytes", ms(cold));

    let mut times: Vec<Duration> = (0..50).map(|_| timed(&invoice).0).collect();
    times.sort();
    println!("warm, one page: median {:.1} ms, p95 {:.1} ms", ms(times[25]), ms(times[47]));

    println!("resident after 51 documents of one page: {} MB", resident_mb());
    for lines in [60, documents::LINES_MAX] {
        let (time, bytes) = timed(&samples::long(lines));
        println!("{lines} lines: {:.0} ms, {bytes} bytes", ms(time));
    }

    println!("resident: {} MB", resident_mb());
    for _ in 0..renders {
        timed(&invoice);
    }
    println!("resident after {renders} more renders: {} MB", resident_mb());
}

fn timed(snapshot: &kernel::document::Snapshot) -> (Duration, usize) {
    let start = Instant::now();
    let rendered = documents::render(snapshot, None).expect("the samples render");
    (start.elapsed(), rendered.pdf.len())
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// From Linux's `/proc`; 0 elsewhere.
fn resident_mb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_ascii_whitespace().next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1024
}
