//! The program under attack: it is killed, its calls fail and the power goes, at every place where it touches the disk; what it leaves is held
//! against an undisturbed run. The program is the real one; `strace` disturbs it.
//!
//! In the ordinary run of the tests a fixed number of places of each night is tried, spread over all kinds of calls; with `CHARTROOM_LONG=1` every place.
//! `CHARTROOM_POINT=WORDS` tries only the places whose name has these words, of every place, keeps the sites and says where they are.

mod aftermath;
mod choice;
mod disk;
mod disturbed;
mod power;
pub mod site;
pub mod table;
pub mod trace;
