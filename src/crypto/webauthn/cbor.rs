//! How much of CBOR an authenticator may send (CTAP2 §8): checked before any parser that recurses,
//! or that overlooks what follows the value, sees a byte of it.

use uuid::Uuid;

/// How deep values may nest; a certificate chain in an attestation statement is three deep.
const MAX_DEPTH: u8 = 6;
/// The most members of one map or array: none that exists has more than a dozen.
const MAX_MEMBERS: u64 = 64;
/// The flag that says that a credential follows (WebAuthn §6.1).
const ATTESTED: u8 = 0b0100_0000;
/// The flag that says that extensions follow.
const EXTENDED: u8 = 0b1000_0000;

/// What an authenticator says of itself (WebAuthn §6.1), as far as we read it ourselves.
pub(super) struct AuthenticatorData<'a> {
    /// The model and the new credential's id, at a registration.
    pub credential: Option<(Uuid, &'a [u8])>,
}

impl<'a> AuthenticatorData<'a> {
    /// Nothing where a part is missing, or where anything follows the last.
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (header, mut rest) = bytes.split_at_checked(37)?;
        let flags = *header.get(32)?;
        let mut credential = None;
        if flags & ATTESTED != 0 {
            let (model, after) = rest.split_first_chunk::<16>()?;
            let (length, after) = after.split_first_chunk::<2>()?;
            let (id, after) = after.split_at_checked(u16::from_be_bytes(*length).into())?;
            credential = Some((Uuid::from_bytes(*model), id));
            rest = skip(after, MAX_DEPTH)?;
        }
        if flags & EXTENDED != 0 {
            rest = skip(rest, MAX_DEPTH)?;
        }
        rest.is_empty().then_some(Self { credential })
    }
}

/// The byte string that the map `bytes` holds under the text `name`; nothing where `bytes` is not
/// exactly one well-formed map.
pub(super) fn byte_string<'a>(bytes: &'a [u8], name: &str) -> Option<&'a [u8]> {
    if !skip(bytes, MAX_DEPTH)?.is_empty() {
        return None;
    }
    let (5, count, mut rest) = head(bytes)? else { return None };
    for _ in 0..count {
        let (major, length, after) = head(rest)?;
        let value = skip(rest, MAX_DEPTH)?;
        let is_it = major == 3 && after.get(..usize::try_from(length).ok()?)? == name.as_bytes();
        if is_it {
            let (2, length, after) = head(value)? else { return None };
            return after.get(..usize::try_from(length).ok()?);
        }
        rest = skip(value, MAX_DEPTH)?;
    }
    None
}

/// What follows the first value of `bytes`; nothing where it is cut off, too deep or too wide, of
/// indefinite length, tagged, or a map with a key twice.
fn skip(bytes: &[u8], depth: u8) -> Option<&[u8]> {
    let depth = depth.checked_sub(1)?;
    let (major, argument, rest) = head(bytes)?;
    match major {
        0 | 1 | 7 => Some(rest),
        2 | 3 => rest.get(usize::try_from(argument).ok()?..),
        4 if argument <= MAX_MEMBERS => (0..argument).try_fold(rest, |rest, _| skip(rest, depth)),
        5 if argument <= MAX_MEMBERS => skip_members(rest, argument, depth),
        _ => None,
    }
}

fn skip_members(mut rest: &[u8], count: u64, depth: u8) -> Option<&[u8]> {
    let mut keys = Vec::new();
    for _ in 0..count {
        let value = skip(rest, depth)?;
        let key = rest.get(..rest.len() - value.len())?;
        if keys.contains(&key) {
            return None;
        }
        keys.push(key);
        rest = skip(value, depth)?;
    }
    Some(rest)
}

/// Major type, argument and what follows them; nothing for an indefinite length.
fn head(bytes: &[u8]) -> Option<(u8, u64, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let argument = match first & 0b1_1111 {
        small @ 0..24 => return Some((first >> 5, small.into(), rest)),
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => return None,
    };
    let (argument, rest) = rest.split_at_checked(argument)?;
    let value = argument.iter().fold(0, |value: u64, byte| (value << 8) | u64::from(*byte));
    Some((first >> 5, value, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_member_of_a_map_is_found() {
        let map = b"\xa2\x63fmt\x64none\x68authData\x43abc";
        assert_eq!(byte_string(map, "authData"), Some(&b"abc"[..]));
        assert_eq!(byte_string(map, "fmt"), None);
        assert_eq!(byte_string(map, "attStmt"), None);
    }

    #[test]
    fn what_an_authenticator_never_sends_is_refused() {
        let deep = [vec![0x81; 10_000], vec![0x01]].concat();
        let wide = [vec![0x98, 65], vec![0x01; 65]].concat();
        for (why, bytes) in [
            ("trailing bytes", b"\xa1\x61a\x41b\x00".to_vec()),
            ("a key twice", b"\xa2\x61a\x41b\x61a\x41c".to_vec()),
            ("indefinite map", b"\xbf\x61a\x41b\xff".to_vec()),
            ("indefinite bytes", b"\xa1\x61a\x5f\x41b\xff".to_vec()),
            ("a tag", b"\xa1\x61a\xc0\x41b".to_vec()),
            ("cut off", b"\xa1\x61a\x45b".to_vec()),
            ("a length beyond all", b"\xa1\x61a\x5b\xff\xff\xff\xff\xff\xff\xff\xff".to_vec()),
            ("deep", [b"\xa2\x61d".as_slice(), &deep, b"\x61a\x41b"].concat()),
            ("wide", [b"\xa2\x61d".as_slice(), &wide, b"\x61a\x41b"].concat()),
            ("no map", b"\x41b".to_vec()),
            ("nothing", Vec::new()),
        ] {
            assert_eq!(byte_string(&bytes, "a"), None, "{why}");
        }
    }

    fn data(flags: u8, tail: &[u8]) -> Vec<u8> {
        [&[0; 32][..], &[flags], &[0; 4], tail].concat()
    }

    #[test]
    fn authenticator_data_ends_where_its_flags_say() {
        let id = [&[7; 16][..], &[0, 3], b"idx", b"\xa1\x01\x02"].concat();
        let parsed = AuthenticatorData::parse(&data(ATTESTED, &id))
            .map(|data| data.credential.map(|(model, id)| (model.into_bytes(), id.to_vec())));
        assert_eq!(parsed, Some(Some(([7; 16], b"idx".to_vec()))));
        assert!(AuthenticatorData::parse(&data(1, b"")).is_some());
        assert!(AuthenticatorData::parse(&data(EXTENDED, b"\xa0")).is_some());
        for bad in [
            data(1, b"\x00"),
            data(ATTESTED, b""),
            data(ATTESTED, &[&id[..], b"\x00"].concat()),
            data(EXTENDED, b""),
            data(1, b"")[..36].to_vec(),
        ] {
            assert!(AuthenticatorData::parse(&bad).is_none(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = AuthenticatorData::parse(&bytes);
            let _ = byte_string(&bytes, "authData");
        }
    }
}
