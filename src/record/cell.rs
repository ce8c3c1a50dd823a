//! A typed cell: the three things a field of an export can be.

/// A field after reading: nothing was there, something was there that cannot be read as this field, or a value.
///
/// "Unreadable" is a finding, never an error: the raw text stays with the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cell<T> {
    /// The field is blank, or holds one of the layout's missing tokens.
    #[default]
    Blank,
    /// Something stands there that is not a value of this field.
    Unreadable,
    /// The value.
    Value(T),
}

impl<T: Copy> Cell<T> {
    /// The value, where there is one.
    #[inline]
    pub fn value(self) -> Option<T> {
        match self {
            Cell::Value(value) => Some(value),
            Cell::Blank | Cell::Unreadable => None,
        }
    }

    /// Whether nothing was there.
    #[inline]
    pub fn is_blank(self) -> bool {
        matches!(self, Cell::Blank)
    }

    /// Whether something was there that is no value of this field.
    #[inline]
    pub fn is_unreadable(self) -> bool {
        matches!(self, Cell::Unreadable)
    }

    /// The cell with its value changed.
    #[inline]
    pub fn map_value<U>(self, change: impl FnOnce(T) -> U) -> Cell<U> {
        match self {
            Cell::Blank => Cell::Blank,
            Cell::Unreadable => Cell::Unreadable,
            Cell::Value(value) => Cell::Value(change(value)),
        }
    }

    /// This cell, or `other` where this one is blank.
    #[inline]
    pub fn or(self, other: Cell<T>) -> Cell<T> {
        if self.is_blank() { other } else { self }
    }
}
