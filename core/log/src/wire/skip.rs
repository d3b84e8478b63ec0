//! Passes over values whose form was checked before.

use rmp::Marker;

use super::scan::Scan;
use super::{WireError, WireProblem};

impl Scan<'_> {
    /// Reads over one value by its lengths alone.
    pub(super) fn skip(&mut self) -> Result<(), WireError> {
        let mut left = 1_u64;
        while left > 0 {
            let [byte] = self.array()?;
            let (bytes, items) = self.extent(byte)?;
            self.take(bytes)?;
            left = (left - 1).saturating_add(items);
        }
        Ok(())
    }

    /// Returns the bytes and the items that follow the first byte of a value, and reads its length if it has one.
    fn extent(&mut self, byte: u8) -> Result<(u64, u64), WireError> {
        Ok(match Marker::from_u8(byte) {
            Marker::FixStr(length) => (u64::from(length), 0),
            Marker::FixMap(count) => (0, 2 * u64::from(count)),
            Marker::FixArray(count) => (0, u64::from(count)),
            Marker::U8 | Marker::I8 => (1, 0),
            Marker::U16 | Marker::I16 | Marker::FixExt1 => (2, 0),
            Marker::FixExt2 => (3, 0),
            Marker::U32 | Marker::I32 => (4, 0),
            Marker::FixExt4 => (5, 0),
            Marker::U64 | Marker::I64 => (8, 0),
            Marker::FixExt8 => (9, 0),
            Marker::FixExt16 => (17, 0),
            Marker::Str8 | Marker::Bin8 => (self.length::<1>(0)?, 0),
            Marker::Str16 | Marker::Bin16 => (self.length::<2>(0)?, 0),
            Marker::Str32 | Marker::Bin32 => (self.length::<4>(0)?, 0),
            Marker::Ext8 => (1 + self.length::<1>(0)?, 0),
            Marker::Ext16 => (1 + self.length::<2>(0)?, 0),
            Marker::Ext32 => (1 + self.length::<4>(0)?, 0),
            Marker::Array16 => (0, self.length::<2>(0)?),
            Marker::Array32 => (0, self.length::<4>(0)?),
            Marker::Map16 => (0, 2 * self.length::<2>(0)?),
            Marker::Map32 => (0, 2 * self.length::<4>(0)?),
            Marker::F32 | Marker::F64 | Marker::Reserved => {
                return Err(self.error(WireProblem::Form));
            }
            Marker::Null | Marker::False | Marker::True | Marker::FixPos(_) | Marker::FixNeg(_) => {
                (0, 0)
            }
        })
    }
}
