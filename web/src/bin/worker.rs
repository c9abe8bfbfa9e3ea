//! The dedicated worker that computes.

fn main() {
    console_error_panic_hook::set_once();
    web::worker::listen();
}
