# Where strangers tried too often

sign-in-paused = Too many tries. Use a browser in which you signed in before, or let us send you a link that lets this one in.
unlock-link = Send me a link that lets this browser in

# Asking for a mail

ask-login = User name or e-mail address
ask-login-missing = Type your user name or e-mail address.
ask-send = Send the link
ask-back = Back to sign in
forgot-title = Forgot your password?
forgot-intro = Type your user name or e-mail address. We send a link to the account’s address; with it you choose a new password.
unlock-title = Sign in all the same
unlock-intro = After many wrong passwords, browsers that we do not know have to wait. Type your user name or e-mail address, and we send a link that lets this browser in.
sent-title = Look into your mail
sent-text = If there is such an account, a mail is on its way to its address. The link in it works once, within 15 minutes.
sent-nothing = Nothing there? Look into the spam folder, or check what you typed. We send three mails an hour at most.

# A link that opens nothing

link-dead-title = This link does not work any more
link-dead-text = It was used, its time is over, or a newer one took its place. Always use the newest mail.
link-ask-new = Ask for a new link

# A new password

reset-title = Set a new password
reset-intro = For { $account }. Every browser and app that is signed in now will be signed out.
reset-label = New password
reset-hint = A few unrelated words are easy to keep and hard to guess: 15 characters or more, 8 with a second step.
reset-submit = Set the password
reset-done-title = Your password is changed
reset-done-text = Every browser and app that was signed in has been signed out. Sign in with the new password; your second step is the one you had.
weakness-published = This password was published in a data breach, so attackers try it. Choose one that you have never used.
weakness-same = This is the password that you have. Choose another one.

# A password that others may know, at the sign-in

renew-title = Choose a new password
renew-intro = For { $account }. Somebody may know the password that you have, so it opens nothing until you have chosen another. Every other browser and app is signed out then.
renew-mail-intro = Somebody may know the password of { $account }, so it opens nothing any more. We send a link to the account’s e-mail address; with it you choose a new one.

# Pages with one button

open-verify-title = Confirm your e-mail address?
open-verify-text = Press the button to confirm that this address is yours.
open-verify-submit = Confirm
open-verify-done = Your e-mail address is confirmed
open-verify-then = There is nothing more to do.
open-address-title = Use this e-mail address?
open-address-text = From now on mail for the account { $account } goes here, and one can sign in to it with this address. Go on only if that account is yours.
open-address-submit = Use this address
open-address-done = Your e-mail address is changed
open-address-then = We have told the address that you had before.
open-unlock-title = Let this browser in?
open-unlock-text = Then you can sign in here, whatever strangers type elsewhere. Go on only in a browser of your own.
open-unlock-submit = Let this browser in
open-unlock-done = This browser may sign in
open-unlock-then = Sign in with your password as ever.
open-disown-title = Was this not you?
open-disown-text = Then we sign out every browser and every app at once, take the password away with every key, authenticator and recovery code that was added since, and send you a mail to set a new one.
open-disown-submit = It was not me: sign out everything
open-disown-done = Everything is signed out
open-disown-then = Your password is good no more. A mail to set a new one is on its way to you.
