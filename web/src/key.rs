//! This browser's key: Ed25519 by `WebCrypto`, made once, kept in `IndexedDB`, and not exportable, not even by this page.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use js_sys::{Array, Function, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKeyPair, IdbDatabase, IdbRequest, IdbTransactionMode, SubtleCrypto};

const ALGORITHM: &str = "Ed25519";
const DATABASE: &str = "sweetspot";
const STORE: &str = "keys";
/// The only key that there is.
const NAME: &str = "signing";

/// Public key and signature of a message, both base64url without padding; a key is made where there is none.
pub async fn sign(message: &[u8]) -> Result<(String, String), String> {
    let subtle = subtle()?;
    let pair = pair(&subtle).await.map_err(|e| said("this browser keeps no key", &e))?;
    let signing = async {
        let public = JsFuture::from(subtle.export_key("raw", &pair.get_public_key())?).await?;
        let promise = subtle.sign_with_str_and_u8_array(ALGORITHM, &pair.get_private_key(), message)?;
        Ok((public, JsFuture::from(promise).await?))
    };
    let (public, value) = signing.await.map_err(|e: JsValue| said("this browser signs nothing", &e))?;
    let text = |bytes: &JsValue| BASE64URL_NOPAD.encode(&Uint8Array::new(bytes).to_vec());
    Ok((text(&public), text(&value)))
}

/// 16 random bytes as lower-case hex.
pub fn random_hex() -> Result<String, String> {
    let crypto = web_sys::window().and_then(|w| w.crypto().ok()).ok_or("this browser gives no random numbers")?;
    let mut bytes = [0; cards::NONCE_BYTES];
    crypto.get_random_values_with_u8_array(&mut bytes).map_err(|_| "this browser gives no random numbers")?;
    Ok(HEXLOWER.encode(&bytes))
}

/// What signs; a page that is not served securely has none.
fn subtle() -> Result<SubtleCrypto, String> {
    let crypto = web_sys::window().and_then(|w| w.crypto().ok());
    let subtle = crypto.map(|c| c.subtle()).filter(|s| !s.is_undefined());
    subtle.ok_or_else(|| {
        "this browser signs nothing on a page without https: open it there, or use `sweetspot sign`".to_owned()
    })
}

/// The key pair that is kept, or a new one that is kept from now on.
async fn pair(subtle: &SubtleCrypto) -> Result<CryptoKeyPair, JsValue> {
    let database = open().await?;
    let kept = done(&store(&database, IdbTransactionMode::Readonly)?.get(&NAME.into())?).await?;
    if !kept.is_undefined() {
        return Ok(kept.unchecked_into());
    }
    let uses = Array::of2(&"sign".into(), &"verify".into());
    let made = JsFuture::from(subtle.generate_key_with_str(ALGORITHM, false, &uses)?).await?;
    // Of two pages that make one at once, the first to keep it wins: a key that was shown is never replaced.
    let added = done(&store(&database, IdbTransactionMode::Readwrite)?.add_with_key(&made, &NAME.into())?).await;
    if added.is_ok() {
        return Ok(made.unchecked_into());
    }
    let kept = done(&store(&database, IdbTransactionMode::Readonly)?.get(&NAME.into())?).await?;
    if kept.is_undefined() { Err("it could not be stored".into()) } else { Ok(kept.unchecked_into()) }
}

async fn open() -> Result<IdbDatabase, JsValue> {
    let factory = web_sys::window().ok_or("no window")?.indexed_db()?.ok_or("no IndexedDB")?;
    let request = factory.open_with_u32(DATABASE, 1)?;
    let made = {
        let request = request.clone();
        Closure::once_into_js(move || {
            let database: Result<IdbDatabase, _> = request.result().map(JsCast::unchecked_into);
            // Where it fails, the request fails, and says so.
            let _ = database.and_then(|d| d.create_object_store(STORE));
        })
    };
    request.set_onupgradeneeded(Some(made.unchecked_ref::<Function>()));
    done(&request).await.map(JsCast::unchecked_into)
}

fn store(database: &IdbDatabase, mode: IdbTransactionMode) -> Result<web_sys::IdbObjectStore, JsValue> {
    database.transaction_with_str_and_mode(STORE, mode)?.object_store(STORE)
}

/// Waits for a request of the database.
async fn done(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    match JsFuture::from(promise).await {
        Ok(_) => request.result(),
        Err(_) => Err(request.error().ok().flatten().map_or(JsValue::NULL, Into::into)),
    }
}

fn said(what: &str, error: &JsValue) -> String {
    let why = error.dyn_ref::<js_sys::Error>().map(|e| String::from(e.message()));
    let why = why.or_else(|| error.dyn_ref::<web_sys::DomException>().map(web_sys::DomException::message));
    let why = why.or_else(|| error.as_string()).unwrap_or_else(|| "it gives no reason".to_owned());
    format!(
        "{what} ({why}): use `sweetspot sign`, or a browser with Ed25519 (Chrome 137, Firefox 129, Safari 17 or newer)"
    )
}
