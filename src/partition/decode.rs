//! Raw rows to typed encounters.
