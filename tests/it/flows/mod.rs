//! Whole flows with clients and a browser that are not ours.

mod accessibility;
mod account;
mod authlib;
mod bound_session;
mod browser;
mod chromium;
mod openid_client;
mod openidconnect;
mod passkey;
mod relying_party;
mod second_step;
mod walk;
mod ways;
