//! `portcullis openapi`: the description of the admin API.

use super::output;
use crate::endpoints::admin::api::openapi;

pub(super) const EXAMPLE: &str = "\
Example:
  portcullis openapi > openapi.json

A running server has it too, at /admin/api/v1/openapi.json.";

pub(super) fn run() -> anyhow::Result<()> {
    Ok(output::say(openapi::TEXT.as_str())?)
}
