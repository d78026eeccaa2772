# Why more is asked of somebody who is signed in

mfa-more = { $client } asks for a stronger sign-in.
mfa-more-api = { $client } asks for a stronger sign-in, to use { $apis }.
mfa-step = A second step is required for { $client }.
mfa-step-api = A second step is required for { $client }, to use { $apis }.
mfa-recent = { $client } asks for a recent sign-in.
mfa-recent-api = { $client } asks for a recent sign-in, to use { $apis }.
mfa-choose = Choose the account for { $client }.
mfa-other = { $client } expects another account.
mfa-again = Sign in again to go on.

# The ways to take the second step

mfa-way-mail = Get a code by e-mail
mfa-way-key-hint = Your fingerprint, face or PIN, or a touch
mfa-way-app-hint = Six digits from the app
mfa-way-mail-hint = Eight digits, sent to your address

# A code by mail

mfa-mail-intro = We send eight digits to { $address }. They work once, here, for ten minutes.
mfa-mail-sent = We sent eight digits to { $address }. They work for ten minutes.
mfa-mail-send = Send the code
mfa-mail-again = Send a new code
mfa-mail-label = Eight-digit code
mfa-mail-hint = From the newest mail: an older code does not work any more.
mfa-mail-wrong = That code is not right, or it is over. Look for the newest mail, or send a new code.
mail-code-subject = Your sign-in code for { $host }
mail-code-why = Your code to sign in at { $host }:
mail-code-digits = { $label }
mail-code-how = It works once, for ten minutes, on the page that asked for it. Never tell it to anybody: nobody from { $host } will ask you for it.
mail-code-not-you = You did not sign in? Then somebody knows your password: change it.

# A browser that is trusted

mfa-trust =
    { $days ->
        [one] Don’t ask again on this device for a day
       *[other] Don’t ask again on this device for { $days } days
    }
mfa-trust-hint = Only on a device that is yours alone.

# An enrolment that is put off

mfa-later = Not now
mfa-later-until = You can put this off until { $date }. After that you cannot sign in without it.
