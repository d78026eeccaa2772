# Somebody guesses the codes of a second factor

mail-paused-subject = Your second step at { $host } is paused
mail-paused-why = Somebody who knows your password typed many wrong codes at { $host }.
mail-paused-done = We have paused the codes, so that the guessing cannot go on.
mail-paused-do = Set a new password to go on. The page works once, within 15 minutes; later you can ask for another one where you sign in.

# What to do whose doing it was not

mail-not-you = If it was not you, sign in, choose a new password and look at your sessions.

# An authenticator was added or removed, recovery codes were made

mail-factor-added-subject = New authenticator at { $host }
mail-factor-added-why = An authenticator was added to your account at { $host }.
mail-factor-removed-subject = Authenticator removed at { $host }
mail-factor-removed-why = An authenticator was removed from your account at { $host }, and you were signed out everywhere else.
mail-codes-renewed-subject = New recovery codes at { $host }
mail-codes-renewed-why = New recovery codes were made for your account at { $host }. The old ones do not work any more.

# A session was reported as a stranger's

mail-disowned-subject = A stranger was signed out at { $host }
mail-disowned-why = A session of your account at { $host } was reported as not yours.
mail-disowned-done = We have ended it and all others, and taken back what apps were allowed in them.
mail-disowned-do = Choose a new password now: somebody may know the old one.

# The account is on its way out

mail-closing-subject = Your account at { $host } will be deleted
mail-closing-why = Your account at { $host } is going to be deleted, as you asked.
mail-closing-do = If you change your mind, or if it was not you, sign in and keep it. Once it is deleted nobody can bring it back.

# Passkeys and security keys

mail-key-added-subject = A key was added to your account at { $host }
mail-key-added-why = A passkey or security key was added to your account at { $host }: { $label }
mail-key-added-do = If this was not you, remove it under Passkeys in your account, sign out everywhere, and tell your administrator.
mail-key-removed-subject = A key was removed from your account at { $host }
mail-key-removed-why = A passkey or security key was removed from your account at { $host }: { $label }
mail-key-removed-do = If this was not you, change your password and tell your administrator.
mail-device-removed-subject = A device was removed from your account at { $host }
mail-device-removed-why = A device was removed from your account at { $host }, and with it all that was bound to it: { $label }
mail-device-removed-do = If this was not you, change your password and tell your administrator.
mail-key-copied-subject = A key of yours at { $host } may have been copied
mail-key-copied-why = Somebody signed in, or tried to, at { $host } with a key of yours that counts its uses, and the count did not fit: { $label }
mail-key-copied-do = There may be a copy of it. Remove it under Passkeys in your account and add it anew.
mail-cookies-copied-subject = Somebody had a copy of your sign-in at { $host }
mail-cookies-copied-why = Somebody used the cookies of a browser in which you were signed in at { $host }, without the key that this device holds. They got nothing: that browser is signed out, and so are the applications that you allowed in it.
mail-cookies-copied-do = If you know nothing of this, a program on your device may read what your browsers keep. Have it looked at, and change your password from another device.

# In every letter

mail-was-not-you = Was this not you?
mail-by-hand = Or copy this address into your browser:
mail-why-account = You get this mail because of your account at { $host }.
mail-why-safety = You get this mail because it is about the safety of your account at { $host }.

# Links that were asked for

mail-reset-subject = Set a new password for { $host }
mail-reset-do = Open the page below and choose a new password. It works once, within 15 minutes.
mail-reset-factor = Your second step stays as it is: you are asked for it when you sign in.
mail-reset-button = Set a new password
mail-reset-why = You get this mail because somebody asked for it at { $host }. If it was not you, leave it: nothing has changed.
mail-unlock-subject = Sign in to { $host } all the same
mail-unlock-what = Somebody tried many wrong passwords for your account, so browsers that we do not know have to wait. Browsers in which you signed in before are not affected.
mail-unlock-do = To sign in from a new one, open the page below in it. It works once, within 15 minutes.
mail-unlock-button = Let this browser in
mail-verify-subject = Confirm your e-mail address for { $host }
mail-verify-do = Open the page below to confirm that this address is yours. It works for 24 hours.
mail-verify-button = Confirm the address
mail-verify-why = You get this mail because an account at { $host } has this address. If it is not yours, leave it.
mail-address-subject = Confirm your new e-mail address for { $host }
mail-address-do = Open the page below to use this address from now on. It works for 24 hours.
mail-address-button = Use this address
mail-address-why = You get this mail because somebody gave this address as their new one at { $host }. If it was not you, leave it.

# New people

mail-signup-subject = Finish signing up at { $host }
mail-signup-do = Open the page below to choose a user name and a password. It works for 24 hours.
mail-signup-button = Finish signing up
mail-signup-why = You get this mail because somebody signed up with this address at { $host }. If it was not you, leave it: no account is made.
mail-known-subject = You have an account at { $host } already
mail-known-what = Somebody signed up with this address, but it has an account already. Sign in with your user name or this address.
mail-known-do = If you do not know your password any more, you can set a new one on that page.
mail-known-button = Sign in
mail-known-why = You get this mail because somebody signed up with this address at { $host }.
mail-invite-subject = You are invited to { $host }
mail-invite-do = An administrator made a place for you. Open the page below to set up your account. It works for 7 days.
mail-invite-button = Set up your account
mail-invite-why = You get this mail because an administrator of { $host } gave your address.

# What happened to an account

mail-password-subject = Your password was changed at { $host }
mail-password-what = Your password was changed on { $when }.
mail-asked-subject = A new e-mail address was asked for at { $host }
mail-asked-what = On { $when } somebody who is signed in to your account asked to give it another e-mail address. It stays as it is until the mail to the new address is opened.
mail-moved-subject = Your e-mail address was changed at { $host }
mail-moved-what = Your e-mail address was changed on { $when }.
mail-device-subject = Your account was used in a new browser at { $host }
mail-device-what = { $label }, from { $from }, on { $when }.
mail-device-do = If it was you, there is nothing to do.
