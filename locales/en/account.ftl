# Around every page of the account

account-title = My account
account-console = Console
account-overview = Overview
account-profile = Profile
account-security = Security
account-sessions = Devices and sessions
account-apps = Connected apps
account-activity = Activity
account-privacy = Privacy
account-cancel = Cancel
account-save = Save
account-edit = Edit
account-add = Add
account-manage = Manage
account-rename = Rename
account-rename-this = Rename { $label }
account-remove = Remove
account-remove-this = Remove { $label }
account-name = Name
account-pages = Pages
account-pages-first = Back to the beginning
account-pages-next = Next page

# When: each stands before or in place of an instant

account-just-now = just now
account-minutes-ago =
    { $count ->
        [one] 1 minute ago
       *[other] { $count } minutes ago
    }
account-hours-ago =
    { $count ->
        [one] 1 hour ago
       *[other] { $count } hours ago
    }
account-days-ago =
    { $count ->
        [one] 1 day ago
       *[other] { $count } days ago
    }
account-hours =
    { $count ->
        [one] 1 hour
       *[other] { $count } hours
    }
account-days =
    { $count ->
        [one] 1 day
       *[other] { $count } days
    }
account-since = since
account-added = added
account-last-used = last used
account-never-used = never used

# Browsers by themselves and in the middle of a sentence

account-browser = { $browser } on { $system }
account-browser-on = A browser on { $system }
account-browser-on-within = a browser on { $system }
account-browser-unknown = An unknown browser
account-browser-unknown-within = an unknown browser

# Said after a change

account-done-profile = Your profile was saved.
account-done-added = Your authenticator was added.
account-done-key-added = Your key was added.
account-done-renamed = The new name was saved.
account-done-removed = It was removed. You were signed out everywhere else.
account-done-codes = Your new recovery codes are in force. The old ones do not work any more.
account-done-session = That session has ended.
account-done-sessions = You are signed out everywhere else.
account-done-disowned = That session, all others and their apps are signed out.
account-done-device-removed = That device is removed, with all that was bound to it.
account-done-app = The app has no access any more.
account-done-kept = Your account stays.
account-done-password = Your password was changed. You were signed out everywhere else.

# Why a change was not made

account-problem-ten = You have ten authenticators; remove one first.
account-problem-needed = Your account must have a second step; add another one, then remove this.
account-problem-needed-device = Your account must have a second step, and the only one was made on this device; add another one, then remove this.
account-problem-codes = Recovery codes stand in for a second factor; add one first.
account-problem-confirm = It is not your user name; type it as shown.
account-problem-last = You are the last administrator; make another one first.
account-problem-this-session = This is the session that you sit in.
account-problem-label = It is too long or not text; use up to 64 characters.
account-problem-label-empty = It is empty; give it a name that you know it by.
account-problem-long = It is too long; use at most 128 characters.
account-problem-invisible = It holds characters that nobody can see; type it again.
account-problem-language = Choose one of the languages offered.
account-problem-zone = Write the time zone as Europe/Berlin, Asia/Tokyo or UTC.
account-problem-phone = Write the phone number with its country, such as +49 30 1234567.

# The overview

account-unconfirmed = Not confirmed
account-safe = Your account is well protected
account-safe-how = There is nothing to do. Look in from time to time to see where you are signed in.
account-safer =
    { $count ->
        [one] One thing would make your account safer
       *[other] { $count } things would make your account safer
    }
account-made = Your account was made
account-sign-in-as = You sign in as { $account }
account-advice-passkey = Add a passkey
account-advice-passkey-why = You sign in with your fingerprint, your face or the PIN of your device, and nobody can trick you into giving it away.
account-advice-second = Add a second step
account-advice-second-why = A password alone can be stolen. An authenticator app on your phone stops whoever has it.
account-advice-second-link = Add an authenticator
account-advice-codes = Make recovery codes
account-advice-codes-why = You have none left. Without them a lost phone means a lost account.
account-advice-few = Renew your recovery codes
account-advice-few-why = Only a few are left. New ones replace them all.
account-advice-email = Confirm your e-mail address
account-advice-email-why = We have not checked that the address is yours, so we cannot help you by mail.
account-advice-email-link = See your profile

# The profile

account-profile-lead = What apps are told about you when you let them see your profile.
account-profile-about = About you
account-profile-sign-in = Signing in
account-profile-others = Set by your organisation
account-profile-others-hint = Only an administrator can change these.
account-profile-edit = Edit your profile
account-profile-optional = Everything here is optional.
account-not-set = Not set
account-no-email = None
account-confirmed = Confirmed
account-email = E-mail
account-given-name = First name
account-family-name = Last name
account-nickname = Nickname
account-phone = Phone
account-phone-hint = With the country, such as +49 30 1234567.
account-language = Language
account-language-none = As my browser says
account-zone = Time zone
account-zone-hint = Such as Europe/Berlin or Asia/Tokyo.

# Security

account-security-lead = What you sign in with. Every change asks again that it is you.
account-password-due = Choose a new password.
account-password-due-why = Somebody may know the one that you have.
account-password-none = You have none: you sign in without one.
account-password-changed = Changed
account-password-unchanged = It was never changed.
account-keys = Passkeys and security keys
account-keys-none = None yet. A passkey signs you in with your fingerprint, your face or the PIN of your device.
account-keys-some =
    { $count ->
        [one] You have one.
       *[other] You have { $count }.
    }
account-authenticators = Authenticator apps
account-authenticators-none = None yet. An app on your phone shows six digits that you type after your password.
account-authenticator-unnamed = Authenticator app
account-codes = Recovery codes
account-codes-renew = Make new ones
account-codes-left =
    { $count ->
        [0] You have none left. Without them a lost phone means a lost account.
        [one] One is left. Make new ones soon.
       *[other] { $count } are left. Each signs you in once when your other ways are lost.
    }

# Authenticators

account-authenticator-new = Add an authenticator
account-authenticator-scan = Scan the picture with an authenticator app on your phone, then type the six digits that it shows.
account-authenticator-name-hint = So that you know it again, such as “Work phone”. It may stay empty.
account-authenticator-code-hint = It proves that the app works. A new one appears every 30 seconds.
account-authenticator-rename = Rename an authenticator
account-rename-hint = Up to 64 characters.
account-remove-title = Remove { $label }?
account-remove-elsewhere = You are signed out everywhere else, and apps that were connected there.
account-authenticator-remove-effect = Its codes do not work any more.

# Passkeys and security keys

account-keys-lead = Keys that work at this address only, so that nobody can trick you into giving them away.
account-keys-own = Your keys
account-keys-impossible = This server has an address at which browsers know no keys.
account-key-synced = Passkey, synced between your devices
account-key-here = Passkey, on this one device
account-key-touched = Security key, for the second step
account-key-new = Add a passkey
account-key-new-lead = Your browser will ask where to keep it and how you unlock it. From then on your password alone opens nothing.
account-key-new-touched = Add a security key
account-key-new-touched-lead = Have the key at hand. You will touch it after your password.
account-key-new-second = Add a security key for the second step
account-key-name-hint = What you will know it by, such as “Phone” or “Blue key”. Left empty, it is called after this browser.
account-key-create = Create the passkey
account-key-create-touched = Add the key
account-key-scripts = Keys need a browser that runs scripts. Turn them on for this page and load it again.
account-key-rename = Rename a key
account-key-remove-effect = It signs you in no more.
account-key-remove-device = Your device or password manager may still offer it; delete it there too.

# Recovery codes

account-codes-ask = Make new recovery codes?
account-codes-ask-ten = You get ten codes, each for one sign-in when your other ways are lost.
account-codes-ask-left =
    { $count ->
        [0] You have none left now.
        [one] The one that you have left stops working.
       *[other] The { $count } that you have left stop working.
    }
account-codes-ask-once = They are shown once: have a printer or a password manager at hand.
account-codes-submit = Make new codes
account-codes-lead = If your other ways to sign in are lost, one of these codes lets you in. Each works once. They are shown only now.
account-codes-whose = Recovery codes of { $account } at { $host }
account-codes-stored = I have stored them

# Sessions and browsers

account-sessions-lead = Where you are signed in. If you do not know one of these, say so.
account-sessions-here = Signed in
account-this-one = This one
account-session-pending = Not finished
account-session-from = From
account-session-seen = last active
account-session-began = Since
account-session-by = by { $factors }
account-session-end-this = Sign out { $device }
account-session-disown = This was not me
account-session-disown-this = { $device }: this was not me
account-session-end-title = Sign out of { $device }?
account-session-end-effect = That browser is signed out at once, and so are the apps that were connected in it.
account-disown-title = This was not you?
account-disown-effect-device = You say that you did not sign in with { $device }.
account-disown-effect-others = That session ends at once, and so do all others but the one you sit in.
account-disown-effect-apps = Apps that were connected anywhere else lose their access.
account-disown-effect-browsers = Every other browser counts as a new one at its next sign-in.
account-disown-effect-added = Keys, authenticators and recovery codes that were added since that sign-in are removed, also your own.
account-disown-effect-password = Next, choose a new password: somebody may know yours.
account-others-end = Sign out everywhere else
account-others-title = Sign out everywhere else?
account-others-effect = You stay signed in here. Every other browser is signed out at once, and so are the apps that were connected in them.
account-devices = Devices
account-devices-none = None. A device is remembered when you sign in with it.
account-devices-why = You signed in with these before, so you are not warned about them and wrong passwords typed elsewhere cannot lock you out of them. Remove one that you lost or do not use: all that is bound to it ends at once.
account-device-signed-in = Signed in
account-session-bound = Bound to this device
account-device-apps = Apps allowed here:
account-device-app-bound = Bound to its key
account-device-keys = Passkeys made here:
account-browser-first = First
account-browser-last = last
account-device-remove = Remove
account-device-remove-named = Remove { $device }
account-device-remove-title = Remove { $device }?
account-device-remove-this = This is the device that you use now: you are signed out.
account-device-remove-sessions = It is signed out at once.
account-device-remove-apps = What you allowed there ends, also where it works without you: { $names }.
account-device-remove-keys = The passkeys made there open your account no more, wherever else they were copied to: { $names }.
account-device-remove-others = You are signed out on all other devices too: somebody may have used those passkeys elsewhere.
account-device-remove-known = It counts as a new device at its next sign-in, and asks for the second step again.
account-factor-password = password
account-factor-authenticator = authenticator
account-factor-recovery = recovery code
account-factor-mailed = mailed code
account-factor-security-key = security key
account-factor-passkey = passkey
account-factor-hardware-key = hardware key

# Connected apps

account-apps-lead = What you signed in to with this account, and what each may do.
account-apps-none = No apps yet
account-apps-none-text = When you sign in to an app with this account, it stands here, and you can take its access away again.
account-app-remove = Remove access
account-app-remove-this = Remove access of { $app }
account-app-remove-title = Remove the access of { $app }?
account-app-remove-now = It cannot act in your name any more, from this moment on.
account-app-remove-data = What it has stored about you stays with it; ask its makers to delete that.
account-app-remove-again = It asks you again the next time that you sign in to it.

# Activity

account-activity-lead = What happened with your account, newest first.
account-activity-none = Nothing here
account-activity-none-text = Sign-ins and changes of your account stand here.
account-activity-events = Events
account-event-app = An app
account-event-signed-in = You signed in
account-event-wrong-code = Somebody with your password typed a wrong code
account-event-wrong-key = A key of yours was not accepted
account-event-wrong-password = Somebody typed a wrong password for your account
account-event-signed-out = You signed out
account-event-app-signed-in = You signed in to { $app }
account-event-app-robbed = { $app } was signed out: somebody else may have had its access
account-event-app-gave-back = { $app } gave its access back
account-event-app-removed = You removed the access of { $app }
account-event-profile = You changed your profile
account-event-session-ended = You ended a session
account-event-session-ended-by-others = An administrator ended one of your sessions
account-event-disowned = You said that a session was not yours
account-event-others-ended = You signed out everywhere else
account-event-all-ended = An administrator ended all your sessions
account-event-forgotten = You had a browser forgotten
account-event-key-added = You added a passkey or security key
account-event-key-refused = A key that you wanted to add was not accepted
account-event-key-renamed = You renamed a key
account-event-key-removed = You removed a passkey or security key
account-event-key-copied = A key of yours may have been copied
account-event-cookies-copied = Somebody used your sign-in without the key of its device
account-event-factor-removed-by-others = An administrator removed a factor of yours
account-event-authenticator-added = You added an authenticator
account-event-authenticator-renamed = You renamed an authenticator
account-event-authenticator-removed = You removed an authenticator
account-event-codes = You made new recovery codes
account-event-export = You downloaded your data
account-event-closing = You asked for your account to be deleted
account-event-kept = You kept your account
account-event-made = Your account was made
account-event-changed-by-others = An administrator changed your account
account-event-password-by-others = An administrator set your password
account-event-authenticator-by-others = An administrator set your authenticator
account-event-disabled = An administrator disabled your account
account-event-enabled = An administrator enabled your account
account-event-refused = Something was refused
account-event-other = Something else happened: { $event }

# Privacy

account-export = Download your data
account-export-text = All that is stored about you here, in one file that programs can read: profile, devices, apps, activity. No password and no key is in it.
account-export-file = The file { $file } holds your profile, what you sign in with (but no secrets), sessions, devices, apps and activity. Keep it where only you can read it.
account-delete = Delete your account
account-delete-text = You are signed out everywhere at once. For { $grace } you can sign in and change your mind; then the account is erased.
account-delete-title = Delete your account?
account-delete-now = You are signed out everywhere at once, and every app loses its access.
account-delete-grace = For { $grace } you can sign in and keep the account. Nothing else works until then.
account-delete-erased = After that everything about you here is erased, and nobody can bring it back.
account-delete-log = The security log keeps what was done, under a number that does not tell who you were.
account-delete-confirm = Type your user name, { $account }, to go on
account-delete-submit = Delete my account

# Password, address and trusted browsers

account-done-email-sent = A link is on its way to the new address. It is yours once you open it.
account-done-email-proof = A link is on its way to your address. Open it to confirm that it is yours.
account-done-email-same = That is your address already, and it is confirmed.
account-done-password-only = Your password was changed.
account-email-add = Add an e-mail address
account-email-change = Change e-mail address
account-email-confirm = Confirm e-mail address
account-email-title = Your e-mail address
account-email-hint-new = We send a link to this address. It is yours once you open the link; until then nothing changes.
account-email-hint-proof = We send a link to this address. Your present one is not confirmed yet: send it as it is to confirm it.
account-email-submit = Send the link
account-change = Change
account-set-one = Set one
account-password-now = Change it now
account-password-title = Change your password
account-password-current = Current password
account-password-wrong = That is not your current password.
account-password-new = New password
account-password-hint = At least { $count } characters. A few unrelated words are easy to keep and hard to guess.
account-password-others = Sign out everywhere else
account-password-others-hint = Other browsers, and the apps that were allowed in them. Leave it ticked if somebody may know the old password.
account-password-submit = Change the password
account-problem-address = It is not an e-mail address; write it as name@domain.
account-problem-no-address = It is empty; give an address.
account-problem-mails = Three mails were sent within the hour; try again later.
account-event-password-changed = You changed your password
account-event-password-reset = Your password was set by a link in a mail
account-event-email-changed = Your e-mail address was changed
account-event-email-verified = You confirmed your e-mail address
account-event-link-sent = A link was sent to you by mail
account-event-code-sent = A code was sent to you by mail
account-event-unlocked = You let a browser in by a link in a mail
account-event-account-disowned = You said that a change was not yours
account-event-trusted = You trusted a browser
account-event-put-off = You put off setting up a second step
account-browser-trusted = Asks for no second step until { $date }. Remove it to end that.
