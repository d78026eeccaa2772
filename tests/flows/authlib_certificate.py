"""An application on Authlib that proves itself by a certificate and gets tokens that are bound to it.

The one argument is JSON: address (where certificates are asked for), client_id, cert, key, ca.
"""

import base64
import hashlib
import json
import ssl
import sys

import requests
from authlib.integrations.requests_client import OAuth2Session

setting = json.loads(sys.argv[1])
token_endpoint = setting["address"] + "/oauth2/token"
session = OAuth2Session(setting["client_id"], token_endpoint_auth_method="none")
session.cert = (setting["cert"], setting["key"])
session.verify = setting["ca"]
session.trust_env = False
token = session.fetch_token(token_endpoint, grant_type="client_credentials")

payload = token["access_token"].split(".")[1]
claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
with open(setting["cert"], encoding="ascii") as file:
    own = hashlib.sha256(ssl.PEM_cert_to_DER_cert(file.read())).digest()
assert claims["cnf"]["x5t#S256"] == base64.urlsafe_b64encode(own).rstrip(b"=").decode(), claims

bare = requests.Session()
bare.trust_env = False
fields = {"grant_type": "client_credentials", "client_id": setting["client_id"]}
refused = bare.post(token_endpoint, data=fields, verify=setting["ca"])
assert refused.status_code == 401 and refused.json()["error"] == "invalid_client", refused.text
