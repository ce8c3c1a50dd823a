//! What is done after a run, also after one that failed: the morning page, the figures for a monitor, and the command of `after_run`. Nothing of it changes the exit
//! code: the run is what it is.

use std::{
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process_group};

use super::{complain, exit::Exit};
use crate::{
    fs::{
        FileError, create_private_folder,
        path::shown,
        whole_file::{write_atomic, write_atomic_with_rights},
    },
    plan::{
        Plan,
        night::{NightSettings, of_faulty_file},
    },
    record::date::Day,
    run::{
        metrics,
        morning::MorningPage,
        pipeline::Done,
        publication::{family_name, plain_title},
    },
};

/// How often it is looked whether the command has ended.
const LOOK: Duration = Duration::from_millis(20);

/// Writes what `[night]` asks for, and starts its command. A run that found another at work leaves the page to that one.
pub fn after(plan: &Plan, business_date: Day, exit: Exit, page: &MorningPage, done: Option<&Done>) {
    if let Some(settings) = plan.night.as_ref().filter(|_| exit != Exit::TryAgain) {
        write_and_start(settings, &family_name(plan), (business_date, exit), page, done);
    }
}

/// The same of a run that could not begin, because its pipeline file has faults: as far as the file can be read.
pub fn after_faulty_file(path: &Path, output: Option<&Path>, business_date: Day, exit: Exit) {
    if let Some((title, settings)) = of_faulty_file(path, output) {
        let words = format!("{} has faults; `chartroom check {}` lists them", shown(path), shown(path));
        let page = MorningPage::of_fault(&title, business_date, exit.number(), &words);
        write_and_start(&settings, &plain_title(&title), (business_date, exit), &page, None);
    }
}

fn write_and_start(
    settings: &NightSettings,
    family: &str,
    (business_date, exit): (Day, Exit),
    page: &MorningPage,
    done: Option<&Done>,
) {
    let text = settings.page.join(format!("{family}.txt"));
    let html = text.with_extension("html");
    let written = create_private_folder(&settings.page)
        .and_then(|()| write_atomic(&text, page.text().as_bytes()))
        .and_then(|()| write_atomic(&html, page.html().as_bytes()))
        // The mornings before can be read again.
        .and_then(|()| {
            write_atomic(&settings.page.join(format!("{family}-{business_date}.txt")), page.text().as_bytes())
        });
    tell("the morning page", written);
    if let Some(path) = &settings.metrics {
        let figures = metrics::text(&page.title, business_date, exit.number(), done.map(|done| &done.results));
        tell("the figures for the monitor", write_atomic_with_rights(path, figures.as_bytes()));
    }
    if let Some((program, arguments)) = settings.after_run.split_first() {
        start(settings, program, arguments, exit, (&text, &html));
    }
}

fn tell(what: &str, written: Result<(), FileError>) {
    if let Err(error) = written {
        complain(&format!("{what} was not written: {error}"));
    }
}

/// Starts the command of `after_run`, and ends it where it takes too long. What it prints is not read.
fn start(settings: &NightSettings, program: &str, arguments: &[String], exit: Exit, (text, html): (&Path, &Path)) {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = if settings.folder.as_os_str().is_empty() { PathBuf::from(".") } else { settings.folder.clone() };
    // A path is one as seen from the pipeline file; a bare name is looked for as a shell does.
    let program_path = if program.contains('/') { absolute(&folder.join(program)) } else { PathBuf::from(program) };
    let started = Command::new(&program_path)
        .args(arguments)
        .arg(absolute(text))
        .env("CHARTROOM_EXIT_CODE", exit.number().to_string())
        .env("CHARTROOM_PAGE_TEXT", absolute(text))
        .env("CHARTROOM_PAGE_HTML", absolute(html))
        .current_dir(&folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // What it starts in turn is ended with it.
        .process_group(0)
        .spawn();
    let mut child = match started {
        Ok(child) => child,
        Err(error) => return complain(&format!("after_run: {} cannot be started: {error}", shown(&program_path))),
    };
    let begun = Instant::now();
    let limit = Duration::from_secs(settings.after_run_seconds);
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return,
            Ok(Some(status)) => return complain(&format!("after_run: {} ended with {status}", shown(&program_path))),
            Ok(None) if begun.elapsed() < limit => std::thread::sleep(LOOK),
            Ok(None) | Err(_) => {
                let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
                let _ = group.map(|group| kill_process_group(group, Signal::KILL));
                let _ = child.kill();
                let _ = child.wait();
                let seconds = settings.after_run_seconds;
                return complain(&format!(
                    "after_run: {} took more than {seconds} s and was ended",
                    shown(&program_path)
                ));
            }
        }
    }
}
