//! Takes all inputs of a run: each whole or not at all; rows of encounters into the sorter, patients and registers into memory.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::atomic::Ordering,
};

use crate::{
    fs::{FileError, octets_of},
    ingest::{
        fault::SourceFault,
        input_file::InputFile,
        inputs::{InputPart, Inputs, inputs_of},
        quarantine::Quarantined,
        take::{InputTask, TakeFault, take},
        workbook::book::SourceWorkbook,
    },
    partition::{decode::Patients, registers::Registers},
    plan::{FeedPlan, Plan},
    record::{
        account::{InputAccount, UnreadPart},
        field::CanonicalTable,
    },
    rows::{
        cutter::{Duplicate, LastCut, cut},
        slot::Feed,
        sorter::{HELD_BYTES, Sorter},
        standing::{Deliveries, SetAside},
    },
    run::{
        deliveries::{InputSource, deliveries, source_of},
        expected_files::missing_inputs,
        fault::RunFault,
        kept_records::{KeptQuarantine, KeptRecords, NewInput, NewRecords},
        options::RunOptions,
        outputs::Outputs,
        state::StateFolder,
        taken_before::TakenBefore,
        what_changed::{ChangedRecords, NightScope, Touched, patients_before, why_everything},
    },
    store::content::KeptInput,
};

/// What was taken of all inputs.
pub struct RowsOfRun {
    /// The account of each.
    pub inputs: Vec<InputAccount>,
    /// The rows of encounters and what hangs on them.
    pub sorter: Sorter,
    /// Patients.
    pub patients: Patients,
    /// Registers.
    pub registers: Registers,
    /// Repeated rows of patients and registers, which are held in memory.
    pub held_duplicates: Vec<Duplicate>,
    /// Rows of patients and registers that do not stand.
    pub held_set_aside: Vec<SetAside>,
    /// How the inputs are delivered.
    pub deliveries: Deliveries,
    /// What is to be kept of them, where records are kept.
    pub new: Option<NewRecords>,
    /// Which of the kept records are examined.
    pub scope: NightScope,
    /// The rows of the registers that stand, where figures are traced.
    pub register_rows: Vec<u8>,
}

/// Takes every input of the plan.
///
/// # Errors
/// A file cannot be written, or the run was interrupted. An input that cannot be used is an account with its fault.
pub fn take_all(
    plan: &Plan,
    options: &RunOptions<'_>,
    feeds: &[Feed],
    scratch: &Path,
    outputs: &mut Outputs,
    (state, everything): (&StateFolder, Option<&str>),
) -> Result<RowsOfRun, RunFault> {
    let before = state.taken_before();
    let kept = state.kept_records(plan)?;
    let kept = kept.map(|kept| kept.with_figures(everything.is_some())).transpose()?;
    let mut inputs: Vec<InputAccount> = Vec::new();
    let mut sources: Vec<InputSource> = Vec::new();
    let mut new: Vec<NewInput> = Vec::new();
    let mut read_of = ReadOfFiles::default();
    // Places of the inputs with the same bytes and part: of a folder of many members each is asked for once.
    let mut of_content: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    let mut sorter = Sorter::new(scratch.to_path_buf(), HELD_BYTES);
    let mut held_sorter = Sorter::new(scratch.to_path_buf(), HELD_BYTES / 2);
    if let Some(kept) = &kept {
        enter_kept(plan, kept, &before, (&mut inputs, &mut sources), &mut of_content);
    }
    let first_new = inputs.len();
    let mut kept_quarantine = KeptQuarantine::new(scratch);
    if let Some(kept) = &kept {
        kept.quarantined_today(&inputs, outputs)?;
    }
    let (mut patients, mut registers) = (Patients::default(), Registers::default());
    let size: u64 = plan.feeds.iter().flat_map(|feed| &feed.files).filter_map(|path| octets_of(path)).sum();
    options.progress.step("reading", size);
    // They are listed last: whether the others were taken before does not move them.
    let mut unusable: Vec<(InputSource, Vec<InputAccount>, Vec<UnreadPart>)> = Vec::new();
    for (feed_index, (feed_plan, feed)) in plan.feeds.iter().zip(feeds).enumerate() {
        for (turn, file_index) in oldest_first(feed_plan, &before).into_iter().enumerate() {
            let file = &feed_plan.files[file_index];
            // Of files that are kept, the next night knows the order in which they were taken.
            let place = if kept.is_some() { turn } else { file_index };
            let source = source_of(plan, feed_index, (file_index, place), first_new);
            let account = account_of(feed_plan, feed, file);
            if let Some(again) = kept.as_ref().and_then(|kept| taken_again(kept, feed_plan, file, &source.path)) {
                for mut repeated in again {
                    before.compare(&mut repeated.account);
                    inputs.push(repeated.account.clone());
                    sources.push(source.clone());
                    new.push(repeated);
                }
                continue;
            }
            let (opened, found) = match open_inputs(file, feed_plan) {
                Ok(found) => found,
                Err(fault) => {
                    let fault = of_file(file, fault)?.to_string();
                    unusable.push((source, vec![InputAccount { fault, ..account }], Vec::new()));
                    continue;
                }
            };
            let own = if feed.table.is_of_encounters() { &mut sorter } else { &mut held_sorter };
            let mut whole = WholeFile::new(scratch, own);
            let (first, new_before) = (inputs.len(), new.len());
            let mut book = found.book;
            for part in found.inputs {
                let mut account = InputAccount { part: part.part().to_owned(), ..account.clone() };
                let taking = InputTask {
                    feed,
                    feed_index: feed_index as u8,
                    input_index: u16::try_from(inputs.len())
                        .map_err(|_| RunFault::Internal("a run takes at most 65,535 inputs".to_owned()))?,
                    layout: &feed_plan.layout,
                    source: &feed_plan.source,
                };
                take_one(&part, book.as_mut(), &taking, &mut account, &mut whole, scratch, options)?;
                // One that could not be used is kept too: rows are known by the numbers of their inputs, and none is left out among them.
                if kept.is_some() {
                    let file_sha256 = opened.digest().map_err(|fault| of_file(file, fault)).map(|digest| digest.sha256);
                    new.push(NewInput {
                        account: account.clone(),
                        file_sha256: file_sha256.or_else(|fault| fault.map(|_| String::new()))?,
                        path: source.path.clone(),
                    });
                }
                tell_same_content(plan, &of_content, (&inputs, &sources), &source, &mut account);
                if account.bytes > 0 {
                    before.compare(&mut account);
                    account.taken_before = before.has_earlier(&account);
                }
                inputs.push(account);
            }
            let missing = found.missing.into_iter().map(|(part, fault)| InputAccount {
                part,
                fault: fault.to_string(),
                ..account.clone()
            });
            let missing: Vec<InputAccount> = missing.collect();
            if let (Some(_), Some(NewInput { file_sha256, path, .. })) = (&kept, new.last().cloned()) {
                let absent = |account: &InputAccount| NewInput {
                    account: account.clone(),
                    file_sha256: file_sha256.clone(),
                    path: path.clone(),
                };
                new.extend(missing.iter().map(absent));
            }
            inputs.extend(missing);
            match opened.is_as_opened() {
                Ok(()) => whole.enter(own, outputs, kept.as_ref().map(|_| &mut kept_quarantine))?,
                Err(fault) => {
                    let fault = of_file(file, fault)?;
                    inputs[first..].iter_mut().for_each(|account| *account = unusable_by(account, &fault));
                }
            }
            if inputs[first..].iter().all(|account| !account.fault.is_empty()) {
                new.truncate(new_before);
                unusable.push((source, inputs.split_off(first), found.unread));
                continue;
            }
            sources.resize(inputs.len(), source);
            read_of.add_all(file, first, &inputs, found.unread);
            for (place, account) in (first..).zip(&inputs[first..]).filter(|(_, account)| account.bytes > 0) {
                of_content.entry(content_of(account)).or_default().push(place);
            }
        }
        // The numbers of inputs that are kept follow on each other.
        if kept.is_none() {
            list_unusable(plan, std::mem::take(&mut unusable), (&mut inputs, &mut sources), &mut read_of);
        }
    }
    list_unusable(plan, unusable, (&mut inputs, &mut sources), &mut read_of);
    let mut touched = Touched::default();
    let (new, why) = match &kept {
        Some(kept) => {
            let new = state.new_records(plan, kept, new, [&sorter, &held_sorter, kept_quarantine.rows()])?;
            let why = everything.map(str::to_owned).or_else(|| why_everything(plan, options, kept, &inputs));
            if why.is_none() {
                touched.enter_all(&sorter, feeds)?;
                touched.enter_all(&held_sorter, feeds)?;
                kept.load_held(plan, feeds, (&mut held_sorter, &mut touched), &|| options.go_on())?;
            } else {
                kept.load(plan, feeds, (&mut sorter, &mut held_sorter), &|| options.go_on())?;
            }
            (new, why)
        }
        None => (None, Some(String::new())),
    };
    let mut before = inputs[..first_new].to_vec();
    let deliveries = deliveries(plan, &sources, &mut inputs);
    read_of.say(&mut inputs);
    inputs.extend(missing_inputs(plan, options.business_date, &inputs));
    let mut merge = held_sorter.merge().map_err(RunFault::Write)?;
    let (mut accepted, mut last) = (vec![0; inputs.len()], LastCut::none(deliveries.are_stated()));
    let (mut held_duplicates, mut held_set_aside) = (Vec::new(), Vec::new());
    let mut register_rows = Vec::new();
    while let Some(cut) = cut(&mut merge, &mut accepted, &mut last).map_err(RunFault::Write)? {
        let mut standing = deliveries.standing(cut, feeds);
        for row in crate::rows::row::Row::all(&standing.rows) {
            let feed = &feeds[usize::from(row.feed())];
            if feed.table == CanonicalTable::Patients {
                patients.add(row)
            } else {
                registers.add(row, feed)
            }
            if options.traces && feed.table != CanonicalTable::Patients {
                register_rows.extend_from_slice(row.bytes());
            }
        }
        held_duplicates.append(&mut standing.duplicates);
        held_set_aside.append(&mut standing.set_aside);
    }
    registers.decisions.repeat(held_duplicates.iter().map(|row| (row.of, row.origin)));
    // A table of which a part could not be read says of nothing that it is not there.
    let whole = |table| is_whole(table, &inputs);
    (patients.given, patients.partial) = (patients.count() > 0, !whole(CanonicalTable::Patients));
    registers.finish(whole);
    for (input, accepted) in inputs.iter_mut().zip(accepted) {
        input.accepted += accepted;
    }
    let scope = match (kept, why) {
        (Some(kept), None) => {
            let before = self::deliveries(plan, &sources[..first_new], &mut before);
            let is_of_patients = |input: &InputAccount| input.table == Some(CanonicalTable::Patients);
            let with_patients = inputs[first_new..].iter().any(|input| is_of_patients(input) && input.brings_rows());
            let of_before = || patients_before(&held_sorter, feeds, (&before, first_new), scratch);
            let patients_then = with_patients.then(of_before).transpose()?;
            let now = (feeds, &deliveries, &patients);
            let then = (before, patients_then);
            let changed = ChangedRecords::choose(plan, options, now, (kept, touched), (&mut sorter, scratch), then)?;
            if changed.is_ordered_anew(&deliveries) {
                return Err(RunFault::ExamineEverything("a file came that orders others anew".to_owned()));
            }
            NightScope::Changed(Box::new(changed))
        }
        (Some(kept), Some(why)) => NightScope::Everything { why, kept: kept.takes.then(|| Box::new(kept)) },
        (None, _) => NightScope::Everything { why: String::new(), kept: None },
    };
    Ok(RowsOfRun {
        inputs,
        sorter,
        patients,
        registers,
        held_duplicates,
        held_set_aside,
        deliveries,
        new,
        scope,
        register_rows,
    })
}

/// Enters the inputs that were kept on earlier nights, as if they were read again.
fn enter_kept(
    plan: &Plan,
    kept: &KeptRecords,
    before: &TakenBefore<'_>,
    (inputs, sources): (&mut Vec<InputAccount>, &mut Vec<InputSource>),
    of_content: &mut BTreeMap<(String, String), Vec<usize>>,
) {
    // The parts of one file are of one place.
    let mut of_file: BTreeMap<(u64, &str, &str), usize> = BTreeMap::new();
    for (number, KeptInput { account, path, sequence, .. }) in kept.inputs.iter().enumerate() {
        let feed = plan.feeds.iter().position(|feed| feed.name == account.feed);
        let place = *of_file.entry((*sequence, &account.feed, path)).or_insert(number);
        let mut account = account.clone();
        let source = InputSource { feed, file: None, place, path: path.clone() };
        account.taken_before = !kept.of_today[number];
        let was_unusable = !account.fault.is_empty() || account.is_without_readable_row();
        if feed.is_none() || account.taken_before && was_unusable {
            // Its rows are not read, so that none of them is in its account. That it could not be used was told when it came.
            let InputAccount { feed, file, part, bytes, sha256, .. } = account;
            let not_in_run = InputAccount { not_in_run: true, taken_before: true, ..InputAccount::default() };
            account = InputAccount { feed, file, part, bytes, sha256, ..not_in_run };
        } else if account.fault.is_empty() {
            if account.read > account.quarantined + account.duplicate {
                tell_same_content(plan, of_content, (inputs, sources), &source, &mut account);
            }
            // A night that is run again says what it said; a later one has nothing to say of it.
            if !account.taken_before {
                before.compare(&mut account);
            }
        }
        if account.bytes > 0 {
            of_content.entry(content_of(&account)).or_default().push(number);
        }
        inputs.push(account);
        sources.push(source);
    }
}

/// What a file is that a feed was given before: nothing new under its own name, and rows that repeat others under another. `None`: it is to be read.
pub(super) fn taken_again(kept: &KeptRecords, feed: &FeedPlan, file: &Path, path: &str) -> Option<Vec<NewInput>> {
    if !kept.takes {
        return Some(Vec::new());
    }
    // A file that cannot be read is told when it is opened to be read.
    let file_sha256 = InputFile::open(file).ok()?.digest().ok()?.sha256;
    let known = kept.with_bytes(&feed.name, &file_sha256);
    if known.is_empty() {
        return None;
    }
    // What could not be read may be readable by now, and parts may be asked for that were not.
    let is_left = |known: &&KeptInput| {
        let KeptInput { account, .. } = known;
        !account.fault.is_empty() || account.quarantined > 0 || !account.unread.is_empty()
    };
    if kept.is_read_otherwise && known.iter().any(is_left) {
        return None;
    }
    if kept.newest_of(&feed.name, path) == Some(file_sha256.as_str()) {
        return Some(Vec::new());
    }
    if KeptRecords::reads_again(feed) || known.iter().any(|known| known.path == path) {
        return None;
    }
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let first = known[0].path.clone();
    let of_first = known.into_iter().filter(|known| known.path == first);
    let repeated = of_first.map(|KeptInput { account, .. }| NewInput {
        account: InputAccount {
            file: name.clone(),
            duplicate: account.read - account.quarantined,
            already_taken: true,
            same_bytes_as: account.file.clone(),
            ..account.clone()
        },
        file_sha256: file_sha256.clone(),
        path: path.to_owned(),
    });
    Some(repeated.collect())
}

/// Tells the same rows taken for the same table twice. Two feeds may read one file, each what it needs of a row.
fn tell_same_content(
    plan: &Plan,
    of_content: &BTreeMap<(String, String), Vec<usize>>,
    (inputs, sources): (&[InputAccount], &[InputSource]),
    source: &InputSource,
    account: &mut InputAccount,
) {
    let file = |source: &InputSource| Some(&plan.feeds[source.feed?].files[source.file?]);
    let is_one_file = |other: &InputSource| match (file(other), file(source)) {
        (Some(other), Some(own)) => other == own,
        _ => other.path == source.path,
    };
    let same = |place: &&usize| inputs[**place].table == account.table || !is_one_file(&sources[**place]);
    let earlier = of_content.get(&content_of(account)).and_then(|places| places.iter().find(same));
    if let Some(earlier) = earlier {
        account.already_taken = true;
        account.same_bytes_as = other_name(&inputs[*earlier], account);
    }
}

/// Lists the files that could not be used.
fn list_unusable(
    plan: &Plan,
    unusable: Vec<(InputSource, Vec<InputAccount>, Vec<UnreadPart>)>,
    (inputs, sources): (&mut Vec<InputAccount>, &mut Vec<InputSource>),
    read_of: &mut ReadOfFiles,
) {
    for (source, accounts, unread) in unusable {
        let first = inputs.len();
        inputs.extend(accounts);
        if let (Some(feed), Some(file)) = (source.feed, source.file) {
            read_of.add_all(&plan.feeds[feed].files[file], first, inputs, unread);
        }
        sources.resize(inputs.len(), source);
    }
}

/// The account of a file, before anything of it was read.
fn account_of(feed_plan: &FeedPlan, feed: &Feed, file: &Path) -> InputAccount {
    InputAccount {
        feed: feed.name.clone(),
        table: Some(feed.table),
        file: file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        expected_facility: feed_plan.expected_facility.clone().unwrap_or_default(),
        delivery: feed_plan.delivery.as_ref().map_or(String::new(), |own| own.content.name().to_owned()),
        // A stated number of records is of the feed; it can be held against a file where the feed is one file.
        expected_records: feed_plan.expected_records.filter(|_| feed_plan.files.len() == 1),
        parts_stated: !feed_plan.source.sheets.is_empty() || !feed_plan.source.members.is_empty(),
        ..InputAccount::default()
    }
}

/// What an input holds: its bytes, and which part of a file it is.
fn content_of(account: &InputAccount) -> (String, String) {
    (account.sha256.clone(), account.part.clone())
}

/// The name of an input with the same bytes, where it is another.
fn other_name(earlier: &InputAccount, input: &InputAccount) -> String {
    if earlier.file == input.file { String::new() } else { earlier.file.clone() }
}

/// Places of the files of a feed in the order in which they came: those that an earlier run took come first, as they were taken. So a file that is sent once
/// more under another name is the one that repeats, whatever its name.
fn oldest_first(feed: &FeedPlan, before: &TakenBefore<'_>) -> Vec<usize> {
    let mut places: Vec<usize> = (0..feed.files.len()).collect();
    places.sort_by_cached_key(|place| {
        let name = feed.files[*place].file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned());
        before.first_taken(&feed.name, &name)
    });
    places
}

/// Which parts of which files are read, by all feeds together.
#[derive(Debug, Default)]
pub(super) struct ReadOfFiles {
    files: BTreeMap<PathBuf, ReadOfFile>,
}

#[derive(Debug, Default)]
struct ReadOfFile {
    /// Places of its inputs in the account, each with the part that it is.
    inputs: BTreeMap<usize, String>,
    unread: Vec<UnreadPart>,
    /// By name: its place among those unread.
    named: BTreeMap<String, usize>,
}

impl ReadOfFiles {
    pub(super) fn add(&mut self, file: &Path, place: usize, part: &str) {
        self.files.entry(file.to_path_buf()).or_default().inputs.insert(place, part.to_owned());
    }

    /// Adds all inputs of a file, from a place on, and the parts of it that no feed reads.
    fn add_all(&mut self, file: &Path, first: usize, inputs: &[InputAccount], unread: Vec<UnreadPart>) {
        for (place, account) in inputs.iter().enumerate().skip(first) {
            self.add(file, place, &account.part);
        }
        self.leaves(file, unread);
    }

    /// A feed leaves parts of a file unread; where it would fit any of the feeds, it is said.
    pub(super) fn leaves(&mut self, file: &Path, unread: Vec<UnreadPart>) {
        let known = self.files.entry(file.to_path_buf()).or_default();
        for part in unread {
            match known.named.get(&part.part) {
                Some(place) => known.unread[*place].fits |= part.fits,
                None => {
                    known.named.insert(part.part.clone(), known.unread.len());
                    known.unread.push(part);
                }
            }
        }
    }

    /// Says of each file what no feed reads, in the account of its first input that could be used.
    pub(super) fn say(self, inputs: &mut [InputAccount]) {
        for ReadOfFile { inputs: places, mut unread, .. } in self.files.into_values() {
            let read: BTreeSet<&String> = places.values().collect();
            unread.retain(|unread| !read.contains(&unread.part));
            let usable = places.keys().find(|place| inputs[**place].fault.is_empty()).or(places.keys().next());
            if let Some(place) = usable {
                inputs[*place].unread.extend(unread);
            }
        }
    }
}

/// Opens a file of a feed, and tells what it stands for.
fn open_inputs(path: &Path, feed: &FeedPlan) -> Result<(InputFile, Inputs), SourceFault> {
    let file = InputFile::open(path)?;
    match inputs_of(&file, &feed.source, &|names, fullest_above| feed.layout.is_heading(names, fullest_above)) {
        Ok(found) => Ok((file, found)),
        // A file that is still being written looks damaged.
        Err(fault) => Err(file.is_as_opened().err().unwrap_or(fault)),
    }
}

/// A fault of a file.
///
/// # Errors
/// What the system answered is none of the file's: what it holds is not known, and nothing is published without it.
fn of_file(path: &Path, fault: SourceFault) -> Result<SourceFault, RunFault> {
    match fault {
        SourceFault::Read(error) => Err(RunFault::File(FileError::read(path)(error))),
        fault => Ok(fault),
    }
}

/// What was taken of the inputs of one file, kept apart until it is known that the file is as it was when it was opened.
struct WholeFile {
    /// Bytes that may be held of it, together with what is taken already.
    room: usize,
    sorter: Sorter,
    /// The rows that cannot be read, with the label and the number of their input.
    rejected: Vec<(Quarantined, String, u16)>,
}

impl WholeFile {
    fn new(scratch: &Path, beside: &Sorter) -> WholeFile {
        let room = HELD_BYTES.saturating_sub(beside.held_bytes()).max(HELD_BYTES / 4);
        WholeFile { room, sorter: Sorter::new(scratch.to_path_buf(), room), rejected: Vec::new() }
    }

    /// Enters it among what is taken.
    fn enter(
        self,
        sorter: &mut Sorter,
        outputs: &mut Outputs,
        mut keep: Option<&mut KeptQuarantine>,
    ) -> Result<(), RunFault> {
        for (rejected, label, input) in self.rejected {
            outputs.quarantine(rejected, &label, |row| keep.as_mut().map_or(Ok(()), |keep| keep.add(input, row)))?;
        }
        sorter.absorb(self.sorter).map_err(RunFault::Write)
    }
}

/// The account of an input that as a whole cannot be used.
fn unusable_by(account: &InputAccount, fault: &SourceFault) -> InputAccount {
    InputAccount {
        feed: account.feed.clone(),
        table: account.table,
        file: account.file.clone(),
        part: account.part.clone(),
        delivery: account.delivery.clone(),
        parts_stated: account.parts_stated,
        fault: fault.to_string(),
        ..InputAccount::default()
    }
}

/// Takes one input whole or not at all: its rows are sorted apart first, so that a file that turns out unusable half-way leaves nothing behind.
fn take_one(
    part: &InputPart,
    mut book: Option<&mut SourceWorkbook>,
    taking: &InputTask<'_>,
    account: &mut InputAccount,
    whole: &mut WholeFile,
    scratch: &Path,
    options: &RunOptions<'_>,
) -> Result<(), RunFault> {
    let untouched = account.clone();
    // Together with what the others hold it stays within what may be held.
    let room = whole.room.saturating_sub(whole.sorter.held_bytes()).max(HELD_BYTES / 4);
    let fresh = || (Sorter::new(scratch.to_path_buf(), room), Quarantined::new(scratch.to_path_buf()));
    let (mut own, mut rejected) = fresh();
    let go_on = |bytes: u64| {
        options.progress.advance(bytes);
        options.stop.load(Ordering::Relaxed) == 0
    };
    let label = account.label();
    let mut taken =
        take(part, book.as_deref_mut(), taking, account, &mut own, &mut |row| rejected.push(row), &go_on, false);
    if matches!(taken, Err(TakeFault::Doubt)) {
        *account = untouched;
        (own, rejected) = fresh();
        taken = take(part, book, taking, account, &mut own, &mut |row| rejected.push(row), &go_on, true);
    }
    match taken {
        Ok(()) => {
            whole.rejected.push((rejected, label, taking.input_index));
            whole.sorter.absorb(own).map_err(RunFault::Write)
        }
        Err(TakeFault::Source(fault)) => {
            *account = unusable_by(account, &of_file(part.file.path(), fault)?);
            Ok(())
        }
        Err(TakeFault::Spill(error)) => Err(RunFault::Write(error)),
        Err(TakeFault::Stopped | TakeFault::Doubt) => {
            options.go_on()?;
            Ok(())
        }
    }
}

/// Whether every input of a table could be used.
pub fn is_whole(table: CanonicalTable, inputs: &[InputAccount]) -> bool {
    inputs.iter().all(|input| input.table != Some(table) || input.fault.is_empty())
}
