# Somebody guesses the codes of a second factor

mail-paused-subject = Your second step at { $host } is paused
mail-paused-why = Somebody who knows your password typed many wrong codes at { $host }.
mail-paused-done = We have paused your authenticator, so that the guessing cannot go on.
mail-paused-do = Ask your administrator to set a new password and to let you in again.

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
mail-key-copied-subject = A key of yours at { $host } may have been copied
mail-key-copied-why = Somebody signed in, or tried to, at { $host } with a key of yours that counts its uses, and the count did not fit: { $label }
mail-key-copied-do = There may be a copy of it. Remove it under Passkeys in your account and add it anew.
