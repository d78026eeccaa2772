# Making the first administrator

setup-page-title = { $product } einrichten
setup-title = Das erste Verwaltungskonto anlegen
setup-intro = Diese Seite funktioniert einmal. Wer sie abschließt, verwaltet diesen Server.
setup-steps = Einrichtung
setup-step-account = Konto
setup-step-authenticator = Authenticator
setup-step-recovery = Notfall
setup-email = E-Mail
setup-password-hint = Mindestens 8 Zeichen. Ein paar Wörter ohne Zusammenhang sind leicht zu merken und schwer zu erraten.
setup-name-wrong = Das kann kein Benutzername sein. Verwenden Sie 1 bis 128 Zeichen ohne Leerzeichen.
setup-taken = Ein anderes Konto hat diesen Benutzernamen oder diese E-Mail-Adresse. Wählen Sie etwas anderes.
setup-email-wrong = Das ist keine E-Mail-Adresse. Schreiben Sie sie als name@domain.
setup-used-page-title = Einrichtungslink
setup-used-title = Dieser Einrichtungslink funktioniert nicht mehr
setup-used-text = Er wurde verwendet, oder seine 15 Minuten sind vorbei. Wenn es noch kein Administrationskonto gibt, führen Sie auf dem Server diesen Befehl aus, um einen neuen zu erhalten:
setup-copy-command = Befehl kopieren
