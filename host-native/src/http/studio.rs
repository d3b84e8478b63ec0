//! The page: the built studio, which is in the binary. Compressed ahead, with ETags, and with a policy that lets it load nothing
//! from anywhere else.

use std::path::PathBuf;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::{Problem, guard, problem};

/// A file of the built studio.
struct Asset {
    path: &'static str,
    plain: &'static [u8],
    gzip: Option<&'static [u8]>,
    brotli: Option<&'static [u8]>,
}

/// A file, and the beginning of its hash.
struct Tagged {
    asset: &'static Asset,
    tag: String,
}

/// Makes the router of the page and one log file, for this machine alone.
pub fn studio_of_file(path: PathBuf) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/icon.svg", get(icon))
        .route("/assets/{name}", get(file))
        .route("/log", get(log))
        .layer(from_fn(guard::check_local))
        .layer(from_fn(problem::finish))
        .with_state(path)
}

/// Answers the log file.
async fn log(State(path): State<PathBuf>) -> Result<Response, Problem> {
    let bytes = tokio::fs::read(&path).await;
    let wrong = |error| Problem::not_found(format!("{}: {error}", path.display()));
    let mut response = bytes.map_err(wrong)?.into_response();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name: String = name.chars().filter(|it| it.is_ascii_graphic() && *it != '"').collect();
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    response.headers_mut().extend(disposition.map(|it| (header::CONTENT_DISPOSITION, it)));
    protect(response.headers_mut());
    Ok(response)
}

/// Answers the page itself.
pub async fn page(headers: HeaderMap) -> Response {
    match find("index.html") {
        Some(asset) => serve(asset, &headers),
        None => unbuilt(),
    }
}

/// Answers one of the files that the page loads.
pub async fn file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let path = format!("assets/{name}");
    match find(&path) {
        Some(asset) => serve(asset, &headers),
        None => Problem::not_found("expected a file of the studio, found none").into_response(),
    }
}

/// Answers the icon of the page.
pub async fn icon(headers: HeaderMap) -> Response {
    match find("icon.svg") {
        Some(asset) => serve(asset, &headers),
        None => Problem::not_found("expected an icon, found none").into_response(),
    }
}

fn find(path: &str) -> Option<&'static Tagged> {
    ASSETS.iter().find(|it| it.asset.path == path)
}

fn serve(Tagged { asset, tag }: &'static Tagged, headers: &HeaderMap) -> Response {
    let accepts = |coding: &str| accepts(headers, coding);
    let (body, coding) = match (asset.brotli, asset.gzip) {
        (Some(bytes), _) if accepts("br") => (bytes, Some("br")),
        (_, Some(bytes)) if accepts("gzip") => (bytes, Some("gzip")),
        _ => (asset.plain, None),
    };
    // The names of assets change with their content; the page must be asked for again.
    let is_named_by_content = asset.path.starts_with("assets/");
    let cache =
        if is_named_by_content { "public, max-age=31536000, immutable" } else { "no-cache" };
    // Each coding is another representation, so each has another tag.
    let tag = format!("\"{tag}{}\"", coding.map(|it| format!("-{it}")).unwrap_or_default());
    let known = headers.get(header::IF_NONE_MATCH).and_then(|it| it.to_str().ok());
    let is_known = known.is_some_and(|it| it.split(',').any(|it| it.trim() == tag));
    let mut response =
        if is_known { StatusCode::NOT_MODIFIED.into_response() } else { body.into_response() };
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(asset.path)));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    out.extend(HeaderValue::from_str(&tag).map(|tag| (header::ETAG, tag)));
    out.extend(coding.map(|it| (header::CONTENT_ENCODING, HeaderValue::from_static(it))));
    protect(out);
    response
}

/// Tells how the page is built where it was not.
fn unbuilt() -> Response {
    let mut response = UNBUILT.into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    protect(out);
    response
}

fn protect(headers: &mut HeaderMap) {
    for (name, value) in PROTECTION {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter();
    let mut accepted = accepted.filter_map(|it| it.to_str().ok()).flat_map(|it| it.split(','));
    accepted.any(|it| {
        let (name, quality) = it.split_once(';').unwrap_or((it, ""));
        let is_refused = quality
            .trim()
            .strip_prefix("q=")
            .is_some_and(|it| it.trim().parse::<f32>().is_ok_and(|quality| quality <= 0.0));
        name.trim().eq_ignore_ascii_case(coding) && !is_refused
    })
}

fn hash(asset: &Asset) -> String {
    blake3::hash(asset.plain).to_hex().chars().take(TAG_DIGITS).collect()
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

/// The files of the studio, and the hash of each.
static ASSETS: LazyLock<Vec<Tagged>> = LazyLock::new(|| {
    let tagged = |asset| Tagged { tag: hash(asset), asset };
    FILES.iter().map(tagged).collect()
});

const PROTECTION: [(header::HeaderName, &str); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; connect-src 'self'; worker-src 'self'; font-src 'self'; \
         form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

const UNBUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>dacapo</title>\
    <h1>This server was built without its studio</h1>\
    <p>Its API is here all the same: <code>/v2</code>, <code>/v1/log</code>.</p>\
    <p>To have the page, with Node.js 20 or newer on the machine: <code>cargo xtask studio</code>, then build the \
    server again; or <code>cargo xtask dev</code>, which does both.</p></html>\n";

const TAG_DIGITS: usize = 20;

static FILES: &[Asset] = &include!(concat!(env!("OUT_DIR"), "/studio.rs"));
