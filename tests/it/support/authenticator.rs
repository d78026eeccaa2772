//! A soft authenticator that makes and uses keys as a browser would send them, and lies where it is
//! told to (SECURITY.md WA-01 to WA-09).

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portcullis::crypto::secret::Fingerprint;
use serde_json::{Value, json};

/// The user was there.
pub const UP: u8 = 0x01;
/// The user was verified.
pub const UV: u8 = 0x04;
/// The key may be copied.
pub const BE: u8 = 0x08;
/// The key is copied.
pub const BS: u8 = 0x10;
/// A credential follows.
pub const AT: u8 = 0x40;

/// A key that signs.
pub struct Soft {
    pair: EcdsaKeyPair,
    origin: String,
    /// Its credential id.
    pub id: Vec<u8>,
    /// What it calls its owner.
    pub handle: Vec<u8>,
    /// The counter of its next signature.
    pub counter: u32,
    /// The flags that it sets when it is not told to lie.
    pub flags: u8,
    /// The model that it says it is.
    pub aaguid: [u8; 16],
}

/// An answer on its way to the server; whatever is changed in it is sent so.
pub struct Answer {
    /// `clientDataJSON`.
    pub client: Value,
    /// Whose site the key believes to be at.
    pub rp_id: String,
    /// The flags of the authenticator data.
    pub flags: u8,
    /// The signature counter.
    pub counter: u32,
    /// The credential id.
    pub id: Vec<u8>,
    /// The user handle of an assertion.
    pub handle: Option<Vec<u8>>,
    /// The model.
    pub aaguid: [u8; 16],
    /// The public key in COSE.
    pub cose: Vec<u8>,
    /// What follows the authenticator data.
    pub tail: Vec<u8>,
    /// What follows the attestation object.
    pub outer_tail: Vec<u8>,
    /// The attestation statement: its format, and its CBOR.
    pub statement: (String, Vec<u8>),
    /// The authenticator data, where it is none of the above.
    pub data: Option<Vec<u8>>,
    /// What makes a statement in the format `packed` of what was signed.
    pub vouch: Option<Vouch>,
}

/// Makes an attestation statement of authenticator data and the hash of the client data.
pub type Vouch = Box<dyn Fn(&[u8]) -> Vec<u8>>;

impl Soft {
    /// A new key in a browser at `origin`.
    pub fn at(origin: &str) -> Self {
        Self {
            pair: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap(),
            origin: origin.to_owned(),
            id: random(32),
            handle: Vec::new(),
            counter: 1,
            flags: UP | UV,
            aaguid: [7; 16],
        }
    }

    /// The same key in another device: what a thief has.
    pub fn copy(&self) -> Self {
        let pkcs8 = self.pair.to_pkcs8v1().unwrap();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref()).unwrap();
        Self {
            pair,
            origin: self.origin.clone(),
            id: self.id.clone(),
            handle: self.handle.clone(),
            ..*self
        }
    }

    /// The public key in COSE, as ES256.
    pub fn cose(&self) -> Vec<u8> {
        let point = self.pair.public_key().as_ref();
        let head = [0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32];
        [&head[..], &point[1..33], &[0x22, 0x58, 32], &point[33..65]].concat()
    }

    /// Answers `options` of a registration.
    pub fn create(&mut self, options: &Value) -> String {
        self.create_lying(options, |_| {})
    }

    /// The same, changed by `lie`.
    pub fn create_lying(&mut self, options: &Value, lie: impl FnOnce(&mut Answer)) -> String {
        self.handle = decode(&options["user"]["id"]);
        let mut answer = self.answer("webauthn.create", options, &options["rp"]["id"]);
        answer.flags |= AT;
        lie(&mut answer);
        let data = answer.data.clone().unwrap_or_else(|| {
            let length = u16::try_from(answer.id.len()).unwrap().to_be_bytes();
            let credential = [&answer.aaguid[..], &length, &answer.id, &answer.cose].concat();
            [answer.header(), credential, answer.tail.clone()].concat()
        });
        self.counter += 1;
        if let Some(vouch) = &answer.vouch {
            let client = answer.client.to_string();
            let signed = [&data[..], Fingerprint::of(client.as_bytes()).as_bytes()].concat();
            answer.statement = ("packed".to_owned(), vouch(&signed));
        }
        let (format, statement) = &answer.statement;
        let object = [
            vec![0xa3],
            text("fmt"),
            text(format),
            text("attStmt"),
            statement.clone(),
            text("authData"),
            bytes(&data),
            answer.outer_tail.clone(),
        ];
        let response = json!({
            "clientDataJSON": encode(answer.client.to_string().as_bytes()),
            "attestationObject": encode(&object.concat()),
            "transports": ["internal", "hybrid"],
        });
        whole(&answer.id, response)
    }

    /// Answers `options` of a sign-in or a second step.
    pub fn get(&mut self, options: &Value) -> String {
        self.get_lying(options, |_| {})
    }

    /// The same, changed by `lie`, and signed all the same.
    pub fn get_lying(&mut self, options: &Value, lie: impl FnOnce(&mut Answer)) -> String {
        let mut answer = self.answer("webauthn.get", options, &options["rpId"]);
        answer.handle = Some(self.handle.clone());
        lie(&mut answer);
        let data =
            answer.data.clone().unwrap_or_else(|| [answer.header(), answer.tail.clone()].concat());
        let client = answer.client.to_string();
        let signed = [&data[..], Fingerprint::of(client.as_bytes()).as_bytes()].concat();
        let signature = self.pair.sign(&SystemRandom::new(), &signed).unwrap();
        self.counter += 1;
        let response = json!({
            "clientDataJSON": encode(client.as_bytes()),
            "authenticatorData": encode(&data),
            "signature": encode(signature.as_ref()),
            "userHandle": answer.handle.as_deref().map(encode),
        });
        whole(&answer.id, response)
    }

    fn answer(&self, ceremony: &str, options: &Value, rp_id: &Value) -> Answer {
        Answer {
            client: json!({
                "type": ceremony,
                "challenge": options["challenge"],
                "origin": self.origin,
                "crossOrigin": false,
            }),
            rp_id: rp_id.as_str().unwrap().to_owned(),
            flags: self.flags,
            counter: self.counter,
            id: self.id.clone(),
            handle: None,
            aaguid: self.aaguid,
            cose: self.cose(),
            tail: Vec::new(),
            outer_tail: Vec::new(),
            statement: ("none".to_owned(), vec![0xa0]),
            data: None,
            vouch: None,
        }
    }
}

impl Answer {
    fn header(&self) -> Vec<u8> {
        let site = Fingerprint::of(self.rp_id.as_bytes());
        [&site.as_bytes()[..], &[self.flags], &self.counter.to_be_bytes()].concat()
    }
}

fn whole(id: &[u8], response: Value) -> String {
    let id = encode(id);
    json!({ "id": id, "rawId": id, "type": "public-key", "response": response,
        "clientExtensionResults": {} })
    .to_string()
}

/// Bytes that nobody guesses.
pub fn random(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    aws_lc_rs::rand::fill(&mut bytes).unwrap();
    bytes
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decode(text: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text.as_str().unwrap()).unwrap()
}

/// A CBOR text.
pub fn text(text: &str) -> Vec<u8> {
    head(3, text.len(), text.as_bytes())
}

/// A CBOR byte string.
pub fn bytes(bytes: &[u8]) -> Vec<u8> {
    head(2, bytes.len(), bytes)
}

fn head(major: u8, length: usize, content: &[u8]) -> Vec<u8> {
    let head = match length {
        0..24 => vec![major << 5 | u8::try_from(length).unwrap()],
        24..256 => vec![major << 5 | 24, u8::try_from(length).unwrap()],
        _ => [&[major << 5 | 25][..], &u16::try_from(length).unwrap().to_be_bytes()].concat(),
    };
    [head, content.to_vec()].concat()
}
