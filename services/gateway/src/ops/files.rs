//! Files that people upload: read as they come, known by their bytes, kept only when they are one thing of a kind that
//! is taken.
//!
//! Invariant: nothing of a file that was refused, or whose upload was cut off, is kept.

use std::fmt::Display;
use std::fmt::Write as _;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use chrono::TimeDelta;
use futures::stream::BoxStream;
use futures::{Stream, StreamExt as _};
use hotline_bus::{Bus, Fault};
use hotline_policy::{Code, Refusal};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _, WriteMultipart};
use sha2::{Digest as _, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use crate::domain::{HEAD_LEN, Inspection, Media, desk_refusals as refusals, file_name, media_of};
use crate::store::{self, StoredFile};

/// Bytes of one part on its way to the store.
const PART_LEN: usize = 5 * 1024 * 1024;
/// Parts on their way at once.
const PARTS_AT_ONCE: usize = 2;
/// An upload that nobody put with an appeal is removed after so long.
const LOOSE_FOR: TimeDelta = TimeDelta::hours(24);

/// Who uploads what.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    /// Name that the browser gave; may be empty.
    pub name: String,
    /// Media type that it gave; may be empty.
    pub declared: String,
    /// Account; empty for somebody at the public portal.
    pub uploaded_by: String,
    /// The appellant sends it.
    pub from_appellant: bool,
}

/// The files of the platform; cheap to clone.
#[derive(Clone)]
pub struct Files {
    bus: Bus,
    shelf: Arc<dyn ObjectStore>,
    max_bytes: u64,
    places: Arc<Semaphore>,
}

impl Files {
    /// Files on this store, of at most `max_bytes` each, `uploads_max` at once.
    pub fn new(bus: Bus, shelf: Arc<dyn ObjectStore>, max_bytes: u64, uploads_max: usize) -> Self {
        Self {
            bus,
            shelf,
            max_bytes,
            places: Arc::new(Semaphore::new(uploads_max)),
        }
    }

    /// A place for an upload; none when as many are on their way as there may be.
    pub fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).try_acquire_owned().ok()
    }

    /// Receives a file. It belongs to no appeal yet, and is removed after a day in which nobody puts it with one.
    ///
    /// # Errors
    /// `upload.type`, `upload.mismatch`, `upload.unsound`, `upload.size`; the store, or a connection that broke.
    pub async fn receive<S, E>(&self, upload: Upload, mut bytes: S) -> Result<StoredFile, Fault>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin + Send,
        E: Display,
    {
        let head = self.head(&mut bytes).await?;
        let media = kind_of(&head)?;
        let name = file_name(&upload.name, media)?;
        check_declared(&upload.declared, media)?;
        let id = random_id()?;
        let place = Path::from(format!("{}/{id}", self.bus.now().format("%Y/%m")));
        let part = self.shelf.put_multipart(&place).await.map_err(away)?;
        let mut writing = WriteMultipart::new_with_chunk_size(part, PART_LEN);
        match self.copy(head, &mut bytes, media, &mut writing).await {
            Ok((size_bytes, sha256)) => {
                writing.finish().await.map_err(away)?;
                let file = StoredFile {
                    id,
                    appeal_id: None,
                    place: place.to_string(),
                    name,
                    media_type: media.media_type.to_owned(),
                    size_bytes,
                    sha256,
                    uploaded_by: upload.uploaded_by,
                    from_appellant: upload.from_appellant,
                    uploaded_at: self.bus.now(),
                };
                store::insert_file(self.bus.pool(), &file).await?;
                Ok(file)
            }
            Err(fault) => {
                // What was written so far goes with the refusal; a store that is away forgets it by its own rule.
                let _ = writing.abort().await;
                Err(fault)
            }
        }
    }

    /// The beginning of a file.
    async fn head<S, E>(&self, bytes: &mut S) -> Result<Bytes, Fault>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin + Send,
        E: Display,
    {
        let mut head = BytesMut::new();
        while head.len() < HEAD_LEN {
            let Some(piece) = bytes.next().await else {
                break;
            };
            head.extend_from_slice(&piece.map_err(|error| broken(&error))?);
        }
        if head.is_empty() || head.len() as u64 > self.max_bytes {
            return Err(refused(&refusals::FILE_SIZE));
        }
        Ok(head.freeze())
    }

    /// Copies a file to the store as it is looked at; gives its size and its digest.
    async fn copy<S, E>(
        &self,
        head: Bytes,
        bytes: &mut S,
        media: &'static Media,
        writing: &mut WriteMultipart,
    ) -> Result<(i64, String), Fault>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin + Send,
        E: Display,
    {
        let mut inspection = Inspection::new(media, &head);
        let (mut digest, mut size) = (Sha256::new(), 0_u64);
        let mut piece = Some(head);
        while let Some(now) = piece {
            size += now.len() as u64;
            if size > self.max_bytes {
                return Err(refused(&refusals::FILE_SIZE));
            }
            inspection.look(&now);
            digest.update(&now);
            writing.wait_for_capacity(PARTS_AT_ONCE).await.map_err(away)?;
            writing.put(now);
            let next = bytes.next().await.transpose();
            piece = next.map_err(|error| broken(&error))?;
        }
        if !inspection.is_sound() {
            return Err(refused(&refusals::FILE_UNSOUND));
        }
        let size = i64::try_from(size).map_err(|_| refused(&refusals::FILE_SIZE))?;
        Ok((size, hexadecimal(&digest.finalize())))
    }

    /// The file of this identifier.
    ///
    /// # Errors
    /// `upload.not_found`.
    pub async fn find(&self, id: Uuid) -> Result<StoredFile, Fault> {
        let found = store::file(self.bus.pool(), id).await?;
        found.ok_or_else(no_file)
    }

    /// Notes that a file is with an appeal from now on.
    ///
    /// # Errors
    /// `upload.not_found` for one that is with another.
    pub async fn settle(&self, id: Uuid, appeal: Uuid) -> Result<(), Fault> {
        let settled = store::settle_file(self.bus.pool(), id, appeal).await?;
        settled.then_some(()).ok_or_else(no_file)
    }

    /// The bytes of a file, and whether they still begin as its media does.
    ///
    /// # Errors
    /// The store is away, or has lost the file.
    pub async fn read(
        &self,
        file: &StoredFile,
    ) -> Result<(bool, BoxStream<'static, object_store::Result<Bytes>>), Fault> {
        let place = Path::from(file.place.as_str());
        let size = u64::try_from(file.size_bytes).unwrap_or(0);
        let head = self.shelf.get_range(&place, 0..size.min(HEAD_LEN as u64)).await;
        let head = head.map_err(away)?;
        let same = kind_of(&head).is_ok_and(|media| media.media_type == file.media_type);
        let whole = self.shelf.get(&place).await.map_err(away)?;
        Ok((same, whole.into_stream()))
    }

    /// Removes uploads that nobody put with an appeal; gives how many.
    ///
    /// # Errors
    /// The database or the store.
    pub async fn sweep(&self) -> Result<usize, Fault> {
        let pool = self.bus.pool();
        let loose = store::loose_files(pool, self.bus.now() - LOOSE_FOR).await?;
        let mut removed = 0;
        for file in loose {
            if store::delete_loose(pool, file.id).await? {
                removed += 1;
                match self.shelf.delete(&Path::from(file.place.as_str())).await {
                    Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                    Err(error) => return Err(away(error)),
                }
            }
        }
        Ok(removed)
    }
}

/// What the first bytes say.
fn kind_of(head: &[u8]) -> Result<&'static Media, Fault> {
    let found = infer::get(head).and_then(|kind| media_of(kind.mime_type()));
    found.ok_or_else(|| refused(&refusals::FILE_TYPE))
}

/// What the browser says must not be another kind; several names of one kind are in use.
fn check_declared(declared: &str, media: &Media) -> Result<(), Fault> {
    let declared = declared
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let same = match declared.as_str() {
        "" | "application/octet-stream" => true,
        "image/jpg" | "image/pjpeg" => media.media_type == "image/jpeg",
        "image/heic" => media.media_type == "image/heif",
        "audio/wav" | "audio/wave" | "audio/vnd.wave" => media.media_type == "audio/x-wav",
        "audio/mp3" => media.media_type == "audio/mpeg",
        other => other == media.media_type,
    };
    same.then_some(())
        .ok_or_else(|| refused(&refusals::FILE_MISMATCH))
}

/// An identifier of random bits alone: it can not be guessed from the time.
fn random_id() -> Result<Uuid, Fault> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| Fault::retry(format!("no randomness: {error}")))?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing into a String can not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// There is no such file, or not for this caller: the answer does not tell which.
pub fn no_file() -> Fault {
    refused(&refusals::FILE_NOT_FOUND)
}

fn refused(code: &'static Code) -> Fault {
    Refusal::new(code).field("file").into()
}

fn away(error: object_store::Error) -> Fault {
    Fault::retry(format!("the store of files: {error}"))
}

fn broken(error: &dyn Display) -> Fault {
    Fault::retry(format!("the upload broke off: {error}"))
}
