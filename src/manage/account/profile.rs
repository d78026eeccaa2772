//! What a person says of themselves.

use serde_json::json;

use crate::identity::profile::Field;
use crate::identity::user::User;
use crate::manage::{Cx, Done, Invalid, ManageError, Result, Told};
use crate::store::users;

/// Makes the claims what was typed, field by field; the others stay. The audit log is told which
/// changed, not to what.
pub async fn update(cx: &Cx<'_>, typed: &[(Field, &str)]) -> Result<Done<User>> {
    let owner = cx.owner()?;
    let mut parsed = Vec::with_capacity(typed.len());
    for (field, text) in typed {
        let unfit = |unfit: crate::identity::profile::Unfit| {
            Invalid::new(field.claim(), unfit.to_string(), "")
        };
        parsed.push((*field, field.parse(text).map_err(unfit)?));
    }
    let mut tx = cx.begin().await?;
    let user = users::hold(&mut tx, owner.id).await?.ok_or(ManageError::NotFound("user"))?;
    let mut after = user.clone();
    for (field, value) in parsed {
        field.put(&mut after.claims, value);
    }
    if after.claims == user.claims {
        return Ok(Done::new(user, []));
    }
    let changed = |field: &Field| user.claims.get(field.claim()) != after.claims.get(field.claim());
    let fields: Vec<_> = Field::ALL.into_iter().filter(changed).map(Field::claim).collect();
    after.updated_at = cx.now;
    users::update(&mut *tx, &after).await?;
    let told = Told::user("profile.update", owner.id, json!({ "fields": fields }));
    cx.tell(&mut tx, told).await?;
    tx.commit().await?;
    Ok(Done::new(after, []))
}
