//! Time zones by the names of the tz database: the civil day and time of the hospital for times that state their offset.

use chrono::{DateTime, MappedLocalTime, NaiveTime, Offset as _, TimeDelta, TimeZone as _};
use chrono_tz::Tz;

use super::date::{Clock, Moment};

/// A time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeZone(Tz);

impl TimeZone {
    /// The zone of a name of the tz database: `America/New_York`.
    pub fn from_name(name: &str) -> Option<TimeZone> {
        name.parse().ok().map(TimeZone)
    }

    /// The names, for suggestions.
    pub fn names() -> impl Iterator<Item = &'static str> {
        chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name())
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// Edition of the tz database that ships: `2025b`.
    pub fn edition() -> &'static str {
        chrono_tz::IANA_TZDB_VERSION
    }

    /// A moment by the clocks of the zone: one with an offset is brought to the civil day and time there, one without is taken for a time there. In the hour
    /// that comes twice a time without an offset keeps both meanings, and in the hour that never is it stands as written.
    pub fn local(self, moment: Moment) -> Moment {
        if moment.minute.is_none() {
            return moment;
        }
        match moment.clock {
            Clock::Offset(offset) => {
                let seconds = (moment.minutes() - i64::from(offset)) * 60;
                DateTime::from_timestamp(seconds, 0).map_or(moment, |instant| {
                    moment.by_clock(minutes(
                        self.0.offset_from_utc_datetime(&instant.naive_utc()).fix().local_minus_utc(),
                    ))
                })
            }
            Clock::Repeated(_) => moment,
            Clock::Unstated => {
                let time = moment.day.date().and_time(NaiveTime::MIN);
                let time = time.checked_add_signed(TimeDelta::minutes(i64::from(moment.minute.unwrap_or(0))));
                let offset = time.map(|time| self.0.offset_from_local_datetime(&time));
                let clock = match offset {
                    Some(MappedLocalTime::Single(offset)) => Clock::Offset(minutes(offset.fix().local_minus_utc())),
                    Some(MappedLocalTime::Ambiguous(_, second)) => {
                        Clock::Repeated(minutes(second.fix().local_minus_utc()))
                    }
                    _ => Clock::Unstated,
                };
                Moment { clock, ..moment }
            }
        }
    }
}

fn minutes(seconds: i32) -> i16 {
    (seconds / 60) as i16
}

impl std::fmt::Display for TimeZone {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} (tz database {})", self.name(), TimeZone::edition())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::date::Day;

    fn at(day: &str, minute: u16, clock: Clock) -> Moment {
        Moment { clock, ..Moment::at(Day::from_iso(day).expect("a day"), minute) }
    }

    #[test]
    fn the_civil_day_is_the_hospital_s() {
        let zone = TimeZone::from_name("America/New_York").expect("a zone");
        // 03:30 UTC on 1 November 2026 is 23:30 of 31 October in New York, still summer time.
        let local = zone.local(at("2026-11-01", 210, Clock::Offset(0)));
        assert_eq!(local, at("2026-10-31", 1410, Clock::Offset(-240)));
        assert_eq!(zone.local(local), local);
        // Clocks go back at 02:00 on 1 November: 01:50 is twice, 12:00 once.
        assert_eq!(zone.local(at("2026-11-01", 110, Clock::Unstated)).clock, Clock::Repeated(-300));
        assert_eq!(zone.local(at("2026-11-01", 720, Clock::Unstated)).clock, Clock::Offset(-300));
        // 02:30 on 8 March 2026 never was.
        assert_eq!(zone.local(at("2026-03-08", 150, Clock::Unstated)).clock, Clock::Unstated);
        let day = Moment::on(Day::from_iso("2026-11-01").expect("a day"));
        assert_eq!(zone.local(day), day);
        assert_eq!(TimeZone::from_name("New York"), None);
    }
}
