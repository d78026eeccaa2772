# Somebody guesses the codes of a second factor

mail-paused-subject = Your second step at { $host } is paused
mail-paused-why = Somebody who knows your password typed many wrong codes at { $host }.
mail-paused-done = We have paused your authenticator, so that the guessing cannot go on.
mail-paused-do = Ask your administrator to set a new password and to let you in again.
