//! A real browser without a screen: Chromium, driven by chromedriver.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::Method;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use url::{ParseError, Url};

use crate::support::port::Port;
use crate::support::server::{PASSWORD, Server};

/// How long a page may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
const FLAGS: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// Whether pages may run scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scripts {
    /// They may.
    On,
    /// The person turned them off.
    Off,
}

/// A Chromium with a profile of its own.
pub struct Chromium {
    /// For what the methods do not say.
    pub client: Client,
    driver: Child,
    /// The browser's process, until it is closed.
    browser: Option<Pid>,
    profile: PathBuf,
    _port: Port,
}

impl Chromium {
    /// A new one with an empty profile.
    pub async fn start(scripts: Scripts) -> Self {
        Self::start_with(scripts, &[]).await
    }

    /// The same with more flags.
    pub async fn start_with(scripts: Scripts, flags: &[&str]) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let profile = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("chromium-{}-{number}", std::process::id()));
        let port = Port::free();
        let mut driver = Command::new("chromedriver");
        driver.arg(format!("--port={}", port.number)).stdout(Stdio::null()).stderr(Stdio::null());
        let driver = driver.spawn().expect("chromedriver; tests/run installs it");
        let address = format!("http://127.0.0.1:{}", port.number);
        let capabilities = capabilities(&profile, scripts, flags);
        let mut tries = 0;
        let client = loop {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            match builder.capabilities(capabilities.clone()).connect(&address).await {
                Ok(client) => break client,
                // It does not listen at once.
                Err(_) if tries < 50 => tries += 1,
                Err(error) => panic!("Chromium does not start: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        let number = client.capabilities().and_then(|known| known["goog:processID"].as_i64());
        let browser = Pid::from_raw(i32::try_from(number.unwrap()).unwrap());
        Self { client, driver, browser, profile, _port: port }
    }

    /// Opens `address` and waits until it is loaded.
    pub async fn open(&self, address: &str) {
        self.client.goto(address).await.unwrap();
    }

    /// Goes to `address` as a link in the page does.
    pub async fn go_from_page(&self, address: &str) {
        let go = "location.href = arguments[0]";
        self.client.execute(go, vec![json!(address)]).await.unwrap();
    }

    /// The element that `css` names, once it is there.
    pub async fn find(&self, css: &str) -> Element {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await;
        match found {
            Ok(element) => element,
            Err(error) => panic!("no {css}: {error}\n{}", self.text().await),
        }
    }

    /// Types into the field called `name`.
    pub async fn fill(&self, name: &str, text: &str) {
        let css = format!("[name={name}]");
        self.once_there(&css, async |element| element.send_keys(text).await).await;
    }

    /// Presses what `css` names.
    pub async fn press(&self, css: &str) {
        self.once_there(css, async |element| element.click().await).await;
    }

    /// Does `act` with what `css` names, found again where the page was replaced in between.
    async fn once_there(
        &self,
        css: &str,
        act: impl AsyncFn(Element) -> Result<(), fantoccini::error::CmdError>,
    ) {
        for _ in 0..20 {
            match act(self.find(css).await).await {
                Err(error) if error.to_string().contains("stale element") => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                done => return done.unwrap(),
            }
        }
        panic!("{css} is replaced again and again");
    }

    /// What the page says.
    pub async fn text(&self) -> String {
        match self.client.find(Locator::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Waits until the page says `words`.
    pub async fn says(&self, words: &str) {
        for _ in 0..PATIENCE.as_millis() / 50 {
            if self.text().await.contains(words) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the page does not say {words:?}:\n{}", self.text().await);
    }

    /// The id of the element with the focus.
    pub async fn focused(&self) -> String {
        let element = self.client.active_element().await.unwrap();
        element.attr("id").await.unwrap().unwrap_or_default()
    }

    /// Fills in the sign-in page, in one step or in two.
    pub async fn give_password(&self, username: &str, password: &str) {
        let name = self.find("#username").await;
        if name.prop("value").await.unwrap().unwrap_or_default().is_empty() {
            name.send_keys(username).await.unwrap();
        }
        let field = self.find("#password").await;
        if !field.is_displayed().await.unwrap() {
            self.press("#login-submit").await;
        }
        field.send_keys(password).await.unwrap();
        self.press("#login-submit").await;
    }

    /// Types the code that everybody's authenticator shows. With scripts it sends itself.
    pub async fn give_code(&self, server: &Server, scripts: Scripts) {
        self.fill("code", &server.totp()).await;
        if scripts == Scripts::Off {
            self.press("#code-submit").await;
        }
    }

    /// Signs `username` in with everybody's password.
    pub async fn sign_in(&self, username: &str) {
        self.give_password(username, PASSWORD).await;
    }

    /// Speaks to the developer tools of the page.
    pub async fn tools(&self, command: &str, params: Value) -> Value {
        let command = Tools { command: command.to_owned(), params };
        self.client.issue_cmd(command).await.unwrap()
    }

    /// Shows the page as a device `width` CSS pixels wide would, in `theme` (`light`, `dark`).
    pub async fn look_like(&self, width: u32, theme: &str) {
        let size = json!({ "width": width, "height": 800, "deviceScaleFactor": 1,
            "mobile": width < 500 });
        self.tools("Emulation.setDeviceMetricsOverride", size).await;
        // Without motion nothing is seen half-way.
        let features = json!([{ "name": "prefers-color-scheme", "value": theme },
            { "name": "prefers-reduced-motion", "value": "reduce" }]);
        self.tools("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// A picture of the whole page, as PNG.
    pub async fn picture(&self) -> Vec<u8> {
        let whole = json!({ "format": "png", "captureBeyondViewport": true });
        let taken = self.tools("Page.captureScreenshot", whole).await;
        STANDARD.decode(taken["data"].as_str().unwrap()).unwrap()
    }

    /// Ends it in good order.
    pub async fn close(mut self) {
        self.client.clone().close().await.unwrap();
        self.browser = None;
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // A test that failed closed nothing, and the driver would leave its browser behind.
        if let Some(browser) = self.browser {
            let _ = kill_process(browser, Signal::KILL);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

#[tokio::test]
async fn a_test_that_fails_leaves_no_browser_behind() {
    let screen = Chromium::start(Scripts::On).await;
    let process = format!("/proc/{}/cmdline", screen.browser.unwrap().as_raw_nonzero());
    drop(screen);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(std::fs::read(process).unwrap_or_default().is_empty());
}

fn capabilities(profile: &Path, scripts: Scripts, more: &[&str]) -> serde_json::Map<String, Value> {
    let own = format!("--user-data-dir={}", profile.display());
    let flags: Vec<_> =
        FLAGS.into_iter().chain([own.as_str()]).chain(more.iter().copied()).collect();
    let mut options = json!({ "args": flags });
    if let Some(binary) = binary() {
        options["binary"] = json!(binary);
    }
    if scripts == Scripts::Off {
        let off = json!({ "profile.managed_default_content_settings.javascript": 2 });
        options["prefs"] = off;
    }
    let all = json!({ "browserName": "chrome", "goog:chromeOptions": options });
    serde_json::from_value(all).unwrap()
}

/// Where the browser usually is; elsewhere the driver looks itself.
fn binary() -> Option<&'static str> {
    let known = ["/usr/bin/chromium", "/usr/bin/google-chrome"];
    known.into_iter().find(|path| Path::new(path).exists())
}

/// chromedriver's own command for the developer tools.
#[derive(Debug)]
struct Tools {
    command: String,
    params: Value,
}

impl WebDriverCompatibleCommand for Tools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let body = json!({ "cmd": self.command, "params": self.params });
        (Method::POST, Some(body.to_string()))
    }
}
