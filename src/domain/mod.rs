//! The words everyone may use: what is asked, what comes back, and what is concluded. Imports no other room.

pub mod address;
pub mod attachment;
pub mod budget;
pub mod conversation;
pub mod cost;
pub mod fault;
pub mod ids;
pub mod kind;
pub mod markdown;
pub mod member;
pub mod money;
pub mod nearest;
pub mod opinion;
pub mod prompt;
pub mod record;
pub mod response;
pub mod stand;
pub mod stream;
pub mod tokens;
pub mod turn;
pub mod unsafe_text;
pub mod usage;
pub mod verdict;
