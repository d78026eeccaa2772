# The sign-in page

sign-in = Anmelden
sign-in-to = Bei { $client } anmelden
user-name = Benutzername
password = Passwort
sign-in-no-match = Benutzername und Passwort passen nicht zusammen.
sign-in-confirm = Bestätigen Sie, dass Sie es sind, bevor Sie Ihr Konto ändern.
sign-in-wait =
    { $seconds ->
        [one] Zu viele Versuche. Warten Sie eine Sekunde oder verwenden Sie Ihren Passkey.
       *[other] Zu viele Versuche. Warten Sie { $seconds } Sekunden oder verwenden Sie Ihren Passkey.
    }
wait =
    { $seconds ->
        [one] Zu viele Versuche. Warten Sie eine Sekunde und versuchen Sie es dann erneut.
       *[other] Zu viele Versuche. Warten Sie { $seconds } Sekunden und versuchen Sie es dann erneut.
    }

# A code of the authenticator

code-title = Code eingeben
code-intro = Öffnen Sie Ihre Authenticator-App und geben Sie die sechs Ziffern ein, die sie für { $account } anzeigt.
code-label = Sechsstelliger Code
code-hint = Alle 30 Sekunden erscheint ein neuer Code.
code-wrong = Dieser Code ist falsch oder wurde bereits verwendet. Warten Sie auf den nächsten.
code-paused = Zu viele falsche Codes. Dieser zweite Schritt ist angehalten: Setzen Sie über den Link, den wir Ihnen geschickt haben, ein neues Passwort, dann geht es weiter.
code-start-over = Als andere Person anmelden

# A recovery code

recovery-page-title = Wiederherstellungscode
recovery-title = Wiederherstellungscode verwenden
recovery-intro = Geben Sie einen der Codes ein, die Sie beim Einrichten Ihres Authenticators aufbewahrt haben. Jeder gilt einmal.
recovery-left =
    { $count ->
        [0] Sie haben keinen mehr.
        [one] Sie haben noch einen.
       *[other] Sie haben noch { $count }.
    }
recovery-label = Wiederherstellungscode
recovery-hint = Großbuchstaben, Leerzeichen und Bindestriche spielen keine Rolle.
recovery-wrong = Dieser Code ist falsch oder wurde bereits verwendet. Versuchen Sie einen anderen.

# Enrolling an authenticator

enrol-title = Authenticator einrichten
enrol-why-account = Ihr Konto braucht einen zweiten Schritt.
enrol-why-administrator = Wer diesen Server verwaltet, meldet sich mit Passwort und einem zweiten Schritt an.
enrol-scan = Scannen Sie das Bild mit einer Authenticator-App wie Google Authenticator, 1Password oder Aegis.
enrol-picture = QR-Code für Ihre Authenticator-App
enrol-cannot-scan = Scannen geht nicht? Schlüssel eintippen
enrol-copy-key = Schlüssel kopieren
enrol-key-facts = Konto { $account }, zeitbasiert, sechs Ziffern.
enrol-code-label = Code aus der App
enrol-code-hint = Geben Sie die sechs Ziffern ein, die die App jetzt zeigt, damit sicher ist, dass es klappt.
enrol-confirm = Bestätigen
enrol-wrong = Dieser Code ist falsch. Prüfen Sie, ob die Uhr Ihres Geräts automatisch gestellt wird.

# The recovery codes, shown once

codes-page-title = Ihre Wiederherstellungscodes
codes-title = Bewahren Sie Ihre Wiederherstellungscodes auf
codes-intro = Wenn Sie Ihr Telefon verlieren, melden Sie sich mit einem dieser Codes an. Jeder gilt einmal. Sie werden nur jetzt angezeigt.
codes-download = Herunterladen
codes-file = wiederherstellungscodes.txt
codes-print = Drucken
codes-copy = Kopieren
codes-stored = Ich habe sie an einem sicheren Ort aufbewahrt

# Allowing an application

consent-page-title = { $client } zulassen?
consent-title = Darf { $client } Ihr Konto verwenden?
consent-account = Sie sind als { $account } angemeldet. Die Anwendung kann dann:
consent-sensitive = Überlegen Sie es sich gut: Das reicht weit.
consent-lasting = Der Zugriff bleibt auch nach Ihrer Abmeldung bestehen, bis er widerrufen wird.
consent-session = Der Zugriff endet, wenn Sie sich abmelden.
consent-no-host = eine App auf diesem Gerät
consent-links = Von { $client }:
allow = Zulassen
deny = Ablehnen
scope-openid = Wissen, wer Sie hier sind
scope-profile = Ihren Namen und Ihr Profil sehen
scope-email = Ihre E-Mail-Adresse sehen
scope-phone = Ihre Telefonnummer sehen
scope-address = Ihre Postanschrift sehen
scope-offline = Auch in Ihrer Abwesenheit Zugriff behalten

# Signing out

sign-out = Abmelden
sign-out-title = Abmelden?
sign-out-asked = { $client } möchte Sie abmelden.
sign-out-account = Sie sind als { $account } angemeldet.
sign-out-effect = Anwendungen, die diese Anmeldung nutzen, werden erneut fragen.
sign-out-stay = Angemeldet bleiben
signed-out-page-title = Abgemeldet
signed-out-title = Sie sind abgemeldet
signed-out-all = Anwendungen, die diese Anmeldung genutzt haben, werden Sie erneut fragen.
signed-out-client = { $client } und andere Anwendungen, die diese Anmeldung genutzt haben, werden Sie erneut fragen.
signed-out-shared = Schließen Sie an einem gemeinsam genutzten Computer auch den Browser.
still-page-title = Weiterhin angemeldet
still-title = Sie sind weiterhin angemeldet
still-text = Es hat sich nichts geändert. Sie können dort weitermachen, wo Sie waren.

# On the way back to an application

back-to = Zurück zu { $client }
back-by-hand = Wenn nichts geschieht, klicken Sie auf „Weiter“.

# Who is not let into the console

forbidden-page-title = Nur für die Administration
forbidden-title = Diese Seite ist der Administration vorbehalten
forbidden-text = Sie sind als { $account } angemeldet und verwalten diesen Server nicht. Bitten Sie die Administration um die Rolle oder melden Sie sich als andere Person an.

# An account on its way out

closed-title = Ihr Konto wird gelöscht
closed-text = Sie sind überall abgemeldet. Das Konto wird am { $date } gelöscht.
closed-do = Wenn Sie es sich vorher anders überlegen, melden Sie sich an und behalten Sie es.
closing-title = Möchten Sie Ihr Konto behalten?
closing-text = { $account } wird am { $date } gelöscht, wie Sie es gewünscht haben. Solange Sie es nicht behalten, funktioniert nichts anderes.
closing-keep-it = Konto behalten
closing-let-go = Löschen lassen und abmelden

one-moment = Einen Moment
one-moment-why = Ihr Browser zeigt, dass er den Schlüssel Ihrer Sitzung hat.
unbound-title = Ihre Sitzung muss an dieses Gerät gebunden sein
unbound-text = Sie sind als { $account } angemeldet. Sitzungen der Administration sind hier an einen Schlüssel ihres Geräts gebunden, und dieser Browser hat keinen angelegt.
unbound-mend = Chrome und Edge können das, auf einem Computer, dessen Hardware Schlüssel verwahrt. Melden Sie sich ab, und melden Sie sich mit einem solchen Browser neu an.
unbound-wait = Ihre Sitzung wird an dieses Gerät gebunden.
