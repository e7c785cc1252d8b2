//! Texts without secrets that mention secrets.

use super::choices::Choices;

/// Texts that must not change. `{}` stands for a random harmless value.
const TEXTS: [&str; 71] = [
    "the token is missing",
    "The access token of {} has expired.",
    "No API key was given; see {}",
    "Secrets are masked.",
    "add `AccessToken`: it is required here",
    "`Data.AccessToken` is missing",
    "warning[token-shape]: `Data.ApiKey` has another shape",
    "error[missing-property]: `Data.ApiKey` is missing; expected a string",
    "{\"AccessToken\": null, \"Id\": \"{}\"}",
    "{\"AccessToken\": true, \"Id\": \"{}\"}",
    "{\"ApiKey\":false,\"Id\":\"{}\"}",
    "{\"ApiKey\": \"\", \"Id\": \"{}\"}",
    "{'AccessToken': None, 'Id': '{}'}",
    "access_token=null&id=1",
    "access_token=&id={}",
    "{\"TokenCount\": 3}",
    "{\"TokenType\": \"Bearer\", \"Id\": \"{}\"}",
    "{\"token_type\": \"bearer\"}",
    "{\"TokenExpiresUtc\": \"2026-01-05T10:11:12Z\"}",
    "{\"IsTokenValid\": true}",
    "{\"ApiKeyId\": \"{}\"}",
    "{\"ApiKeyName\": \"{}\"}",
    "{\"PasswordChangedUtc\": \"2026-01-05T10:11:12Z\"}",
    "{\"SecretaryName\": \"{}\"}",
    "{\"Keyboard\": \"{}\", \"Monkey\": \"{}\"}",
    "{\"CookieConsent\": \"{}\"}",
    "{\"Author\": \"{}\", \"Authority\": \"{}\"}",
    "{\"SignatureDate\": \"2026-01-05\"}",
    "{\"Code\": \"{}\", \"Key\": \"{}\"}",
    "{\"Action\": \"IntegrationApiKeyCreated\", \"Data\": {\"Note\": \"{}\"}}",
    "{\"name\": \"Host\", \"value\": \"{}\"}",
    "{\"name\": \"Content-Type\", \"value\": \"application/json\"}",
    "{\"key\": \"page\", \"value\": \"{}\"}",
    "https://example.com/connector-api?page=2&note={}",
    "https://example.com/a@b?encode={}&monkey=1",
    "https://docs.mews.com/connector-api/events/wh-integration#tokens",
    "https://docs.mews.com/connector-api?a=key&b=token",
    "https://example.com:443/token/{}",
    "https://example.com/?next=https%3A%2F%2Fexample.org%3Fpage%3D{}",
    "key=1, code=2",
    "code: 404, key: 7",
    "status code=200 {}",
    "author=Jane page={}",
    "Basic information about {}",
    "Bearer tokens are supported",
    "Basic authentication is switched off",
    "Forgot your password?",
    "the signature of the request is invalid",
    "a secret handshake in {}",
    "Host: example.com\r\nContent-Type: application/json\r\nX-Request-Id: {}\r\n",
    "<Note>{}</Note><TokenCount>3</TokenCount>",
    "<a href=\"https://example.com/?page=1&amp;note={}\">token</a>",
    "&quot;Note&quot;:&quot;{}&quot;",
    "851df8c8-90f2-4c4a-8e01-a4fc46b25178",
    "851DF8C8-90F2-4C4A-8E01-A4FC46B25178, {851df8c8-90f2-4c4a-8e01-a4fc46b25178}",
    "851df8c890f24c4a8e01a4fc46b25178",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "2026-01-05T10:11:12Z",
    "4f5c2a1e0b-7d96",
    "2026-01-05-10-11-12",
    "mewshook validate --show-secrets {}.json",
    "note: --show-secrets shows tokens and keys",
    "\"ApiKey\" is missing, \"{}\" is there",
    "WWW-Authenticate: Bearer realm=\"{}\", error=\"invalid_token\"",
    "{\"error\": \"invalid_token\", \"error_description\": \"The access token expired\"}",
    "{\"required\": [\"AccessToken\", \"ApiKey\", \"{}\"], \"type\": \"object\"}",
    "{\"grant_type\": \"password\", \"scope\": \"{}\"}",
    "Vary: Cookie, Accept\r\nAccess-Control-Allow-Headers: Authorization, {}\r\n",
    "<input name=\"password\" type=\"password\" id=\"{}\"/>",
    "TOKEN",
    "token, secret, password and api key of {}",
];

/// Returns a text without secrets, perhaps nested in another.
pub fn text(choices: &mut Choices) -> String {
    let mut text = choices.choose(&TEXTS).to_owned();
    while text.contains("{}") {
        text = text.replacen("{}", &choices.harmless_value().replace(':', ""), 1);
    }
    for _ in 0..choices.below(3) {
        text = match choices.below(4) {
            0 => {
                let escapes = choices.escapes();
                format!("{{\"log\": \"{}\"}}", super::encode::json(&text, escapes))
            }
            1 => format!("{}{text}", super::nesting::prefix(choices)),
            2 => format!("{}\n{text}\n", super::single::harmless_line(choices)),
            _ => format!("<log>{}</log>", super::encode::entities(&text, "&quot;")),
        };
    }
    text.retain(|character| !super::marked::is_mark(character));
    text
}
