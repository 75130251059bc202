//! SQL and rows of the register; functions take the connection first and give domain types.

mod aside;
mod call;
mod file;
mod insert;
mod list;
mod mark;
mod record;
mod reseal;
mod similar;
mod supplement;
mod timeline;
mod unit_leg;

pub use aside::{Urge, attempt, count_reveal, forgive, insert_reveal, insert_urge, next_block, urge_of_key};
pub use call::{
    SealedCall, TakenSeat, aged_calls, agent_at, appeals_of_call, call, calls_of, insert_call, leave_seat,
    lock_call, note_shown, reseal_call, save_call, seats, take_seat,
};
pub use file::{count_files, files, insert_file};
pub use insert::{INSERT, INSERTED, Inserted, NewAppeal, bind_new};
pub use list::{Area, Filter, Key, earlier, list};
pub use mark::{insert_mark, lock_mark, mark_of_telephone, marks, save_mark};
pub use record::{
    Name, Record, SealedPerson, find, lock, lock_standings, number_of_source, request_of_key, save,
    save_states,
};
pub use reseal::{ActiveKeys, aged, reseal};
pub use similar::{Similar, similar};
pub use supplement::{Supplement, insert_supplement, supplement_of_key};
pub use timeline::{entries, insert_lines};
pub use unit_leg::{holds, save_holdings};
