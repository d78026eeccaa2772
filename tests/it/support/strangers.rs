//! Addresses that must not pass for a registered one (SECURITY.md T-1).

/// What makes another address of a registered one when it is put behind it.
const BEHIND: [&str; 18] = [
    "/",
    "?x=1",
    "?",
    "#f",
    "#",
    "%2f..",
    "/../cb",
    ";a",
    "%00",
    "%0d%0a",
    "\t",
    "\n",
    " ",
    "\\",
    "/%2e%2e/cb",
    "&x=1",
    "\u{0}",
    "\u{200b}",
];

/// What must not pass for `https://app.example` with this path.
pub fn strangers(path: &str) -> Vec<String> {
    let good = format!("https://app.example{path}");
    let whole = [
        format!("https://app.example/{}", path.to_uppercase().trim_start_matches('/')),
        format!("https://app.example/%63{}", &path[2..]),
        format!("https://app.example/x/..{path}"),
        format!("https://app.example//{}", &path[1..]),
        format!("https://app.example/./{}", &path[1..]),
        format!("https://app.example:443{path}"),
        format!("https://app.example:8443{path}"),
        format!("https://app.example:{path}"),
        format!("http://app.example{path}"),
        format!("HTTPS://app.example{path}"),
        format!("https://APP.example{path}"),
        format!("https://app.example.evil{path}"),
        format!("https://evil/app.example{path}"),
        format!("https://sub.app.example{path}"),
        format!("https://xapp.example{path}"),
        format!("https://app.example@evil{path}"),
        format!("https://evil@app.example{path}"),
        format!("https://@app.example{path}"),
        format!("https://evil\\@app.example{path}"),
        "https:\\\\evil".to_owned(),
        "https:/evil".to_owned(),
        "https:///evil".to_owned(),
        "///evil".to_owned(),
        format!("//evil{path}"),
        format!("//app.example{path}"),
        path.to_owned(),
        format!("https://app.example\u{3002}evil{path}"),
        format!("https://\u{430}pp.example{path}"),
        format!("https://xn--app-.example{path}"),
        format!("https://app.example.{path}"),
        format!("https://[::ffff:1.2.3.4]{path}"),
        format!("javascript:alert(1)//https://app.example{path}"),
        "data:text/html,x".to_owned(),
        format!(" {good}"),
        format!("\t{good}"),
        format!("{good},https://evil"),
        format!("https://app.example{path} https://evil"),
        "https://app.example".to_owned(),
        "https://app.example/".to_owned(),
        "*".to_owned(),
    ];
    let spoilt = BEHIND.iter().map(|tail| format!("{good}{tail}"));
    spoilt.chain(whole).collect()
}
