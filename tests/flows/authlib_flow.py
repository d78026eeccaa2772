"""An application on Authlib: signs people in, refreshes, introspects and revokes.

The one argument is JSON: issuer, redirect_uri, username, password, totp_key, and for each client its id,
its secret or private key, and how it authenticates. Ends with 0 when everything held.
"""

import base64
import hashlib
import hmac
import json
import re
import struct
import sys
import time
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, JsonWebToken
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import OpenIDProviderMetadata


def totp(key, step):
    """The code of RFC 6238 for a step of 30 seconds."""
    mac = hmac.new(base64.b32decode(key), struct.pack(">Q", step), hashlib.sha1).digest()
    start = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[start:start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


class Form(HTMLParser):
    """The first form of a page: where it goes and what is in it."""

    def __init__(self, page):
        super().__init__()
        self.action, self.fields, self.is_over = None, {}, False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form" and self.action is None:
            self.action = attrs["action"]
        if tag == "input" and "name" in attrs and not self.is_over:
            self.fields[attrs["name"]] = attrs.get("value", "")

    def handle_endtag(self, tag):
        self.is_over = self.is_over or tag == "form"


class Person:
    """Somebody at a browser."""

    def __init__(self, setting):
        self.setting = setting
        self.browser = requests.Session()

    def send(self, method, address, fields=None, **headers):
        """One request. Cookies go by hand: browsers count http on localhost as secure."""
        pairs = [f"{cookie.name}={cookie.value}" for cookie in self.browser.cookies]
        headers = headers | {"cookie": "; ".join(pairs)}
        return self.browser.request(
            method, address, data=fields, headers=headers, allow_redirects=False
        )

    def go_through(self, address):
        """Answers what is asked until the application is reached; gives the address."""
        answer = self.send("GET", address)
        for _ in range(12):
            if answer.is_redirect:
                location = urljoin(answer.url, answer.headers["location"])
                if location.startswith(self.setting["redirect_uri"]):
                    return location
                answer = self.send("GET", location)
            else:
                answer = self.fill_in(answer)
        raise AssertionError(f"no end: {answer.status_code} {answer.text}")

    def fill_in(self, page):
        form = Form(page.text)
        assert form.action, f"no form: {page.status_code} {page.text}"
        if "password" in form.fields:
            form.fields |= {key: self.setting[key] for key in ("username", "password")}
        elif "code" in form.fields:
            form.fields["code"] = totp(self.setting["totp_key"], self.fresh_step())
        else:
            form.fields["decision"] = "allow"
        action = urljoin(page.url, form.action)
        return self.send("POST", action, form.fields, origin=self.setting["issuer"])

    def fresh_step(self):
        """This step, or the next one where this one was used: that takes its time to come."""
        last = self.setting.get("last_step", 0)
        while int(time.time() // 30) <= last:
            time.sleep(0.5)
        self.setting["last_step"] = int(time.time() // 30)
        return self.setting["last_step"]


class ShortAssertion(PrivateKeyJWT):
    """Authlib's assertions live for an hour, this server takes five minutes at most."""

    def sign(self, auth, token_endpoint):
        claims = {"exp": int(time.time()) + 60}
        return PrivateKeyJWT(claims=claims, alg="ES256").sign(auth, token_endpoint)


class Application:
    """A client of the server, which knows the issuer's address and nothing else."""

    def __init__(self, setting, client):
        self.setting, self.client = setting, client
        document = requests.get(setting["issuer"] + "/.well-known/openid-configuration").json()
        self.server = OpenIDProviderMetadata(document)
        # Authlib wants https there; this server is on localhost.
        assert self.server["issuer"] == setting["issuer"]
        self.server.validate_response_types_supported()
        self.server.validate_subject_types_supported()
        self.server.validate_id_token_signing_alg_values_supported()
        self.server.validate_code_challenge_methods_supported()
        self.keys = JsonWebKey.import_key_set(requests.get(self.server["jwks_uri"]).json())
        self.session = self.new_session()

    def new_session(self):
        method = self.client["method"]
        session = OAuth2Session(
            self.client["id"],
            self.client["secret"],
            scope=self.client["scope"],
            redirect_uri=self.setting["redirect_uri"],
            token_endpoint_auth_method=method,
            revocation_endpoint_auth_method=method,
            code_challenge_method="S256",
        )
        if method == "private_key_jwt":
            endpoint = self.server["token_endpoint"]
            session.register_client_auth_method(ShortAssertion(endpoint))
        return session

    def sign_in(self, person):
        verifier, nonce = generate_token(48), generate_token()
        address, _ = self.session.create_authorization_url(
            self.server["authorization_endpoint"], code_verifier=verifier, nonce=nonce
        )
        reached = person.go_through(address)
        assert re.search(r"[?&]iss=", reached), reached
        # Compares the state, too.
        tokens = self.session.fetch_token(
            self.server["token_endpoint"], authorization_response=reached, code_verifier=verifier
        )
        return self.verify(tokens, nonce)

    def verify(self, tokens, nonce):
        claims = JsonWebToken(["RS256", "ES256"]).decode(
            tokens["id_token"],
            self.keys,
            claims_cls=CodeIDToken,
            claims_options={
                "iss": {"essential": True, "value": self.setting["issuer"]},
                "aud": {"essential": True, "value": self.client["id"]},
                "at_hash": {"essential": True},
                "auth_time": {"essential": True},
            },
            claims_params={
                "nonce": nonce,
                "client_id": self.client["id"],
                "access_token": tokens["access_token"],
            },
        )
        claims.validate(leeway=5)
        return claims

    def is_active(self, token):
        answer = self.session.introspect_token(self.server["introspection_endpoint"], token=token)
        assert answer.status_code == 200, answer.text
        return answer.json()["active"]

    def revoke(self, token, hint):
        answer = self.session.revoke_token(
            self.server["revocation_endpoint"], token=token, token_type_hint=hint
        )
        assert answer.status_code == 200, answer.text


def run(setting, client):
    """All that an application does with one sign-in."""
    application = Application(setting, client)
    claims = application.sign_in(Person(setting))
    assert claims["amr"] == ["pwd", "otp", "mfa"], claims
    person = application.session.get(application.server["userinfo_endpoint"])
    assert person.status_code == 200, person.text
    assert person.json()["sub"] == claims["sub"]
    first = dict(application.session.token)
    fresh = application.session.refresh_token(application.server["token_endpoint"])
    assert fresh["access_token"] != first["access_token"]
    assert application.is_active(fresh["access_token"])
    application.revoke(fresh["refresh_token"], "refresh_token")
    assert not application.is_active(fresh["access_token"])
    try:
        application.session.refresh_token(application.server["token_endpoint"])
        raise AssertionError("a revoked refresh token was taken")
    except OAuthError as refused:
        assert refused.error == "invalid_grant", refused


def main():
    setting = json.loads(sys.argv[1])
    for client in setting["clients"]:
        run(setting, client)
        print(client["id"], client["method"], "ok")


main()
