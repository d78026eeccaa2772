# Somebody guesses the codes of a second factor

mail-paused-subject = Ihr zweiter Schritt bei { $host } ist ausgesetzt
mail-paused-why = Jemand, der Ihr Passwort kennt, hat bei { $host } viele falsche Codes eingegeben.
mail-paused-done = Wir haben Ihren Authenticator ausgesetzt, damit das Raten nicht weitergeht.
mail-paused-do = Bitten Sie Ihre Administration, ein neues Passwort zu setzen und Sie wieder zuzulassen.

# What to do whose doing it was not

mail-not-you = Wenn Sie das nicht waren, melden Sie sich an, wählen Sie ein neues Passwort und prüfen Sie Ihre Sitzungen.

# An authenticator was added or removed, recovery codes were made

mail-factor-added-subject = Neuer Authenticator bei { $host }
mail-factor-added-why = Ihrem Konto bei { $host } wurde ein Authenticator hinzugefügt.
mail-factor-removed-subject = Authenticator bei { $host } entfernt
mail-factor-removed-why = Von Ihrem Konto bei { $host } wurde ein Authenticator entfernt, und Sie wurden überall sonst abgemeldet.
mail-codes-renewed-subject = Neue Wiederherstellungscodes bei { $host }
mail-codes-renewed-why = Für Ihr Konto bei { $host } wurden neue Wiederherstellungscodes erstellt. Die alten gelten nicht mehr.

# A session was reported as a stranger's

mail-disowned-subject = Eine fremde Person wurde bei { $host } abgemeldet
mail-disowned-why = Eine Sitzung Ihres Kontos bei { $host } wurde als fremd gemeldet.
mail-disowned-done = Wir haben sie und alle anderen beendet und zurückgenommen, was Apps darin erlaubt war.
mail-disowned-do = Wählen Sie jetzt ein neues Passwort: Jemand kennt möglicherweise das alte.

# The account is on its way out

mail-closing-subject = Ihr Konto bei { $host } wird gelöscht
mail-closing-why = Ihr Konto bei { $host } wird gelöscht, wie Sie es gewünscht haben.
mail-closing-do = Wenn Sie es sich anders überlegen oder das nicht waren, melden Sie sich an und behalten Sie es. Ist es einmal gelöscht, kann es niemand zurückholen.

# Passkeys and security keys

mail-key-added-subject = Ihrem Konto bei { $host } wurde ein Schlüssel hinzugefügt
mail-key-added-why = Ihrem Konto bei { $host } wurde ein Passkey oder Sicherheitsschlüssel hinzugefügt: { $label }
mail-key-added-do = Wenn Sie das nicht waren, entfernen Sie ihn in Ihrem Konto unter „Passkeys“, melden Sie sich überall ab und benachrichtigen Sie Ihre Administration.
mail-key-removed-subject = Von Ihrem Konto bei { $host } wurde ein Schlüssel entfernt
mail-key-removed-why = Von Ihrem Konto bei { $host } wurde ein Passkey oder Sicherheitsschlüssel entfernt: { $label }
mail-key-removed-do = Wenn Sie das nicht waren, ändern Sie Ihr Passwort und benachrichtigen Sie Ihre Administration.
mail-key-copied-subject = Ihr Schlüssel bei { $host } wurde möglicherweise kopiert
mail-key-copied-why = Jemand hat sich bei { $host } mit einem Ihrer Schlüssel angemeldet oder es versucht. Der Schlüssel zählt seine Verwendungen, und der Zähler passte nicht: { $label }
mail-key-copied-do = Möglicherweise gibt es eine Kopie davon. Entfernen Sie ihn in Ihrem Konto unter „Passkeys“ und fügen Sie ihn neu hinzu.
