# Somebody guesses the codes of a second factor

mail-paused-subject = Ihr zweiter Schritt bei { $host } ist ausgesetzt
mail-paused-why = Jemand, der Ihr Passwort kennt, hat bei { $host } viele falsche Codes eingegeben.
mail-paused-done = Wir haben Ihren Authenticator ausgesetzt, damit das Raten nicht weitergeht.
mail-paused-do = Bitten Sie Ihre Administration, ein neues Passwort zu setzen und Sie wieder zuzulassen.
