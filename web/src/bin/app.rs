//! The pages that compute: a visitor of the first page loads this and no more.

fn main() {
    console_error_panic_hook::set_once();
    web::app::start(web::pages::computing);
}
