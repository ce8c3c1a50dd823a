//! Takes releases into the store and says what each changes.

use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::{opening::open, release_store::ReleaseStore};
use crate::{
    codeset::{
        release::{
            self, OfficialTable, ReadRelease, ReleaseRefusal,
            change::{Changes, compare, entries, has_headers, titles},
            edition::{Edition, Stated, tell},
            kind::{OfficialFileKind, is_icd9},
            known,
            stored::{StoredFile, name, pack},
        },
        sets::CodeSets,
    },
    coding::comorbidity::{ahrq::mortality_weights, editions::SHIPPED},
    fs::{FileError, hexadecimal},
    ingest::fault::SourceFault,
};

/// A release read and placed in time.
#[derive(Debug)]
pub struct Release {
    /// Name of the file and member it came from.
    pub source: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Its days.
    pub edition: Edition,
    /// Its table.
    pub table: OfficialTable,
    /// What a reader should know.
    pub notes: Vec<String>,
}

impl Release {
    /// Kind and release.
    pub fn name(&self) -> String {
        name(self.table.kind, &self.edition)
    }
}

/// A file whose every table was read.
#[derive(Debug)]
pub struct ReadFile {
    /// The releases in it.
    pub releases: Vec<Release>,
    /// Members that are documents.
    pub left_alone: Vec<String>,
}

/// Why a file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum FileRefusal {
    /// It cannot be opened.
    #[error("{0}")]
    Source(#[from] SourceFault),
    /// It, or a member of it, is no release as published.
    #[error("{0}")]
    Release(String),
}

/// Reads a file. One table that is refused refuses the file, so that a zip folder is taken whole or not at all.
///
/// # Errors
/// [`FileRefusal`].
pub fn read_file(path: &Path, stated: &Stated, sets: &CodeSets) -> Result<ReadFile, FileRefusal> {
    let opened = open(path)?;
    let mut file = ReadFile { releases: Vec::new(), left_alone: opened.left_alone };
    for source in &opened.sources {
        let member = source.name.split_once('!').map(|(_, member)| member);
        let refuse = |refusal: ReleaseRefusal| match member {
            Some(member) => FileRefusal::Release(format!("member {}: {refusal}", crate::record::shown::shown(member))),
            None => FileRefusal::Release(refusal.to_string()),
        };
        if let Some(system) = &stated.system {
            let ReadRelease { table, notes, .. } = release::list::read(source).map_err(refuse)?;
            let edition = Edition { release: system.clone(), from: None, until: None };
            let (source, sha256) = (source.name.clone(), opened.sha256.clone());
            file.releases.push(Release { source, sha256, edition, table, notes });
            continue;
        }
        let reads = match release::read(source) {
            // A zip folder may hold a letter beside the tables.
            Err(ReleaseRefusal::Unknown) if member.is_some() && opened.sources.len() > 1 => {
                file.left_alone.extend(member.map(str::to_owned));
                continue;
            }
            reads => reads.map_err(refuse)?,
        };
        for mut read in reads {
            let edition = tell(source, &mut read, stated, sets).map_err(refuse)?;
            known::note(&mut read, &edition, sets);
            if read.table.kind == OfficialFileKind::CmrCodes {
                read.notes.push(about_weights(&edition));
            }
            let ReadRelease { table, notes, .. } = read;
            let (source, sha256) = (source.name.clone(), opened.sha256.clone());
            file.releases.push(Release { source, sha256, edition, table, notes });
        }
    }
    agree(&file.releases).map_err(FileRefusal::Release)?;
    if file.releases.is_empty() {
        return Err(FileRefusal::Release(ReleaseRefusal::Unknown.to_string()));
    }
    Ok(file)
}

/// What is said of the indices' weights, which AHRQ's reference file does not have.
fn about_weights(edition: &Edition) -> String {
    let release = &edition.release;
    match mortality_weights(release) {
        Some(_) => format!("the file has no weights of the two indices: those of {release} are known"),
        None => format!(
            "the file has no weights of the two indices, and those of {release} are not known: the indices go by those of {SHIPPED} until a file with the columns measure,description,uses_poa,readmission_weight,mortality_weight is imported for {release}"
        ),
    }
}

/// Tables of one system and release in one zip folder have the same codes under the same titles. Those of ICD-9-CM have long or short ones.
fn agree(releases: &[Release]) -> Result<(), String> {
    let system = |release: &Release| release.table.kind.titled_system().filter(|_| !is_icd9(release.table.kind));
    for (at, release) in releases.iter().enumerate() {
        let alike = |other: &&Release| {
            system(other).is_some() && system(other) == system(release) && other.edition == release.edition
        };
        if let Some(other) = releases[..at].iter().find(alike) {
            let changes = compare(&titles(&other.table), &titles(&release.table));
            if changes != Changes::default() {
                let counts = changes.counts(true);
                return Err(format!(
                    "its tables contradict each other: {} to {}: {counts}",
                    other.source, release.source
                ));
            }
        }
    }
    Ok(())
}

/// What came of one release.
#[derive(Debug)]
pub struct ImportOutcome {
    /// The entry as it stands in the index.
    pub entry: StoredFile,
    /// Whether the very same table was there before; then nothing was written.
    pub was_there: bool,
    /// Whether it took the place of other bytes under its name.
    pub replaced: bool,
    /// Release before it, what changed in its codes, and in its headers where it has any.
    pub changes: Option<(String, Changes, Option<Changes>)>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// Puts the releases of a file into the store, all at once.
///
/// # Errors
/// The store cannot be read or written; then it stands as it was.
pub fn put(store: &mut ReleaseStore, releases: Vec<Release>) -> Result<Vec<ImportOutcome>, FileError> {
    let mut outcomes = Vec::new();
    let mut new = Vec::new();
    for release in releases {
        let (name, kind) = (release.name(), release.table.kind);
        let iso = |day: crate::record::date::Day| day.to_string();
        let known = store.index.find(&name);
        let bytes = pack(&release.table);
        let table_sha256 = hexadecimal(&Sha256::digest(&bytes));
        let was_there = match known.filter(|known| known.table_sha256 == table_sha256).map(|known| store.table(known)) {
            Some(Ok(_)) => true,
            // One that is damaged or gone is written again.
            None | Some(Err(FileError::Damaged { .. })) => false,
            Some(Err(error)) => return Err(error),
        };
        let entry = match known.filter(|_| was_there) {
            Some(known) => known.clone(),
            None => StoredFile {
                name: name.clone(),
                kind: kind.facts().name.to_owned(),
                release: release.edition.release.clone(),
                from: release.edition.from.map(iso),
                until: release.edition.until.map(iso),
                rows: release.table.rows.len(),
                source: release.source.clone(),
                source_sha256: release.sha256.clone(),
                table: format!("{name}.{}.tsv.zst", &table_sha256[..12]),
                table_sha256,
            },
        };
        let changes = if kind.is_addenda() { None } else { changes(store, &release)? };
        let replaced = known.is_some() && !was_there;
        if !was_there {
            new.push((entry.clone(), bytes));
        }
        outcomes.push(ImportOutcome { entry, was_there, replaced, changes, notes: release.notes });
    }
    if !new.is_empty() {
        store.write(new)?;
    }
    Ok(outcomes)
}

fn changes(store: &ReleaseStore, release: &Release) -> Result<Option<(String, Changes, Option<Changes>)>, FileError> {
    let kind: OfficialFileKind = release.table.kind;
    let Some(before) = store.index.before(kind, release.edition.from) else { return Ok(None) };
    let table = store.table(before)?;
    let changed = |headers| compare(&entries(&table, headers), &entries(&release.table, headers));
    Ok(Some((before.name.clone(), changed(false), has_headers(kind).then(|| changed(true)))))
}
