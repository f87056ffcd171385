//! A zip that goes to the bucket as it is written: of a large one, some megabytes are in memory at a time.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use jiff::civil::DateTime;
use kernel::{Error, Result};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions, write::StreamWriter};

use crate::files::{PART_BYTES, Parts};

pub const MEDIA_TYPE: &str = "application/zip";

/// What was compressed and is not sent yet.
#[derive(Clone, Debug, Default)]
struct Pending(Arc<Mutex<Vec<u8>>>);

impl Pending {
    fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Pending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// It is in the bucket once it is finished, and not before.
pub struct Archive {
    zip: ZipWriter<StreamWriter<Pending>>,
    pending: Pending,
    parts: Parts,
    options: SimpleFileOptions,
    bytes: u64,
}

impl Archive {
    /// `at` is when its files are said to be written.
    pub fn new(parts: Parts, at: DateTime) -> Self {
        let pending = Pending::default();
        let part = |number: i8| u8::try_from(number).unwrap_or_default();
        let year = u16::try_from(at.year()).unwrap_or_default();
        let written = zip::DateTime::from_date_and_time(
            year,
            part(at.month()),
            part(at.day()),
            part(at.hour()),
            part(at.minute()),
            part(at.second()),
        );
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(written.unwrap_or_default());
        Self { zip: ZipWriter::new_stream(pending.clone()), pending, parts, options, bytes: 0 }
    }

    /// Begins a file; what is written next is in it. Directories are part of its name.
    pub fn begin(&mut self, name: &str) -> Result<()> {
        self.zip.start_file(name, self.options).map_err(Error::internal)
    }

    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        for piece in bytes.chunks(PART_BYTES) {
            self.zip.write_all(piece).map_err(Error::internal)?;
            if self.pending.len() >= PART_BYTES {
                self.send().await?;
            }
        }
        Ok(())
    }

    async fn send(&mut self) -> Result<()> {
        let bytes = self.pending.take();
        self.bytes += bytes.len() as u64;
        self.parts.send(bytes).await
    }

    /// A whole file.
    pub async fn add(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        self.begin(name)?;
        self.write(bytes).await
    }

    /// Ends it; gives its length.
    pub async fn finish(self) -> Result<u64> {
        let Self { zip, pending, mut parts, bytes, .. } = self;
        zip.finish().map_err(Error::internal)?;
        let last = pending.take();
        let bytes = bytes + last.len() as u64;
        parts.send(last).await?;
        parts.finish().await?;
        Ok(bytes)
    }
}
