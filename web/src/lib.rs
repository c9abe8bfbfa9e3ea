//! The browser app: pages in Leptos, and the engine in a dedicated worker behind one message enum.
//!
//! State is plain and tested natively; views are thin. Only this crate knows the DOM.

pub mod app;
pub mod bridge;
pub mod components;
pub mod corpus;
pub mod dom;
pub mod examples;
pub mod fetched;
pub mod key;
pub mod message;
pub mod models;
pub mod pages;
pub mod presence;
pub mod source;
pub mod state;
pub mod storage;
pub mod texts;
pub mod worker;
