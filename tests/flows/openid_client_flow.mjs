// openid-client of npm as an application would use it: DPoP and PAR, with a nonce that the server asks for.
// Takes its setting as JSON in the first argument; prints the address for the browser, and reads the address
// that it came back to from its standard input.
import { strict as assert } from 'node:assert'
import { createInterface } from 'node:readline'
import { webcrypto } from 'node:crypto'
import { createRequire } from 'node:module'

globalThis.crypto ??= webcrypto
const here = createRequire(new URL('../node/package.json', import.meta.url))
const oidc = await import(here.resolve('openid-client'))

const setting = JSON.parse(process.argv[2])
const proof = setting.secret ? oidc.ClientSecretBasic(setting.secret) : oidc.None()
const config = await oidc.discovery(new URL(setting.issuer), setting.client_id, undefined, proof, {
  execute: [oidc.allowInsecureRequests],
})
const DPoP = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair(setting.alg))

const pkceCodeVerifier = oidc.randomPKCECodeVerifier()
const expectedState = oidc.randomState()
const expectedNonce = oidc.randomNonce()
const asked = {
  redirect_uri: setting.redirect_uri,
  scope: setting.scope,
  code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
  code_challenge_method: 'S256',
  state: expectedState,
  nonce: expectedNonce,
}
const away = await oidc.buildAuthorizationUrlWithPAR(config, asked, { DPoP })
assert.equal([...away.searchParams.keys()].sort().join(), 'client_id,request_uri')
console.log(away.href)

const lines = createInterface({ input: process.stdin })
const back = (await lines[Symbol.asyncIterator]().next()).value
lines.close()

const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true }
const tokens = await oidc.authorizationCodeGrant(config, new URL(back), checks, undefined, { DPoP })
assert.equal(tokens.token_type, 'dpop')
const { sub } = tokens.claims()

const me = await oidc.fetchUserInfo(config, tokens.access_token, sub, { DPoP })
assert.equal(me.sub, sub)

const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP })
assert.equal(renewed.token_type, 'dpop')
assert.notEqual(renewed.access_token, tokens.access_token)
await oidc.fetchUserInfo(config, renewed.access_token, sub, { DPoP })

// Another key opens nothing.
const stranger = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair(setting.alg))
await assert.rejects(oidc.fetchUserInfo(config, renewed.access_token, sub, { DPoP: stranger }))
// Neither does the token by itself.
const bare = await fetch(config.serverMetadata().userinfo_endpoint, {
  headers: { authorization: `Bearer ${renewed.access_token}` },
})
assert.equal(bare.status, 401)
console.log('done')
