# Signing up

signup-title = Sign up
signup-intro = Type your e-mail address. We send a link to it, with which you set up your account.
signup-intro-invited = You need an invitation. If you have one and cannot find the mail, type your address and we send it again.
signup-sent = A mail is on its way to the address that you typed. Open the link in it to go on.

# Making the account

join-title = Set up your account
join-intro = Mail goes to { $email }.
join-hint = At least 15 characters. A few unrelated words are easy to keep and hard to guess.
join-other-address = That is another e-mail address. Use your own, or a name without @.
join-terms = I accept the terms of service
join-terms-missing = Tick the box to go on.
join-submit = Make the account
join-done-title = Your account is ready
join-done-text = Go back to the application that you came from, or sign in here.
