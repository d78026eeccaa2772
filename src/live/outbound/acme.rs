//! The guarded client, as the ACME library wants one.

use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};

use super::Outbound;

/// [`Outbound`] for calls to a certificate authority (RFC 8555).
pub struct AcmeTransport(pub Outbound);

impl HttpClient for AcmeTransport {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        let outbound = self.0.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await.map_err(|error| Error::Other(Box::new(error)))?;
            let request = Request::from_parts(parts, body.to_bytes());
            let answer = outbound.send(request).await;
            let answer = answer.map_err(|error| Error::Other(Box::new(error)))?;
            let (parts, body) = answer.into_parts();
            Ok(BytesResponse::from(Response::from_parts(parts, Full::new(body))))
        })
    }
}
