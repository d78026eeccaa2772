# Why more is asked of somebody who is signed in

mfa-more = { $client } verlangt eine stärkere Anmeldung.
mfa-more-api = { $client } verlangt eine stärkere Anmeldung, um { $apis } zu nutzen.
mfa-step = Für { $client } ist ein zweiter Schritt nötig.
mfa-step-api = Für { $client } ist ein zweiter Schritt nötig, um { $apis } zu nutzen.
mfa-recent = { $client } verlangt eine frische Anmeldung.
mfa-recent-api = { $client } verlangt eine frische Anmeldung, um { $apis } zu nutzen.
mfa-choose = Wählen Sie das Konto für { $client }.
mfa-other = { $client } erwartet ein anderes Konto.
mfa-again = Melden Sie sich erneut an, um fortzufahren.

# The ways to take the second step

mfa-way-mail = Code per E-Mail erhalten
mfa-way-key-hint = Ihr Fingerabdruck, Gesicht oder Ihre PIN, oder eine Berührung
mfa-way-app-hint = Sechs Ziffern aus der App
mfa-way-mail-hint = Acht Ziffern, an Ihre Adresse gesendet

# A code by mail

mfa-mail-intro = Wir senden acht Ziffern an { $address }. Sie gelten einmal, hier, zehn Minuten lang.
mfa-mail-sent = Wir haben acht Ziffern an { $address } gesendet. Sie gelten zehn Minuten lang.
mfa-mail-send = Code senden
mfa-mail-again = Neuen Code senden
mfa-mail-label = Achtstelliger Code
mfa-mail-hint = Aus der neuesten E-Mail: ein älterer Code gilt nicht mehr.
mfa-mail-wrong = Dieser Code ist nicht richtig oder abgelaufen. Suchen Sie die neueste E-Mail, oder senden Sie einen neuen Code.
mail-code-subject = Ihr Anmeldecode für { $host }
mail-code-why = Ihr Code für die Anmeldung bei { $host }:
mail-code-digits = { $label }
mail-code-how = Er gilt einmal, zehn Minuten lang, auf der Seite, die danach gefragt hat. Geben Sie ihn niemandem: niemand von { $host } wird Sie danach fragen.
mail-code-not-you = Sie haben sich nicht angemeldet? Dann kennt jemand Ihr Passwort: ändern Sie es.

# A browser that is trusted

mfa-trust =
    { $days ->
        [one] Auf diesem Gerät einen Tag lang nicht mehr fragen
       *[other] Auf diesem Gerät { $days } Tage lang nicht mehr fragen
    }
mfa-trust-hint = Nur auf einem Gerät, das Ihnen allein gehört.

# An enrolment that is put off

mfa-later = Nicht jetzt
mfa-later-until = Sie können dies bis { $date } aufschieben. Danach können Sie sich ohne nicht mehr anmelden.
