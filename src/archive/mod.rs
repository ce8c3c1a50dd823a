//! The archive desk: what leaves the department's working rooms to be kept, and the proof that it is still what it was.
