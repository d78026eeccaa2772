# Making the first administrator

setup-page-title = Set up { $product }
setup-title = Make the first administrator
setup-intro = This page works once. Whoever finishes it runs this server.
setup-steps = Setup
setup-step-account = Account
setup-step-authenticator = Authenticator
setup-step-recovery = Recovery
setup-email = E-mail
setup-password-hint = At least 8 characters. A few unrelated words are easy to keep and hard to guess.
setup-name-wrong = That cannot be a user name. Use 1 to 128 characters without spaces.
setup-taken = Another account has this user name or e-mail address. Choose another.
setup-email-wrong = That is not an e-mail address. Write it as name@domain.
setup-used-page-title = Setup link
setup-used-title = This setup link does not work any more
setup-used-text = It was used, or its 15 minutes are over. If there is no administrator yet, run this command on the server for a new one:
setup-copy-command = Copy the command
