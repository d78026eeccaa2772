# The sign-in page

sign-in = Sign in
sign-in-to = Sign in to { $client }
user-name = User name
password = Password
sign-in-no-match = That user name and password do not match.
sign-in-confirm = Confirm that it is you before you change your account.
sign-in-wait =
    { $seconds ->
        [one] Too many tries. Wait a second, or use your passkey.
       *[other] Too many tries. Wait { $seconds } seconds, or use your passkey.
    }
wait =
    { $seconds ->
        [one] Too many tries. Wait a second, then try again.
       *[other] Too many tries. Wait { $seconds } seconds, then try again.
    }

# A code of the authenticator

code-title = Enter your code
code-intro = Open your authenticator app and type the six digits it shows for { $account }.
code-label = Six-digit code
code-hint = A new code appears every 30 seconds.
code-wrong = That code is not right, or it was used before. Wait for the next one.
code-paused = Too many wrong codes. This second step is paused: set a new password by the link that we sent you, and go on then.
code-start-over = Sign in as somebody else

# A recovery code

recovery-page-title = Recovery code
recovery-title = Use a recovery code
recovery-intro = Type one of the codes you stored when you set up your authenticator. Each works once.
recovery-left =
    { $count ->
        [0] You have none left.
        [one] You have one left.
       *[other] You have { $count } left.
    }
recovery-label = Recovery code
recovery-hint = Capital letters, spaces and dashes do not matter.
recovery-wrong = That code is not right, or it was used before. Try another one.

# Enrolling an authenticator

enrol-title = Set up your authenticator
enrol-why-account = Your account needs a second step.
enrol-why-administrator = An administrator signs in with a password and a second step.
enrol-scan = Scan the picture with an authenticator app such as Google Authenticator, 1Password or Aegis.
enrol-picture = QR code for your authenticator app
enrol-cannot-scan = Cannot scan it? Type the key
enrol-copy-key = Copy the key
enrol-key-facts = Account { $account }, time based, six digits.
enrol-code-label = Code from the app
enrol-code-hint = Type the six digits the app shows now, to prove that it works.
enrol-confirm = Confirm
enrol-wrong = That code is not right. Check that your device’s clock is set automatically.

# The recovery codes, shown once

codes-page-title = Your recovery codes
codes-title = Store your recovery codes
codes-intro = If you lose your phone, one of these codes signs you in. Each works once. They are shown only now.
codes-download = Download
codes-file = recovery-codes.txt
codes-print = Print
codes-copy = Copy
codes-stored = I have stored them in a safe place

# Allowing an application

consent-page-title = Allow { $client }?
consent-title = Allow { $client } to use your account?
consent-account = You are signed in as { $account }. It will be able to:
consent-sensitive = Think twice: this reaches far.
consent-lasting = It keeps this access after you sign out, until it is taken back.
consent-session = This access ends when you sign out.
consent-no-host = an app on this device
consent-links = From { $client }:
allow = Allow
deny = Deny
scope-openid = Know who you are here
scope-profile = See your name and profile
scope-email = See your e-mail address
scope-phone = See your phone number
scope-address = See your postal address
scope-offline = Keep access when you are not there

# Signing out

sign-out = Sign out
sign-out-title = Sign out?
sign-out-asked = { $client } asks to sign you out.
sign-out-account = You are signed in as { $account }.
sign-out-effect = Applications that use this sign-in will ask again.
sign-out-stay = Stay signed in
signed-out-page-title = Signed out
signed-out-title = You are signed out
signed-out-all = Applications that used this sign-in will ask you again.
signed-out-client = { $client } and other applications that used this sign-in will ask you again.
signed-out-shared = On a computer that others use, close the browser too.
still-page-title = Still signed in
still-title = You are still signed in
still-text = Nothing has changed. You can go back to what you were doing.

# On the way back to an application

back-to = Back to { $client }
back-by-hand = If nothing happens, press Continue.

# Who is not let into the console

forbidden-page-title = Administrators only
forbidden-title = This is for administrators
forbidden-text = You are signed in as { $account }, who does not administer this server. Ask an administrator for the role, or sign in as somebody else.

# An account on its way out

closed-title = Your account will be deleted
closed-text = You are signed out everywhere. The account is erased on { $date }.
closed-do = If you change your mind before that, sign in and keep it.
closing-title = Keep your account?
closing-text = { $account } is going to be erased on { $date }, as you asked. Until you keep it, nothing else works.
closing-keep-it = Keep my account
closing-let-go = Let it be deleted and sign out

one-moment = One moment
one-moment-why = Your browser shows that it holds the key of your session.
unbound-title = Your session must be bound to this device
unbound-text = You are signed in as { $account }. Administrators' sessions are bound to a key of their device here, and this browser has made none.
unbound-mend = Chrome and Edge can do this, on a computer whose hardware keeps keys. Sign out, and sign in again with such a browser.
unbound-wait = Your session is being bound to this device.
