# Somebody guesses the codes of a second factor

mail-paused-subject = Ihr zweiter Schritt bei { $host } ist ausgesetzt
mail-paused-why = Jemand, der Ihr Passwort kennt, hat bei { $host } viele falsche Codes eingegeben.
mail-paused-done = Wir haben die Codes angehalten, damit das Raten nicht weitergeht.
mail-paused-do = Setzen Sie ein neues Passwort, um fortzufahren. Die Seite gilt einmal, 15 Minuten lang; später können Sie bei der Anmeldung eine neue anfordern.

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
mail-device-removed-subject = Von Ihrem Konto bei { $host } wurde ein Gerät entfernt
mail-device-removed-why = Von Ihrem Konto bei { $host } wurde ein Gerät entfernt, mit allem, was daran gebunden war: { $label }
mail-device-removed-do = Wenn Sie das nicht waren, ändern Sie Ihr Passwort und benachrichtigen Sie Ihre Administration.
mail-key-copied-subject = Ihr Schlüssel bei { $host } wurde möglicherweise kopiert
mail-key-copied-why = Jemand hat sich bei { $host } mit einem Ihrer Schlüssel angemeldet oder es versucht. Der Schlüssel zählt seine Verwendungen, und der Zähler passte nicht: { $label }
mail-key-copied-do = Möglicherweise gibt es eine Kopie davon. Entfernen Sie ihn in Ihrem Konto unter „Passkeys“ und fügen Sie ihn neu hinzu.
mail-cookies-copied-subject = Jemand hatte eine Kopie Ihrer Anmeldung bei { $host }
mail-cookies-copied-why = Jemand hat die Cookies eines Browsers benutzt, in dem Sie bei { $host } angemeldet waren, ohne den Schlüssel, den dieses Gerät verwahrt. Erreicht wurde damit nichts: Der Browser ist abgemeldet, ebenso die Anwendungen, die Sie darin zugelassen haben.
mail-cookies-copied-do = Wenn Sie davon nichts wissen, liest vielleicht ein Programm auf Ihrem Gerät mit, was Ihre Browser aufbewahren. Lassen Sie es prüfen, und ändern Sie Ihr Passwort von einem anderen Gerät aus.

# In every letter

mail-was-not-you = Waren das nicht Sie?
mail-by-hand = Oder kopieren Sie diese Adresse in Ihren Browser:
mail-why-account = Sie erhalten diese E-Mail wegen Ihres Kontos bei { $host }.
mail-why-safety = Sie erhalten diese E-Mail, weil es um die Sicherheit Ihres Kontos bei { $host } geht.

# Links that were asked for

mail-reset-subject = Neues Passwort für { $host } setzen
mail-reset-do = Öffnen Sie die Seite unten und wählen Sie ein neues Passwort. Sie gilt einmal, 15 Minuten lang.
mail-reset-factor = Ihr zweiter Schritt bleibt, wie er ist: Sie werden bei der Anmeldung danach gefragt.
mail-reset-button = Neues Passwort setzen
mail-reset-why = Sie erhalten diese E-Mail, weil jemand sie bei { $host } angefordert hat. Wenn Sie es nicht waren, lassen Sie sie liegen: Nichts hat sich geändert.
mail-unlock-subject = Trotzdem bei { $host } anmelden
mail-unlock-what = Jemand hat viele falsche Passwörter für Ihr Konto probiert, deshalb müssen Browser warten, die wir nicht kennen. Browser, in denen Sie schon angemeldet waren, betrifft das nicht.
mail-unlock-do = Um sich in einem neuen anzumelden, öffnen Sie die Seite unten darin. Sie gilt einmal, 15 Minuten lang.
mail-unlock-button = Diesen Browser freigeben
mail-verify-subject = Bestätigen Sie Ihre E-Mail-Adresse für { $host }
mail-verify-do = Öffnen Sie die Seite unten, um zu bestätigen, dass diese Adresse Ihnen gehört. Sie gilt 24 Stunden.
mail-verify-button = Adresse bestätigen
mail-verify-why = Sie erhalten diese E-Mail, weil ein Konto bei { $host } diese Adresse hat. Wenn es nicht Ihres ist, lassen Sie sie liegen.
mail-address-subject = Bestätigen Sie Ihre neue E-Mail-Adresse für { $host }
mail-address-do = Öffnen Sie die Seite unten, um diese Adresse ab jetzt zu verwenden. Sie gilt 24 Stunden.
mail-address-button = Diese Adresse verwenden
mail-address-why = Sie erhalten diese E-Mail, weil jemand diese Adresse bei { $host } als seine neue angegeben hat. Wenn Sie es nicht waren, lassen Sie sie liegen.

# New people

mail-signup-subject = Schließen Sie die Registrierung bei { $host } ab
mail-signup-do = Öffnen Sie die Seite unten, um Benutzernamen und Passwort zu wählen. Sie gilt 24 Stunden.
mail-signup-button = Registrierung abschließen
mail-signup-why = Sie erhalten diese E-Mail, weil sich jemand mit dieser Adresse bei { $host } registriert hat. Wenn Sie es nicht waren, lassen Sie sie liegen: Es wird kein Konto angelegt.
mail-known-subject = Sie haben schon ein Konto bei { $host }
mail-known-what = Jemand hat sich mit dieser Adresse registriert, aber sie hat schon ein Konto. Melden Sie sich mit Ihrem Benutzernamen oder dieser Adresse an.
mail-known-do = Wenn Sie Ihr Passwort nicht mehr wissen, können Sie auf jener Seite ein neues setzen.
mail-known-button = Anmelden
mail-known-why = Sie erhalten diese E-Mail, weil sich jemand mit dieser Adresse bei { $host } registriert hat.
mail-invite-subject = Sie sind zu { $host } eingeladen
mail-invite-do = Ein Administrator hat Ihnen einen Platz eingerichtet. Öffnen Sie die Seite unten, um Ihr Konto einzurichten. Sie gilt 7 Tage.
mail-invite-button = Konto einrichten
mail-invite-why = Sie erhalten diese E-Mail, weil ein Administrator von { $host } Ihre Adresse angegeben hat.

# What happened to an account

mail-password-subject = Ihr Passwort bei { $host } wurde geändert
mail-password-what = Ihr Passwort wurde am { $when } geändert.
mail-asked-subject = Bei { $host } wurde eine neue E-Mail-Adresse beantragt
mail-asked-what = Am { $when } hat jemand, der in Ihrem Konto angemeldet ist, eine andere E-Mail-Adresse dafür beantragt. Sie bleibt, wie sie ist, bis die E-Mail an die neue Adresse geöffnet wird.
mail-moved-subject = Ihre E-Mail-Adresse bei { $host } wurde geändert
mail-moved-what = Ihre E-Mail-Adresse wurde am { $when } geändert.
mail-device-subject = Ihr Konto bei { $host } wurde in einem neuen Browser benutzt
mail-device-what = { $label }, von { $from }, am { $when }.
mail-device-do = Wenn Sie das waren, ist nichts zu tun.
